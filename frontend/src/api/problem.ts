/** What goes wrong, as the API says it (RFC 9457), and as a sentence for people that says what to do. */
import type { components } from "./schema";

export type ProblemDocument = components["schemas"]["Problem"] & Record<string, unknown>;

/** The server answered with a problem document, or not at all (status 0). */
export class Problem extends Error {
  readonly status: number;
  readonly slug: string;
  readonly document: Partial<ProblemDocument>;
  readonly retryAfterS: number | null;

  constructor(status: number, document: Partial<ProblemDocument>, retryAfterS: number | null = null) {
    super(document.detail || document.title || `The server answered ${status}.`);
    this.name = "Problem";
    this.status = status;
    this.slug = (document.type ?? "").replace(/^urn:papertree:/, "");
    this.document = document;
    this.retryAfterS = retryAfterS;
  }

  /** Whether the same request may succeed later, with nothing changed about it. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status === 503 || this.slug === "still-running";
  }
}

export interface Explanation {
  title: string;
  /** What to do about it. */
  advice: string;
}

const BY_STATUS: Record<number, Explanation> = {
  0: {
    title: "The server does not answer",
    advice:
      "Is papertree still running? Start it with “make run”; this page goes on by itself once it is back.",
  },
  401: {
    title: "A key is needed",
    advice: "Open the address that “papertree serve” printed, or paste the key here.",
  },
  403: { title: "This key may only read", advice: "Open papertree with a key that may write." },
  404: {
    title: "There is nothing here",
    advice: "It may have been deleted, or the address is not complete. Go back to your corpora.",
  },
  409: { title: "That is not possible now", advice: "Look at how it is now, then try again." },
  412: {
    title: "Somebody changed this meanwhile",
    advice: "Look at what they did, then do it again if you still want it.",
  },
  413: { title: "That is too large", advice: "Send it in smaller parts." },
  422: { title: "Something is not as it must be", advice: "Mend it and send it again." },
  429: { title: "Too many requests", advice: "Wait a moment; this page asks again by itself." },
  503: {
    title: "The server is busy",
    advice: "Nothing is lost. It usually passes in a few seconds, and this page asks again by itself.",
  },
  507: { title: "The disk of the server is full", advice: "Free some space on it, then try again." },
};

const UNEXPECTED: Explanation = {
  title: "Something went wrong",
  advice: "Try again. If it happens again, the server's log says what it was.",
};

/** Say what happened and what puts it right, whatever was thrown. */
export function explain(error: unknown): Explanation & { detail: string } {
  if (!(error instanceof Problem)) {
    return { ...UNEXPECTED, detail: error instanceof Error ? error.message : "" };
  }
  const known = BY_STATUS[error.status] ?? UNEXPECTED;
  const isOurs = error.status >= 400 && Boolean(error.document.title) && error.status !== 401;
  const mistakes = (error.document.errors ?? []).map((one) => one.detail).join(" ");
  return {
    title: isOurs ? (error.document.title as string) : known.title,
    advice: known.advice,
    detail: [error.document.detail ?? "", mistakes].filter(Boolean).join(" "),
  };
}
