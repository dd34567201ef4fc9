/** Operations as people mean them. */
import type { FormerHomes, Operation } from "../edits/edit";

export function moveTopics(topics: readonly string[], parent: string): Operation[] {
  return topics.map((topic) => ({ op: "move_topic", topic, parent }));
}

export function placePapers(
  papers: FormerHomes,
  topic: string,
  op: "assign_paper" | "add_home" | "reject_assignment" | "remove_paper",
): Operation[] {
  return Object.keys(papers)
    .filter((paper) => op !== "assign_paper" || papers[paper] !== topic)
    .map((paper) => ({ op, paper, topic }));
}

export function lockTopics(topics: readonly string[], isLocked: boolean): Operation[] {
  return topics.map((topic) => ({ op: isLocked ? "unlock" : "lock", topic }));
}

/** A part of a topic that is split. */
export interface SplitPart {
  id: string;
  label: string;
  isTaken: boolean;
  papers: string[];
  children: string[];
}

/** Null while the parts do not make a split. */
export function splitOperations(topic: string, groups: readonly SplitPart[]): Operation[] | null {
  const taken = groups.filter((one) => one.isTaken && one.papers.length + one.children.length > 0);
  if (taken.length === 0 || taken.some((group) => !group.label.trim())) {
    return null;
  }
  const asked = taken.map(({ id, label, papers, children }) => ({
    topic: id,
    label: label.trim(),
    description: "",
    papers,
    ...(children.length ? { children } : {}),
  }));
  return [{ op: "split_topic", topic, groups: asked }];
}
