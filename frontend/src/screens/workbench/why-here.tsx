/** Why a paper stands where it stands, and where else it could. */
import { Button, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import type { Schemas } from "../../api/client";
import { Problem } from "../../api/problem";
import { whyQuery } from "../../api/queries";
import { useCorrect } from "../../parts/correct/dialogs";
import type { Hierarchy } from "../../parts/edits/edit";
import { percent } from "../../parts/numbers";
import { readable } from "../../parts/papers/latex";
import classes from "./details.module.css";
import { useView } from "./use-view";

interface Props {
  paper: Schemas["PaperOut"];
  hierarchy: Hierarchy;
  /** Its first home. */
  home?: Schemas["HomeOut"];
}

export function WhyHere({ paper, hierarchy, home }: Props) {
  const why = useQuery(whyQuery(hierarchy.id, paper.id));
  const guess = paper.unassigned?.find((one) => one.hierarchy_id === hierarchy.id);
  return (
    <section data-why>
      <Title order={3} size="h5">
        {home ? "Why here" : "Where it could stand"}
      </Title>
      {why.data && home && <Reasons why={why.data} />}
      {why.error && <NoReasons error={why.error} />}
      {guess?.best_guess && (
        <Offer
          paper={paper}
          topic={guess.best_guess}
          note={`best guess, ${percent(guess.confidence)} sure`}
          from={null}
        />
      )}
      {why.data && why.data.runners_up.length > 0 && (
        <>
          <Text size="sm" mt="sm" fw={600}>
            Or rather
          </Text>
          {why.data.runners_up.slice(0, 4).map((level) => (
            <Offer
              key={level.topic.topic_id}
              paper={paper}
              topic={level.topic}
              note={tellScore(level)}
              from={home?.topic_id ?? null}
            />
          ))}
        </>
      )}
    </section>
  );
}

function Reasons({ why }: { why: Schemas["WhyOut"] }) {
  const [, change] = useView();
  return (
    <>
      {why.home?.placed_by === "person" && <Text size="sm">A person put it here.</Text>}
      {why.shared_terms.length > 0 && (
        <Text size="sm">
          It uses words of the topic: <b>{why.shared_terms.slice(0, 8).join(", ")}</b>.
        </Text>
      )}
      <div style={{ margin: "0.4rem 0" }}>
        {why.path.map((level) => (
          <div key={level.topic.topic_id} className={classes.level}>
            <span dir="auto">{level.topic.label}</span>
            <span className={classes.bar}>
              <span style={{ width: `${100 * Math.max(0, level.chance ?? level.similarity ?? 0)}%` }} />
            </span>
            <span>{tellNumber(level)}</span>
          </div>
        ))}
      </div>
      {why.exemplars.length > 0 && (
        <>
          <Text size="sm" fw={600}>
            Nearest of its typical papers
          </Text>
          <ul className={classes.plain}>
            {why.exemplars.slice(0, 3).map(({ paper }) => (
              <li key={paper.id}>
                <button
                  type="button"
                  className={classes.link}
                  onClick={() => change({ paper: paper.id })}
                  dir="auto"
                >
                  {readable(paper.title)}
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

interface OfferProps {
  paper: Schemas["PaperOut"];
  topic: Schemas["TopicPathOut"];
  note: string;
  from: string | null;
}

function Offer({ paper, topic, note, from }: OfferProps) {
  const { make } = useCorrect();
  return (
    <div className={classes.row} style={{ padding: "0.2rem 0" }}>
      <span style={{ fontSize: "0.9rem" }} dir="auto">
        {topic.path.join(" › ") || topic.label}{" "}
        <Text span size="xs" c="dimmed">
          {note}
        </Text>
      </span>
      <Button
        size="compact-xs"
        variant="default"
        style={{ flex: "none" }}
        aria-label={`Move it to ${topic.label}`}
        onClick={() =>
          make([{ op: "assign_paper", paper: paper.id, topic: topic.topic_id }], { [paper.id]: from })
        }
      >
        Move
      </Button>
    </div>
  );
}

function NoReasons({ error }: { error: unknown }) {
  const isExpected = error instanceof Problem && error.status === 404;
  return (
    <Text size="sm" c="dimmed">
      {isExpected
        ? (error as Problem).message
        : "The reasons cannot be read now; the page asks again by itself."}
    </Text>
  );
}

function tellNumber(level: Schemas["LevelOut"]): string {
  return level.chance !== null ? percent(level.chance) : (level.similarity?.toFixed(2) ?? "");
}

function tellScore(level: Schemas["LevelOut"]): string {
  if (level.chance !== null) {
    return `${percent(level.chance)} likely`;
  }
  return level.similarity === null ? "" : `similarity ${level.similarity.toFixed(2)}`;
}
