/** What the map shows, as far as a link should show it to somebody else. */
export interface MapView {
  /** The hierarchy's id; the corpus's first one when it is left out. */
  h?: string;
  /** The topic whose papers stand out. */
  topic?: string;
}

export function readView(search: Record<string, unknown>): MapView {
  const view: MapView = { h: text(search.h), topic: text(search.topic) };
  return Object.fromEntries(Object.entries(view).filter(([, value]) => value !== undefined));
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
