/** A step of the history in words. */
import { tellOperations } from "../../parts/edits/tell";
import { countOf } from "../../parts/numbers";
import type { HistoryItem } from "./queries";

export type LabelOf = (topicId: string) => string;

/** What the API calls giving up a correction that could not be obeyed. */
const DISMISS = "dismiss_orphan";

export function tellStep(step: HistoryItem, labelOf: LabelOf): string {
  if (step.kind === "build") {
    return step.version === 1 ? "Found the topics" : "Found the topics anew, or went back to another build";
  }
  if (step.operations.some((one) => one.op === DISMISS)) {
    return `Gave up ${countOf(step.n_operations, "correction")} that could not be obeyed`;
  }
  const done = step.operations.length > 0 ? tellOperations(step.operations, labelOf) : "";
  switch (step.kind) {
    case "undo":
      return done ? `Undid: ${done}` : "Undid a change";
    case "redo":
      return done ? `Did again: ${done}` : "Did a change again";
    default:
      return done || "Changed nothing";
  }
}

/** Labels of topics that are there now; those of the steps themselves where a topic is gone. */
export function labelsOf(
  topics: readonly { id: string; label: string }[],
  steps: readonly HistoryItem[],
): LabelOf {
  const labels = new Map<string, string>();
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
  return (id) => labels.get(id) ?? "a topic that is gone";
}
