/** The steps of a hierarchy, the newest first; each that can be taken back has a button for it. */
import { Badge, Button, Group, Loader, Text } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
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
import { goneTopicsQuery, type HistoryItem, stepsQuery } from "./queries";
import { isAnyUnknown, labelsOf, type LabelOf, tellStep } from "./tell-step";

const ICONS: Record<HistoryItem["kind"], IconName> = {
  build: "tree",
  correct: "edit",
  undo: "undo",
  redo: "redo",
  file: "upload",
};

export function Steps({ hierarchy }: { hierarchy: Hierarchy }) {
  const steps = useInfiniteQuery(stepsQuery(hierarchy.id));
  const items = useMemo(() => steps.data?.pages.flatMap((page) => page.items) ?? [], [steps.data]);
  const labelOf = useLabels(hierarchy, items);
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
          <Step
            key={step.operation_id}
            step={step}
            told={tellStep(step, labelOf, items)}
            hierarchy={hierarchy}
            labelOf={labelOf}
          />
        ))}
      </ol>
      <Group mt="sm">
        {steps.hasNextPage && (
          <Button
            variant="default"
            loading={steps.isFetchingNextPage}
            onClick={() => void steps.fetchNextPage()}
          >
            Show earlier changes
          </Button>
        )}
        <UndoCall
          hierarchy={hierarchy}
          step={items.find((step) => step.kind === "correct" && !step.undone)}
        />
      </Group>
    </>
  );
}

function useLabels(hierarchy: Hierarchy, items: readonly HistoryItem[]): LabelOf {
  const known = useMemo(() => labelsOf(hierarchy.topics, items), [hierarchy.topics, items]);
  const mustAsk = useMemo(() => isAnyUnknown(items, known), [items, known]);
  const gone = useQuery({ ...goneTopicsQuery(hierarchy.id), enabled: mustAsk }).data;
  return useMemo(
    () => (gone ? labelsOf(hierarchy.topics, items, gone) : known),
    [gone, hierarchy.topics, items, known],
  );
}

interface StepProps {
  step: HistoryItem;
  told: string;
  hierarchy: Hierarchy;
  labelOf: LabelOf;
}

function Step({ step, told, hierarchy, labelOf }: StepProps) {
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
        {(step.kind === "correct" || step.kind === "build") && step.n_operations > 1 && (
          <Operations step={step} labelOf={labelOf} />
        )}
      </div>
      <Group gap="xs" className={classes.stepActs}>
        {(step.kind === "correct" || step.kind === "file") && (
          <TurnButton step={step} hierarchy={hierarchy} told={told} />
        )}
        {step.version > 1 && (
          <Button
            component={Link}
            to="."
            search={{ part: "versions", from: String(step.version - 1), to: String(step.version) } as never}
            size="compact-sm"
            variant="subtle"
            color="gray"
            c="dimmed"
            aria-label={`Compare version ${step.version} with the one before`}
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
    <Button
      size="compact-sm"
      variant="default"
      onClick={turn}
      loading={isWaiting}
      aria-label={`${isAgain ? "Do again" : "Undo"}: ${told.slice(0, 120)}`}
    >
      {isAgain ? "Do again" : "Undo"}
    </Button>
  );
}

/** How a program takes back the newest change. */
function UndoCall({ hierarchy, step }: { hierarchy: Hierarchy; step?: HistoryItem }) {
  const path = `/api/v1/hierarchies/${hierarchy.id}`;
  if (!step) {
    return <ApiCall call={{ method: "GET", path: `${path}/history` }} />;
  }
  const headers = { "If-Match": `"${hierarchy.version}"`, "Idempotency-Key": "a-new-one-each-time" };
  const json = { operation_id: step.operation_id };
  return <ApiCall call={{ method: "POST", path: `${path}/undo`, json, headers }} />;
}

/** All that a step of several operations did. */
function Operations({ step, labelOf }: { step: HistoryItem; labelOf: LabelOf }) {
  const operations = step.operations as LooseOperation[];
  const more = step.n_operations - operations.length;
  return (
    <details className={classes.operations}>
      <summary>
        {step.kind === "build"
          ? `The ${countOf(step.n_operations, "correction")} that it obeys`
          : `All ${countOf(step.n_operations, "change")} of it`}
      </summary>
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
