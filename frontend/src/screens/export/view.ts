/** What the export page offers, all of it in the address. */
export interface ExportView {
  /** The hierarchy's id; the corpus's first one when it is left out. */
  h?: string;
  /** The topic whose papers are exported; the whole corpus when it is left out. */
  topic?: string;
}

export function readView(search: Record<string, unknown>): ExportView {
  const view: ExportView = { h: text(search.h), topic: text(search.topic) };
  return Object.fromEntries(Object.entries(view).filter(([, value]) => value !== undefined));
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
