/** What a search found, ready to be shown. */
import type { Schemas } from "../../api/client";
import type { Hierarchy } from "../../parts/edits/edit";

export interface FoundPaper {
  paper: Schemas["PaperBrief"];
  /** Cosine in [-1, 1]; null where words were matched. */
  similarity: number | null;
  /** The labels from below the root to its topic; empty where it stands in none. */
  path: readonly string[];
}

export interface FoundGroup {
  path: readonly string[];
  papers: FoundPaper[];
}

/** Papers by the topic they stand in; the topic of the best paper first. */
export function groupByPath(found: readonly FoundPaper[]): FoundGroup[] {
  const groups = new Map<string, FoundGroup>();
  for (const one of found) {
    const key = keyOf(one.path);
    const group = groups.get(key);
    if (group) {
      group.papers.push(one);
    } else {
      groups.set(key, { path: one.path, papers: [one] });
    }
  }
  return [...groups.values()];
}

export function ofYears(found: readonly FoundPaper[], from?: number, to?: number): FoundPaper[] {
  return found.filter(({ paper }) => {
    const { year } = paper;
    return (
      (from === undefined && to === undefined) ||
      (year !== null && year >= (from ?? 0) && year <= (to ?? Infinity))
    );
  });
}

/** The topics of a hierarchy by their paths, and the other way round. */
export function pathsOf(hierarchy: Hierarchy | undefined) {
  const byId = new Map<string, readonly string[]>();
  const byPath = new Map<string, string>();
  for (const topic of hierarchy?.topics ?? []) {
    const above = topic.parent_id === null ? undefined : byId.get(topic.parent_id);
    const path = above ? [...above, topic.label] : []; // The root is no part of a path.
    byId.set(topic.id, path);
    byPath.set(keyOf(path), topic.id);
  }
  return {
    pathOf: (topicId: string | null) => (topicId === null ? [] : (byId.get(topicId) ?? [])),
    topicAt: (path: readonly string[]) => (path.length > 0 ? byPath.get(keyOf(path)) : undefined),
  };
}

function keyOf(path: readonly string[]): string {
  return path.join("\u0000");
}
