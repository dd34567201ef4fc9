/** What the review queue shows of the address. */
export interface ReviewView {
  /** The hierarchy's id; the corpus's first one when it is left out. */
  h?: string;
}

export function readView(search: Record<string, unknown>): ReviewView {
  return typeof search.h === "string" && search.h !== "" ? { h: search.h } : {};
}
