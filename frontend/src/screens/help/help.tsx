/** How papertree works, what its words mean, its keys, and how to look at it. */
import {
  Anchor,
  Button,
  Group,
  SegmentedControl,
  Stack,
  Text,
  Title,
  useMantineColorScheme,
} from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { ShortcutList } from "../../parts/help/shortcut-list";
import { reopenHints } from "../../parts/hints/hints";
import { useTitle } from "../../parts/use-title";
import classes from "./help.module.css";

const STEPS = [
  ["Bring papers in.", "Make a corpus and drop the files that your reference manager or database exports."],
  [
    "Find the topics.",
    "papertree arranges the papers and names the topics. Nothing leaves this machine unless you have set up a language model.",
  ],
  [
    "Look and correct.",
    "Each paper says why it stands where it does. Rename, move, merge and split topics; put papers elsewhere. Every change shows its effect first and can be undone.",
  ],
  [
    "Go on.",
    "Bring more papers in whenever you like and find the topics anew: what you corrected is obeyed, and what you locked never moves.",
  ],
] as const;

const WORDS = [
  ["Corpus", "Papers that are arranged together."],
  ["Topic", "One place of the tree, with its papers and a name."],
  ["Unassigned", "Papers that fit no topic well. They are listed, never hidden."],
  ["Second home", "A further topic of a paper, besides the one it is counted in."],
  ["Locked", "A topic or paper that no build and no other change moves."],
  ["Confidence", "The chance that another build would put the paper in the same topic."],
  ["Version", "The hierarchy after one step of its history. Any two can be compared."],
] as const;

export function Help() {
  useTitle("Help");
  return (
    <div className={classes.page}>
      <Stack gap="xl">
        <Title order={1}>Help</Title>
        <section>
          <Title order={2}>How it goes</Title>
          <ol className={classes.steps}>
            {STEPS.map(([act, what]) => (
              <li key={act}>
                <b>{act}</b> {what}
              </li>
            ))}
          </ol>
          <Anchor component={Link} to="/" underline="always">
            Go to your corpora
          </Anchor>
        </section>
        <section>
          <Title order={2}>What the words mean</Title>
          <dl className={classes.words}>
            {WORDS.map(([word, meaning]) => (
              <div key={word}>
                <dt>{word}</dt>
                <dd>{meaning}</dd>
              </div>
            ))}
          </dl>
        </section>
        <section>
          <Title order={2} mb="xs">
            Keys
          </Title>
          <ShortcutList />
        </section>
        <Looks />
        <section>
          <Title order={2}>From a program</Title>
          <Text>
            Everything here can be done by the API as well: see <a href="/docs">its description</a>, which
            works offline. Many buttons have a “Show as API call” beside them, with the request in curl and
            Python.
          </Text>
        </section>
      </Stack>
    </div>
  );
}

function Looks() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [isReopened, setReopened] = useState(false);
  const reopen = () => {
    reopenHints();
    setReopened(true);
  };
  return (
    <section>
      <Title order={2} mb="xs">
        How it looks
      </Title>
      <Group>
        <SegmentedControl
          aria-label="Colours"
          value={colorScheme}
          onChange={(value) => setColorScheme(value as "auto" | "light" | "dark")}
          data={[
            { value: "auto", label: "As the system" },
            { value: "light", label: "Light" },
            { value: "dark", label: "Dark" },
          ]}
        />
        <Button variant="default" onClick={reopen} disabled={isReopened}>
          {isReopened ? "The hints are back" : "Show the hints again"}
        </Button>
      </Group>
    </section>
  );
}
