/** Where a doubtful paper may belong instead: what the keys 1 to 5 stand for. */
import type { Schemas } from "../../api/client";
import type { Operation } from "../../parts/edits/edit";

export type Doubtful = Schemas["DoubtfulOut"];

export interface Choice {
  topicId: string;
  label: string;
  path: readonly string[];
  /** The chance that it belongs there; null before anything was learnt. */
  chance: number | null;
  operation: Operation;
}

export const MOST_CHOICES = 5;

/**
 * What was learnt from answers; before there are any, the nearest other topics (`why`), or the guesses about an
 * unassigned paper.
 */
export function choicesOf(
  item: Doubtful,
  hierarchyId: string,
  paper?: Schemas["PaperOut"],
  why?: Schemas["WhyOut"],
): Choice[] {
  if (item.likely.length > 0) {
    return item.likely
      .slice(0, MOST_CHOICES)
      .map(({ topic, chance, operation }) => choose(topic, chance, asOperation(operation)));
  }
  const guess = paper?.unassigned?.find((one) => one.hierarchy_id === hierarchyId);
  const topics = item.topic
    ? (why?.runners_up ?? []).map((level) => level.topic)
    : [guess?.best_guess, guess?.runner_up].filter((topic) => topic != null);
  return topics
    .filter((topic) => topic.topic_id !== item.topic?.topic_id)
    .slice(0, MOST_CHOICES)
    .map((topic) => choose(topic, null, { op: "assign_paper", paper: item.paper.id, topic: topic.topic_id }));
}

/** The queue gives operations ready to be sent. */
export function asOperation(given: unknown): Operation {
  return given as Operation;
}

function choose(topic: Schemas["TopicPathOut"], chance: number | null, operation: Operation): Choice {
  return { topicId: topic.topic_id, label: topic.label, path: topic.path, chance, operation };
}
