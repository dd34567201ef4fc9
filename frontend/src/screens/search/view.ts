/** What is searched for, all of it in the address. */
export const WAYS = ["words", "meaning"] as const;
export type Way = (typeof WAYS)[number];

export interface SearchView {
  q?: string;
  /** How; guessed from what was typed when it is left out. */
  by?: Way;
  /** A paper whose like is looked for, instead of `q`. */
  like?: string;
  /** Only papers of these years. */
  from?: number;
  to?: number;
}

export function readView(search: Record<string, unknown>): SearchView {
  const view: SearchView = {
    q: text(search.q),
    by: WAYS.find((way) => way === search.by),
    like: text(search.like),
    from: year(search.from),
    to: year(search.to),
  };
  return Object.fromEntries(Object.entries(view).filter(([, value]) => value !== undefined));
}

function text(value: unknown): string | undefined {
  if (typeof value === "number" || typeof value === "boolean") {
    return String(value); // The router reads `q=2020` as a number.
  }
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

export function year(value: unknown): number | undefined {
  const number = typeof value === "string" && value.trim() ? Number(value) : value;
  return typeof number === "number" && Number.isInteger(number) && number >= 0 && number <= 9999
    ? number
    : undefined;
}

const MOST_WORDS = 12;

/** A DOI, as it is written or as an address. */
export function isDoi(typed: string): boolean {
  return /^(?:doi:\s*|https?:\/\/(?:dx\.)?doi\.org\/)?10\.\d{4,9}\/\S+$/i.test(typed.trim());
}

/** Few words are looked for as words, a sentence or an abstract by what it means. */
export function guessWay(typed: string): Way {
  const words = typed.trim().split(/\s+/);
  return words.length > MOST_WORDS ? "meaning" : "words";
}
