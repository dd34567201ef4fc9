/** What the picture shows, all of it in the address. */
export const KINDS = ["icicle", "treemap", "sunburst"] as const;
export type Kind = (typeof KINDS)[number];
export const COLOURS = ["size", "doubt", "growth"] as const;
export type ColourBy = (typeof COLOURS)[number];

export interface PicturesView {
  /** The hierarchy's id; the corpus's first one when it is left out. */
  h?: string;
  /** The topic that is looked at; the root when it is left out. */
  topic?: string;
  kind?: Kind;
  colour?: ColourBy;
}

/** Read an address; what is not understood is left out rather than refused. */
export function readView(search: Record<string, unknown>): PicturesView {
  const view: PicturesView = {
    h: text(search.h),
    topic: text(search.topic),
    kind: KINDS.find((kind) => kind === search.kind),
    colour: COLOURS.find((colour) => colour === search.colour),
  };
  return Object.fromEntries(Object.entries(view).filter(([, value]) => value !== undefined));
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
