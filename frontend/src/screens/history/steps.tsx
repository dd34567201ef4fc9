/** The steps of a hierarchy, the newest first; each that can be taken back has a button for it. */
import { Badge, Button, Group, Loader, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";

import { ProblemView } from "../../app/problem-view";
import { ApiCall } from "../../parts/api-call/api-call";
import { makeEdit, type Hierarchy } from "../../parts/edits/edit";
import { useEditsService } from "../../parts/edits/edits-context";
import type { LooseOperation } from "../../parts/edits/tell";
import { tellOperation } from "../../parts/edits/tell";
import { useWaitingEdits } from "../../parts/edits/use-edits";
import { Icon, type IconName } from "../../parts/icons";
import { countOf, formatAgo } from "../../parts/numbers";
import classes from "./history.module.css";
import { type HistoryItem, stepsQuery } from "./queries";
import { labelsOf, type LabelOf, tellStep } from "./tell-step";

const ICONS: Record<HistoryItem["kind"], IconName> = {
  build: "tree",
  correct: "edit",
  undo: "undo",
  redo: "redo",
};

export function Steps({ hierarchy }: { hierarchy: Hierarchy }) {
  const steps = useInfiniteQuery(stepsQuery(hierarchy.id));
  const items = useMemo(() => steps.data?.pages.flatMap((page) => page.items) ?? [], [steps.data]);
  const labelOf = useMemo(() => labelsOf(hierarchy.topics, items), [hierarchy.topics, items]);
  if (!steps.data) {
    return steps.isError ? (
      <ProblemView error={steps.error} retry={() => void steps.refetch()} />
    ) : (
      <Loader m="lg" aria-label="Reading the history" />
    );
  }
  const isUntouched = items.every((step) => step.kind === "build");
  return (
    <>
      {steps.isError && <ProblemView error={steps.error} />}
      {isUntouched && (
        <Text mb="sm">
          Nobody has changed anything yet. What you rename, move, merge or split under Topics is listed here.
        </Text>
      )}
      <ol className={classes.steps}>
        {items.map((step) => (
          <Step key={step.operation_id} step={step} hierarchy={hierarchy} labelOf={labelOf} />
        ))}
      </ol>
      {steps.hasNextPage && (
        <Button
          variant="default"
          mt="sm"
          loading={steps.isFetchingNextPage}
          onClick={() => void steps.fetchNextPage()}
        >
          Show earlier changes
        </Button>
      )}
    </>
  );
}

interface StepProps {
  step: HistoryItem;
  hierarchy: Hierarchy;
  labelOf: LabelOf;
}

function Step({ step, hierarchy, labelOf }: StepProps) {
  const told = tellStep(step, labelOf);
  return (
    <li className={classes.step} data-undone={step.undone || undefined}>
      <span className={classes.stepIcon}>
        <Icon name={ICONS[step.kind]} />
      </span>
      <div className={classes.stepText}>
        <Text dir="auto" className={classes.told} title={told}>
          {told}
        </Text>
        <Text size="sm" c="dimmed">
          {step.actor}, <time dateTime={step.at}>{formatAgo(step.at)}</time>, version {step.version}{" "}
          {step.undone && (
            <Badge size="sm" color="gray" variant="light" tt="none">
              undone
            </Badge>
          )}
        </Text>
        <WhyNot step={step} />
        {step.n_operations > 1 && <Operations step={step} labelOf={labelOf} />}
      </div>
      <Group gap="xs" className={classes.stepActs}>
        {step.kind === "correct" && <TurnButton step={step} hierarchy={hierarchy} told={told} />}
        {step.version > 1 && (
          <Button
            component={Link}
            to="."
            search={{ part: "versions", from: String(step.version - 1), to: String(step.version) } as never}
            size="compact-sm"
            variant="subtle"
            color="gray"
            c="dimmed"
            aria-label={`What version ${step.version} changed`}
          >
            Compare
          </Button>
        )}
      </Group>
    </li>
  );
}

function WhyNot({ step }: { step: HistoryItem }) {
  if (step.kind === "build" && step.version > 1) {
    return (
      <Text size="sm" c="dimmed">
        A build is not undone: go back to an earlier one under Builds.
      </Text>
    );
  }
  if (!step.not_undoable) {
    return null;
  }
  return (
    <Text size="sm" className={classes.whyNot}>
      Cannot be undone now: {step.not_undoable}
    </Text>
  );
}

function TurnButton({ step, hierarchy, told }: { step: HistoryItem; hierarchy: Hierarchy; told: string }) {
  const edits = useEditsService();
  const isWaiting = useWaitingEdits().some(
    (edit) => edit.step.kind !== "correct" && edit.step.operation_id === step.operation_id,
  );
  const isAgain = step.undone;
  const turn = () => {
    if (!isAgain) {
      return edits.undoStep(hierarchy, { operationId: step.operation_id, told });
    }
    const about = { hierarchyId: hierarchy.id, version: hierarchy.version };
    const again = { kind: "redo" as const, operation_id: step.operation_id };
    void edits.queue.add(makeEdit(about, again, `Done again: ${told}`));
  };
  if (step.not_undoable) {
    return null;
  }
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        onClick={turn}
        loading={isWaiting}
        aria-label={`${isAgain ? "Do again" : "Undo"}: ${told.slice(0, 120)}`}
      >
        {isAgain ? "Do again" : "Undo"}
      </Button>
      <ApiCall
        call={{
          method: "POST",
          path: `/api/v1/hierarchies/${hierarchy.id}/${isAgain ? "redo" : "undo"}`,
          json: { operation_id: step.operation_id },
          headers: { "If-Match": `"${hierarchy.version}"`, "Idempotency-Key": "a-new-one-each-time" },
        }}
      />
    </>
  );
}

/** All that a step of several operations did. */
function Operations({ step, labelOf }: { step: HistoryItem; labelOf: LabelOf }) {
  const operations = step.operations as LooseOperation[];
  const more = step.n_operations - operations.length;
  return (
    <details className={classes.operations}>
      <summary>All {countOf(step.n_operations, "change")} of it</summary>
      <ul>
        {operations.map((one, index) => (
          <li key={index} dir="auto">
            {tellOperation(one, labelOf)}
          </li>
        ))}
        {more > 0 && <li>and {countOf(more, "more change")}</li>}
      </ul>
    </details>
  );
}
