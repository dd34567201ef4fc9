/** A hierarchy as the tree shows it: who is below whom, and what is left of it under a filter. */
import type { Hierarchy, Topic } from "../edits/edit";

/** The row of the papers that stand in no topic. */
export const UNASSIGNED = "unassigned";
/** What the tree hangs from; never shown. */
export const ORIGIN = "origin";

export interface TreeRow {
  id: string;
  label: string;
  /** Absent for the origin and the unassigned. */
  topic?: Topic;
  nPapers: number;
}

export interface TreeIndex {
  rows: ReadonlyMap<string, TreeRow>;
  children: ReadonlyMap<string, readonly string[]>;
  parents: ReadonlyMap<string, string>;
  /** Under a filter: the ids whose labels match; null without one. */
  matches: ReadonlySet<string> | null;
}

export type TreeSort = "given" | "size" | "name" | "doubt";

export function indexTree(hierarchy: Hierarchy, filter = "", sort: TreeSort = "given"): TreeIndex {
  const rows = new Map<string, TreeRow>([[ORIGIN, { id: ORIGIN, label: "", nPapers: 0 }]]);
  const children = new Map<string, string[]>([[ORIGIN, []]]);
  const parents = new Map<string, string>();
  const hang = (row: TreeRow, parent: string) => {
    rows.set(row.id, row);
    parents.set(row.id, parent);
    const siblings = children.get(parent);
    if (siblings) {
      siblings.push(row.id);
    } else {
      children.set(parent, [row.id]);
    }
  };
  for (const topic of hierarchy.topics) {
    const { id, label, n_papers: nPapers } = topic;
    hang({ id, label, topic, nPapers }, topic.parent_id ?? ORIGIN);
  }
  if (hierarchy.n_unassigned > 0) {
    hang({ id: UNASSIGNED, label: "Unassigned", nPapers: hierarchy.n_unassigned }, ORIGIN);
  }
  sortSiblings(children, rows, sort);
  return filterTree({ rows, children, parents, matches: null }, filter);
}

function sortSiblings(children: Map<string, string[]>, rows: Map<string, TreeRow>, sort: TreeSort): void {
  const orders: Record<TreeSort, ((one: TreeRow, other: TreeRow) => number) | null> = {
    given: null,
    size: (one, other) => other.nPapers - one.nPapers,
    name: (one, other) => one.label.localeCompare(other.label),
    doubt: (one, other) => doubtShare(other) - doubtShare(one),
  };
  const order = orders[sort];
  if (!order) {
    return;
  }
  for (const [parent, siblings] of children) {
    if (parent !== ORIGIN) {
      siblings.sort((one, other) => order(rows.get(one) as TreeRow, rows.get(other) as TreeRow));
    }
  }
}

/** Keep the rows that hold the words, and those above them. */
function filterTree(index: TreeIndex, filter: string): TreeIndex {
  const words = fold(filter).split(/\s+/).filter(Boolean);
  if (words.length === 0) {
    return index;
  }
  const matches = new Set<string>();
  const kept = new Set<string>([ORIGIN]);
  for (const row of index.rows.values()) {
    const text = fold([row.label, ...(row.topic?.keyphrases ?? [])].join(" "));
    if (row.id !== ORIGIN && words.every((word) => text.includes(word))) {
      if (words.every((word) => fold(row.label).includes(word))) {
        matches.add(row.id);
      }
      for (let id: string | undefined = row.id; id && !kept.has(id); id = index.parents.get(id)) {
        kept.add(id);
      }
    }
  }
  const children = new Map<string, readonly string[]>();
  for (const [parent, ids] of index.children) {
    if (kept.has(parent)) {
      children.set(
        parent,
        ids.filter((id) => kept.has(id)),
      );
    }
  }
  return { ...index, children, matches };
}

/** All rows that have children: those that are open under a filter, or when everything is unfolded. */
export function openable(index: TreeIndex): string[] {
  return [...index.children].filter(([, ids]) => ids.length > 0).map(([id]) => id);
}

/** The ids above a row, without the origin. */
export function above(index: TreeIndex, id: string): string[] {
  const ids: string[] = [];
  for (let up = index.parents.get(id); up && up !== ORIGIN; up = index.parents.get(up)) {
    ids.push(up);
  }
  return ids;
}

export function isWithin(index: TreeIndex, id: string, top: string): boolean {
  return id === top || above(index, id).includes(top);
}

/** The labels from below the root down to a topic. */
export function pathOf(index: TreeIndex, id: string): string[] {
  const labels = [id, ...above(index, id)].map((one) => index.rows.get(one)?.label ?? "");
  return labels.length > 1 ? labels.slice(0, -1).reverse() : labels;
}

/** How many of a topic's papers are in doubt, as a share in [0, 1]. */
export function doubtShare(row: TreeRow): number {
  return row.topic && row.nPapers > 0 ? row.topic.n_doubtful / row.nPapers : 0;
}

/** Letters without case and accents, so that typing finds them. */
function fold(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
