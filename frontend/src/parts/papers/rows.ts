/** Papers as a list shows them, whatever they were read from. */
import type { Schemas } from "../../api/client";

export interface PaperRow {
  paper: Schemas["PaperBrief"];
  /** The topic of its first home; null when it has none, undefined when the list does not say. */
  home?: string | null;
  /** How sure its place is, in [0, 1]. */
  confidence?: number;
  /** What the row says beside the title, such as “Second home”. */
  note?: string;
}

export function rowOfFiled(filed: Schemas["FiledPaper"]): PaperRow {
  const notes = [
    filed.home === "second" ? "Second home" : "",
    filed.placed_by === "person" ? "Placed by a person" : "",
  ];
  return {
    paper: filed.paper,
    home: filed.home === "first" ? filed.topic_id : undefined,
    confidence: filed.placed_by === "person" ? undefined : filed.confidence,
    note: notes.filter(Boolean).join(" · "),
  };
}

export function rowOfUnassigned(one: Schemas["UnassignedOut"]): PaperRow {
  const path = one.best_guess?.path.join(" › ");
  const note = path ? `Best guess: ${path}` : undefined;
  return { paper: one.paper, home: null, confidence: one.confidence, note };
}

export type PaperSort = "given" | "title" | "year" | "sure" | "unsure";

export function sortRows(rows: readonly PaperRow[], sort: PaperSort): readonly PaperRow[] {
  const orders: Record<PaperSort, ((one: PaperRow, other: PaperRow) => number) | null> = {
    given: null,
    title: (one, other) => one.paper.title.localeCompare(other.paper.title),
    year: (one, other) => (other.paper.year ?? -Infinity) - (one.paper.year ?? -Infinity),
    sure: (one, other) => (other.confidence ?? 1) - (one.confidence ?? 1),
    unsure: (one, other) => (one.confidence ?? 1) - (other.confidence ?? 1),
  };
  const order = orders[sort];
  return order ? [...rows].sort(order) : rows;
}
