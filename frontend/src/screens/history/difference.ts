/** The difference of two versions as rows of a table with two sides. */
import type { Schemas } from "../../api/client";
import { countOf } from "../../parts/numbers";

export type Difference = Schemas["DiffOut"];

export interface Row {
  key: string;
  what: string;
  before: string;
  after: string;
}

interface Labelled {
  id: string;
  label: string;
}

/** Topics first, then papers, counted by where they were and where they are. */
export function rowsOf(difference: Difference, topics: readonly Labelled[]): Row[] {
  const labelOf = labels(difference, topics);
  const rows: Row[] = [
    ...difference.topics_added.map((one) => row("New topic", one.id, "", one.after ?? "")),
    ...difference.topics_removed.map((one) => row("Topic gone", one.id, one.before ?? "", "")),
    ...difference.topics_renamed.map((one) => row("Name", one.id, one.before ?? "", one.after ?? "")),
    ...difference.topics_moved.map((one) => {
      const name = one.label ?? "";
      return row(
        "Place",
        one.id,
        `${name}, under ${labelOf(one.before)}`,
        `${name}, under ${labelOf(one.after)}`,
      );
    }),
    ...difference.topics_described.map((one) =>
      row(`Description of ${one.label ?? "a topic"}`, one.id, one.before ?? "", one.after ?? ""),
    ),
  ];
  const moves = new Map<string, { before: string | null; after: string | null; count: number }>();
  for (const { before, after } of difference.papers_moved) {
    const key = `${before} ${after}`;
    moves.set(key, { before, after, count: (moves.get(key)?.count ?? 0) + 1 });
  }
  const sorted = [...moves.values()].sort((one, other) => other.count - one.count);
  for (const { before, after, count } of sorted) {
    rows.push(row(countOf(count, "paper"), `${before} ${after}`, labelOf(before), labelOf(after)));
  }
  return rows;
}

/** “2 topics renamed, 1 new; 41 papers moved.” */
export function tellDifference(difference: Difference): string {
  const topics = [
    [difference.topics_added.length, "new"],
    [difference.topics_removed.length, "gone"],
    [difference.topics_renamed.length, "renamed"],
    [difference.topics_moved.length, "moved"],
    [difference.topics_described.length, "described anew"],
  ].filter(([count]) => count !== 0);
  const parts = [];
  if (topics.length > 0) {
    parts.push(`topics: ${topics.map(([count, what]) => `${count} ${what}`).join(", ")}`);
  }
  if (difference.n_papers_moved > 0) {
    parts.push(`${countOf(difference.n_papers_moved, "paper")} in another topic`);
  }
  if (difference.n_homes_changed > 0) {
    parts.push(`${countOf(difference.n_homes_changed, "paper")} with other second homes`);
  }
  const told = parts.join("; ");
  return told ? `${told.charAt(0).toUpperCase()}${told.slice(1)}.` : "Nothing differs between the two.";
}

function labels(difference: Difference, topics: readonly Labelled[]) {
  const known = new Map(topics.map((topic) => [topic.id, topic.label]));
  const { topics_added, topics_removed, topics_renamed, topics_moved } = difference;
  for (const one of [...topics_added, ...topics_removed, ...topics_renamed, ...topics_moved]) {
    if (one.label !== null && !known.has(one.id)) {
      known.set(one.id, one.label);
    }
  }
  return (id: string | null): string => {
    if (id === null) {
      return "no topic";
    }
    return known.get(id) ?? "a topic that is gone";
  };
}

function row(what: string, id: string, before: string, after: string): Row {
  return { key: `${what} ${id}`, what, before, after };
}
