/** What the history shows, all of it in the address. */
export const PARTS = ["changes", "versions", "builds"] as const;
export type Part = (typeof PARTS)[number];

export interface HistoryView {
  /** The hierarchy's id; the corpus's first one when it is left out. */
  h?: string;
  part?: Part;
  /** The versions that are compared: numbers, or names of snapshots; the present one when left out. */
  from?: string;
  to?: string;
}

export function readView(search: Record<string, unknown>): HistoryView {
  const view: HistoryView = {
    h: text(search.h),
    part: PARTS.find((part) => part === search.part),
    from: text(search.from),
    to: text(search.to),
  };
  return Object.fromEntries(Object.entries(view).filter(([, value]) => value !== undefined));
}

function text(value: unknown): string | undefined {
  if (typeof value === "number") {
    return String(value); // The router reads `from=3` as a number.
  }
  return typeof value === "string" && value !== "" ? value : undefined;
}
