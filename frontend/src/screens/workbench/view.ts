/** What the workbench shows, all of it in the address, so that a link shows the same to somebody else. */

export const UNASSIGNED = "unassigned";
export const SORTS = ["given", "title", "year", "sure", "unsure"] as const;
export type Sort = (typeof SORTS)[number];

export interface View {
  /** The hierarchy's id; the corpus's first one when it is left out. */
  h?: string;
  /** The ids of the chosen topics, or `unassigned`; the last one is looked at. */
  topic?: string[];
  /** The paper whose details are shown. */
  paper?: string;
  /** The chosen papers, or `all` of the list. */
  papers?: string[] | "all";
  /** The words typed over the tree. */
  tree?: string;
  /** The words typed over the papers. */
  find?: string;
  sort?: Sort;
}

/** Read an address; what is not understood is left out rather than refused. */
export function readView(search: Record<string, unknown>): View {
  const view: View = {
    h: text(search.h),
    topic: texts(search.topic),
    paper: text(search.paper),
    papers: search.papers === "all" ? "all" : texts(search.papers),
    tree: text(search.tree),
    find: text(search.find),
    sort: SORTS.find((sort) => sort === search.sort),
  };
  return Object.fromEntries(Object.entries(view).filter(([, value]) => value !== undefined));
}

function text(value: unknown): string | undefined {
  if (typeof value === "number" || typeof value === "boolean") {
    return String(value); // The router reads `find=2020` as a number.
  }
  return typeof value === "string" && value !== "" ? value : undefined;
}

function texts(value: unknown): string[] | undefined {
  const values = (Array.isArray(value) ? value : [value]).map(text).filter((one) => one !== undefined);
  return values.length > 0 ? values : undefined;
}
