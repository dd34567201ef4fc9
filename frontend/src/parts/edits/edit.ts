/** An edit: what a person did to a hierarchy, kept from then until the server has answered. */
import type { Schemas } from "../../api/client";

export type Operation = Schemas["CorrectionsIn"]["operations"][number];
export type Hierarchy = Schemas["HierarchyOut"];
export type Topic = Schemas["TopicOut"];

export type Step =
  | { kind: "correct"; operations: Operation[] }
  | { kind: "undo"; operation_id: string | null }
  | { kind: "redo"; operation_id: string | null };

/** Where papers stood when they were moved, so that counts can be shown at once: paper id to topic id. */
export type FormerHomes = Record<string, string | null>;

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
