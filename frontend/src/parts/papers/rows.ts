/** Papers as a list shows them. */
import type { Schemas } from "../../api/client";

export interface PaperRow {
  paper: Schemas["PaperBrief"];
  /** The topic of its first home; null when it has none, undefined when the list does not say. */
  home?: string | null;
  /** How sure its place is, in [0, 1]; undefined where a person placed it. */
  confidence?: number;
  /** What the row says beside the title, such as “Second home”. */
  note?: string;
}

/** Show a listed paper; `pathOf` gives the labels down to a topic. */
export function rowOf(listed: Schemas["ListedOut"], pathOf: (topicId: string) => string[]): PaperRow {
  const { paper, home, placed_by, best_guess_id, locked } = listed;
  const guess = home === null && best_guess_id ? `Best guess: ${pathOf(best_guess_id).join(" › ")}` : "";
  const notes = [
    home === "second" ? "Second home" : "",
    home !== null && placed_by === "person" ? "Placed by a person" : "",
    locked ? "Locked" : "",
    guess,
  ];
  return {
    paper,
    home: home === "second" ? undefined : listed.topic_id,
    confidence: home !== null && placed_by === "person" ? undefined : listed.confidence,
    note: notes.filter(Boolean).join(" · "),
  };
}

export type PaperSort = "given" | "title" | "year" | "sure" | "unsure";

/** What the API calls an order. */
export function orderOf(sort: PaperSort) {
  const orders = {
    given: { sort: "position", order: "asc" },
    title: { sort: "title", order: "asc" },
    year: { sort: "year", order: "desc" },
    sure: { sort: "confidence", order: "desc" },
    unsure: { sort: "doubt", order: "desc" },
  } as const;
  return orders[sort];
}
