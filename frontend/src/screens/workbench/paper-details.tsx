/** All that is known of a paper, and why it stands where it stands. */
import { ActionIcon, Anchor, Badge, Button, Group, Loader, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import type { Schemas } from "../../api/client";
import { paperQuery } from "../../api/queries";
import { ProblemView } from "../../app/problem-view";
import { useCorrect } from "../../parts/correct/dialogs";
import type { Hierarchy } from "../../parts/edits/edit";
import { Icon } from "../../parts/icons";
import { percent } from "../../parts/numbers";
import { Highlighted } from "../../parts/papers/highlighted";
import { readable } from "../../parts/papers/latex";
import type { TreeIndex } from "../../parts/tree/tree-index";
import classes from "./details.module.css";
import { PaperHistory } from "./paper-history";
import type { Pane } from "./panes";
import { useView } from "./use-view";
import { WhyHere } from "./why-here";

interface Props {
  paperId: string;
  hierarchy: Hierarchy;
  index: TreeIndex;
  words?: string;
  show: (pane: Pane) => void;
}

export function PaperDetails({ paperId, hierarchy, index, words, show }: Props) {
  const query = useQuery(paperQuery(paperId));
  const paper = query.data;
  const [, change] = useView();
  if (!paper) {
    return query.error ? (
      <ProblemView error={query.error} retry={() => void query.refetch()} />
    ) : (
      <Loader size="sm" aria-label="Reading the paper" />
    );
  }
  const homes = (paper.homes ?? []).filter((home) => home.hierarchy_id === hierarchy.id);
  return (
    <Stack gap="md">
      <Group justify="space-between" wrap="nowrap" align="start">
        <Title order={2} size="h4" dir="auto" style={{ overflowWrap: "anywhere" }}>
          <Highlighted text={readable(paper.title)} words={words} />
        </Title>
        <ActionIcon
          variant="subtle"
          color="gray"
          c="inherit"
          aria-label="Close the paper"
          onClick={() => {
            change({ paper: undefined });
            show("papers");
          }}
        >
          <Icon name="close" />
        </ActionIcon>
      </Group>
      <div>
        <Text size="sm" dir="auto">
          {tellAuthors(paper.authors)}
        </Text>
        <Text size="sm" c="dimmed" dir="auto">
          {[paper.year, paper.venue].filter(Boolean).join(" · ")}
        </Text>
        <Links paper={paper} />
      </div>
      <PaperButtons paper={paper} homes={homes} />
      <section>
        <Title order={3} size="h5">
          Abstract
        </Title>
        {paper.abstract ? (
          <p className={classes.abstract} dir="auto">
            <Highlighted text={readable(paper.abstract)} words={words} />
          </p>
        ) : (
          <Text size="sm" c="dimmed">
            The source gave none. The paper was placed by its title.
          </Text>
        )}
      </section>
      <WhyHere paper={paper} hierarchy={hierarchy} home={homes.find((one) => one.home === "first")} />
      <Homes homes={homes} index={index} />
      <PaperHistory hierarchyId={hierarchy.id} paperId={paper.id} />
    </Stack>
  );
}

function tellAuthors(authors: readonly string[]): string {
  const shown = authors.slice(0, 8).join("; ");
  return authors.length > 8 ? `${shown}; and ${authors.length - 8} more` : shown || "No authors given";
}

/** Where to read the paper itself. The addresses are made here, so that none of an import can be a script. */
function Links({ paper }: { paper: Schemas["PaperOut"] }) {
  const links = [
    paper.doi && ["DOI", `https://doi.org/${encodeURI(paper.doi)}`],
    paper.arxiv_id && ["arXiv", `https://arxiv.org/abs/${encodeURI(paper.arxiv_id)}`],
    paper.pmid && ["PubMed", `https://pubmed.ncbi.nlm.nih.gov/${encodeURIComponent(paper.pmid)}/`],
    paper.url && /^https?:\/\//i.test(paper.url) && ["Source", paper.url],
  ].filter(Boolean) as [string, string][];
  return (
    <Group gap="sm" mt={4}>
      {links.map(([label, address]) => (
        <Anchor
          key={label}
          href={address}
          target="_blank"
          rel="noreferrer noopener"
          size="sm"
          underline="always"
        >
          {label}
        </Anchor>
      ))}
    </Group>
  );
}

function PaperButtons({ paper, homes }: { paper: Schemas["PaperOut"]; homes: Schemas["HomeOut"][] }) {
  const { ask, make } = useCorrect();
  const first = homes.find((home) => home.home === "first");
  const papers = { [paper.id]: first?.topic_id ?? null };
  const isLocked = first?.locked ?? false;
  return (
    <Group gap="xs" role="group" aria-label="What to do with this paper">
      <Button
        size="xs"
        variant="default"
        leftSection={<Icon name="move" />}
        onClick={() => ask({ kind: "move-papers", papers, how: "assign_paper" })}
      >
        Move to…
      </Button>
      <Button
        size="xs"
        variant="default"
        leftSection={<Icon name="second" />}
        onClick={() => ask({ kind: "move-papers", papers, how: "add_home" })}
      >
        Second home…
      </Button>
      <Button
        component={Link}
        to={`/corpora/${paper.corpus_id}/search?like=${paper.id}`}
        size="xs"
        variant="default"
        leftSection={<Icon name="search" />}
      >
        More like this
      </Button>
      {first && (
        <Button
          size="xs"
          variant="default"
          leftSection={<Icon name={isLocked ? "unlock" : "lock"} />}
          title="A locked paper keeps its places, whatever is built anew"
          onClick={() => make([{ op: isLocked ? "unlock" : "lock", paper: paper.id }])}
        >
          {isLocked ? "Unlock" : "Lock"}
        </Button>
      )}
    </Group>
  );
}

const PLACED_BY = { machine: "", rule: "placed by a rule", person: "placed by a person" } as const;

function Homes({ homes, index }: { homes: Schemas["HomeOut"][]; index: TreeIndex }) {
  const [, change] = useView();
  const { ask } = useCorrect();
  return (
    <section>
      <Title order={3} size="h5">
        All its places
      </Title>
      {homes.length === 0 && (
        <Text size="sm" c="dimmed">
          It stands in no topic.
        </Text>
      )}
      <ul className={classes.plain}>
        {homes.map((home) => (
          <li key={home.topic_id} className={classes.row}>
            <span>
              <button
                type="button"
                className={classes.link}
                onClick={() => change({ topic: [home.topic_id] })}
              >
                {home.path.join(" › ") || index.rows.get(home.topic_id)?.label}
              </button>{" "}
              <Text span size="xs" c="dimmed">
                {home.placed_by === "machine"
                  ? `${percent(home.confidence)} sure`
                  : PLACED_BY[home.placed_by]}
              </Text>{" "}
              {home.home === "second" && <Badge variant="light">second home</Badge>}
              {home.locked && <Badge variant="light">locked</Badge>}
            </span>
            {home.home === "second" && <RemoveHome home={home} ask={ask} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

function RemoveHome({ home, ask }: { home: Schemas["HomeOut"]; ask: ReturnType<typeof useCorrect>["ask"] }) {
  const [view] = useView();
  const paper = view.paper as string;
  return (
    <Button
      size="compact-xs"
      variant="default"
      onClick={() =>
        ask({
          kind: "confirm",
          title: `Take it out of “${home.label}”?`,
          verb: "Take it out",
          operations: [{ op: "remove_paper", paper, topic: home.topic_id }],
        })
      }
    >
      Take out…
    </Button>
  );
}
