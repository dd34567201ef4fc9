/** An edit: what a person did to a hierarchy, kept from then until the server has answered. */
import type { Schemas } from "../../api/client";

export type Operation = Schemas["CorrectionsIn"]["operations"][number];

/** A topic as the tree knows it; what only its details show is read with them. */
export interface Topic extends Pick<
  Schemas["BranchOut"],
  "id" | "parent_id" | "label" | "named_by" | "keyphrases" | "n_papers" | "n_doubtful" | "locked" | "edited"
> {
  depth: number;
  /** Papers filed right here; `n_papers` counts those below as well. */
  n_papers_direct: number;
  /** Papers that are here or below only by a second home. */
  n_second_papers: number;
}

/** All topics of a hierarchy: parents before children, siblings in the order they are shown. */
export interface Hierarchy {
  id: string;
  corpus_id: string;
  facet: string;
  version: number;
  n_papers: number;
  n_unassigned: number;
  n_papers_since: number;
  topics: Topic[];
}

/** How many operations the server takes as one step. */
export const LARGEST_STEP = 2000;

export type Step =
  | { kind: "correct"; operations: Operation[] }
  | { kind: "undo"; operation_id: string | null }
  | { kind: "redo"; operation_id: string | null };

/**
 * Where papers stood when they were moved, so that counts can be shown at once: paper id to topic id, null for
 * nowhere, undefined where it is not known.
 */
export type FormerHomes = Record<string, string | null | undefined>;

export interface Edit {
  /** Sent as `Idempotency-Key`: the same edit sent twice is done once. */
  key: string;
  hierarchyId: string;
  step: Step;
  /** What it does in words, such as “Renamed to “Optics””. */
  told: string;
  /** The version of the hierarchy the person saw. */
  basedOn: number;
  at: number;
  former: FormerHomes;
  /** `stale`: somebody changed the same; the person decides. */
  state: "waiting" | "sending" | "stale";
}

export function makeEdit(
  about: { hierarchyId: string; version: number },
  step: Step,
  told: string,
  former: FormerHomes = {},
): Edit {
  const { hierarchyId, version } = about;
  const state = "waiting";
  return { key: newKey(), hierarchyId, step, told, basedOn: version, at: Date.now(), former, state };
}

/** A random name (UUID); `crypto.randomUUID` is missing on addresses without TLS other than this machine. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
