/** One doubtful paper: what it is about, where it stands, and the answers, each with a key. */
import { Button, Kbd, Loader, RingProgress, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";

import type { Schemas } from "../../api/client";
import { paperQuery, whyQuery } from "../../api/queries";
import { explain } from "../../api/problem";
import { useCorrect } from "../../parts/correct/dialogs";
import type { Hierarchy, Operation } from "../../parts/edits/edit";
import { Icon } from "../../parts/icons";
import { countOf, formatCount, percent } from "../../parts/numbers";
import { readable } from "../../parts/papers/latex";
import { asOperation, choicesOf, MOST_CHOICES, type Choice, type Doubtful } from "./choices";
import { MOST_ITEMS } from "./queries";
import classes from "./review.module.css";
import { useAnswerKeys } from "./use-answer-keys";
import type { Queue } from "./use-queue";

interface Props {
  hierarchy: Hierarchy;
  item: Doubtful;
  queue: Queue;
}

export function Card({ hierarchy, item, queue }: Props) {
  const { make, ask, undo } = useCorrect();
  const paper = useQuery(paperQuery(item.paper.id));
  const isUntaught = item.likely.length === 0 && item.topic !== null;
  const why = useQuery({ ...whyQuery(hierarchy.id, item.paper.id), enabled: isUntaught });
  const choices = choicesOf(item, hierarchy.id, paper.data, why.data);
  const former = { [item.paper.id]: item.topic?.topic_id ?? null };
  const answer = (operation: unknown) => make([asOperation(operation) as Operation], former);
  const acts = {
    choose: (at: number) => choices[at] && answer(choices[at].operation),
    keep: () => answer(item.keep),
    reject: () => item.reject && answer(item.reject),
    move: () => ask({ kind: "move-papers", papers: former, how: "assign_paper" }),
    putOff: queue.putOff,
    undo: () => {
      if (queue.answered.length > 0) {
        undo();
        queue.goBack();
      }
    },
  };
  useAnswerKeys(acts);
  return (
    <div className={classes.page}>
      <div className={classes.head}>
        <Title order={1} size="h3">
          Review
        </Title>
        <Progress queue={queue} />
      </div>
      <article className={classes.paper} aria-labelledby="doubtful-paper" tabIndex={0}>
        <PaperTitle item={item} />
        <Place item={item} paper={paper.data} hierarchyId={hierarchy.id} />
        <Abstract paper={paper.data} error={paper.error} />
      </article>
      <div className={classes.answers}>
        <Choices choices={choices} isReading={isUntaught && why.isPending} choose={acts.choose} />
        <div className={classes.acts} role="group" aria-label="Other answers">
          <Act keys="Enter" act={acts.keep}>
            {item.topic ? "Keep it here" : "Leave it in no topic"}
          </Act>
          {item.reject && (
            <Act keys="X" act={acts.reject}>
              Wrong here
            </Act>
          )}
          <Act keys="M" act={acts.move}>
            Move to…
          </Act>
          <Act keys="S" act={acts.putOff}>
            Later
          </Act>
          <Act keys="U" act={acts.undo} isOff={queue.answered.length === 0}>
            Undo
          </Act>
        </div>
      </div>
    </div>
  );
}

function Progress({ queue }: { queue: Queue }) {
  const done = queue.answered.length;
  const share = (100 * done) / (done + queue.nLeft);
  const left = queue.nLeft + done >= MOST_ITEMS ? "or more to go" : "to go";
  return (
    <div className={classes.progress}>
      <RingProgress
        size={40}
        thickness={5}
        sections={[{ value: share, color: "leaf" }]}
        rootColor="var(--page-line)"
        aria-hidden="true"
      />
      <Text size="sm" role="status">
        {formatCount(done)} answered, {formatCount(queue.nLeft)} {left}
      </Text>
    </div>
  );
}

/** Takes the focus when the next paper comes, so that it is read out and Enter presses no old button. */
function PaperTitle({ item }: { item: Doubtful }) {
  const title = useRef<HTMLHeadingElement>(null);
  const seen = useRef(item.paper.id);
  useEffect(() => {
    if (seen.current !== item.paper.id) {
      seen.current = item.paper.id;
      title.current?.focus();
    }
  }, [item.paper.id]);
  return (
    <div>
      <Title id="doubtful-paper" ref={title} order={2} tabIndex={-1} className={classes.title} dir="auto">
        {readable(item.paper.title)}
      </Title>
      <Text size="sm" c="dimmed" dir="auto">
        {[item.paper.year, item.paper.venue].filter(Boolean).join(" · ") || "No year, no venue"}
      </Text>
    </div>
  );
}

interface PlaceProps {
  item: Doubtful;
  paper: Schemas["PaperOut"] | undefined;
  hierarchyId: string;
}

function Place({ item, paper, hierarchyId }: PlaceProps) {
  const home = paper?.homes?.find((one) => one.hierarchy_id === hierarchyId && one.home === "first");
  const sure = item.stays ?? home?.confidence;
  return (
    <p className={classes.place}>
      <Icon name="doubt" />
      {item.topic ? (
        <span dir="auto">
          Stands in <strong>{item.topic.path.join(" › ") || item.topic.label}</strong>
          {sure !== undefined && `, ${percent(sure)} sure`}
        </span>
      ) : (
        <span>Stands in no topic: none was near enough.</span>
      )}
    </p>
  );
}

function Abstract({ paper, error }: { paper: Schemas["PaperOut"] | undefined; error: unknown }) {
  if (!paper) {
    return error ? (
      <Text size="sm" role="alert">
        The abstract cannot be shown. {explain(error).advice}
      </Text>
    ) : (
      <Loader size="sm" aria-label="Reading the abstract" />
    );
  }
  return paper.abstract ? (
    <p className={classes.abstract} dir="auto">
      {readable(paper.abstract)}
    </p>
  ) : (
    <Text size="sm" c="dimmed">
      The source gave no abstract. The paper was placed by its title.
    </Text>
  );
}

interface ChoicesProps {
  choices: readonly Choice[];
  isReading: boolean;
  choose: (at: number) => void;
}

/** Always five places, so that a button never moves under a finger. */
function Choices({ choices, isReading, choose }: ChoicesProps) {
  const tell = isReading
    ? "Looking where else it may belong"
    : choices.length > 0
      ? `It may belong in ${countOf(choices.length, "other topic")} instead`
      : "No other topic is likely; “Move to…” offers all";
  return (
    <div role="group" aria-label="Topics it may belong in">
      <Text size="sm" c="dimmed" mb={4}>
        {tell}
      </Text>
      <div className={classes.choices}>
        {Array.from({ length: MOST_CHOICES }, (_, at) => {
          const choice = choices[at];
          return choice ? (
            <button
              key={at}
              type="button"
              className={classes.choice}
              aria-keyshortcuts={String(at + 1)}
              title={choice.path.join(" › ")}
              onClick={() => choose(at)}
            >
              <Kbd aria-hidden="true">{at + 1}</Kbd>
              <span className={classes.choiceText} dir="auto">
                <span className={classes.above}>{choice.path.slice(0, -1).join(" › ")}</span>
                <span>{choice.label}</span>
              </span>
              {choice.chance !== null && <span>{percent(choice.chance)}</span>}
            </button>
          ) : (
            <span key={at} className={classes.empty} aria-hidden="true" />
          );
        })}
      </div>
    </div>
  );
}

interface ActProps {
  keys: string;
  act: () => void;
  isOff?: boolean;
  children: string;
}

function Act({ keys, act, isOff = false, children }: ActProps) {
  return (
    <Button
      size="xs"
      variant={keys === "Enter" ? "filled" : "default"}
      onClick={act}
      disabled={isOff}
      aria-keyshortcuts={keys}
      rightSection={<Kbd aria-hidden="true">{keys}</Kbd>}
    >
      {children}
    </Button>
  );
}
