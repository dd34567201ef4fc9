/** A step of the history in words. */
import { tellOperations } from "../../parts/edits/tell";
import { countOf } from "../../parts/numbers";
import type { HistoryItem } from "./queries";

export type LabelOf = (topicId: string) => string;

/** What the API calls giving up a correction that could not be obeyed. */
const DISMISS = "dismiss_orphan";

/** What the API calls the worker that builds. */
const MACHINE = "machine";

/** `others` are the steps that are known: an undo names the one that it takes back. */
export function tellStep(step: HistoryItem, labelOf: LabelOf, others: readonly HistoryItem[] = []): string {
  if (step.kind === "build") {
    if (step.actor !== MACHINE) {
      return "Went back to another build";
    }
    return step.version === 1 ? "Found the topics" : "Found the topics anew";
  }
  if (step.kind === "file") {
    return "Gave papers that came since a place";
  }
  if (step.operations.some((one) => one.op === DISMISS)) {
    return `Gave up ${countOf(step.n_operations, "correction")} that could not be obeyed`;
  }
  if (step.kind === "correct") {
    return tellOperations(step.operations, labelOf);
  }
  const verb = step.kind === "undo" ? "Undid" : "Did again";
  const targets = step.operations.map((one) => others.find((other) => other.operation_id === one.step));
  const first = targets[0];
  const more = step.n_operations > 1 ? `, and ${countOf(step.n_operations - 1, "other change")}` : "";
  return first ? `${verb}: ${tellStep(first, labelOf, others)}${more}` : `${verb} an earlier change${more}`;
}

/** Whether a step is about topics of which nobody knows any more what they were called. */
export function isAnyUnknown(steps: readonly HistoryItem[], labelOf: LabelOf): boolean {
  const named = steps.flatMap((step) =>
    step.operations.flatMap((one) => [one.topic, one.into, one.parent, ...((one.topics as unknown[]) ?? [])]),
  );
  return named.some((id) => typeof id === "string" && labelOf(id) === UNKNOWN);
}

const UNKNOWN = "a topic that is gone";

/** Labels of topics that are there now; where a topic is gone, those that `gone` and the steps tell. */
export function labelsOf(
  topics: readonly { id: string; label: string }[],
  steps: readonly HistoryItem[],
  gone: readonly { id: string; label: string | null }[] = [],
): LabelOf {
  const labels = new Map(gone.map((topic) => [topic.id, topic.label ?? UNKNOWN]));
  for (const step of [...steps].reverse()) {
    for (const one of step.operations) {
      if ((one.op === "create_topic" || one.op === "rename_topic") && typeof one.topic === "string") {
        labels.set(one.topic, String(one.label));
      }
    }
  }
  for (const topic of topics) {
    labels.set(topic.id, topic.label);
  }
  return (id) => labels.get(id) ?? UNKNOWN;
}
