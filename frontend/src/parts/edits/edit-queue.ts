/** Sends edits one after the other, in the order they were made, and keeps those that are not saved yet. */
import { Problem } from "../../api/problem";
import type { Edit } from "./edit";
import type { Outbox } from "./outbox";

export interface Saved {
  operation_id: string;
  version: number;
}

export interface Wiring {
  outbox: Outbox;
  /** Send an edit; throws a `Problem` when the server refuses it or does not answer. */
  send: (edit: Edit) => Promise<Saved>;
  /** An edit is saved. What is shown must be read anew before the promise ends: then the edit is dropped. */
  onSaved: (edit: Edit, saved: Saved) => Promise<void>;
  /** The server refused an edit for good; it is dropped. */
  onRefused: (edit: Edit, problem: Problem) => void;
  /** Somebody changed the same meanwhile; the edit is kept, and waits for the person. */
  onStale: (edit: Edit, problem: Problem) => void;
  /** Give the milliseconds to wait after so many failures in a row. */
  pauseMs?: (failures: number) => number;
}

export class EditQueue {
  private edits: readonly Edit[] = [];
  private readonly listeners = new Set<() => void>();
  private isSending = false;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Set while the last try did not reach the server. */
  offline = false;

  constructor(private readonly wiring: Wiring) {}

  /** Bring back what an earlier page did not get to send. */
  async restore(): Promise<void> {
    const kept = await this.wiring.outbox.read();
    const known = new Set(this.edits.map((edit) => edit.key));
    const waiting = kept
      .filter((edit) => !known.has(edit.key))
      .map((edit) => ({ ...edit, state: resumed(edit) }));
    this.replace([...waiting, ...this.edits]);
    void this.work();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  getEdits = (): readonly Edit[] => this.edits;

  /** Take an edit: it is shown from now on, and kept in the browser before it is sent. */
  async add(edit: Edit): Promise<void> {
    this.replace([...this.edits, edit]);
    await this.wiring.outbox.put(edit).catch(() => undefined);
    void this.work();
  }

  /** Drop an edit that was not sent yet; tells whether it could be. */
  drop(key: string): boolean {
    const edit = this.edits.find((one) => one.key === key);
    if (!edit || edit.state === "sending") {
      return false;
    }
    this.forget(key);
    void this.work();
    return true;
  }

  /** Send a stale edit again, as one made on the version it is now. */
  async repeat(key: string, renewed: Edit): Promise<void> {
    this.replace(this.edits.map((edit) => (edit.key === key ? renewed : edit)));
    await this.wiring.outbox.remove(key).catch(() => undefined);
    await this.wiring.outbox.put(renewed).catch(() => undefined);
    void this.work();
  }

  /** Try now, such as when the browser says that it is back on the net. */
  retry = (): void => {
    clearTimeout(this.timer);
    this.failures = 0;
    void this.work();
  };

  private async work(): Promise<void> {
    if (this.isSending) {
      return;
    }
    this.isSending = true;
    try {
      for (let next = this.next(); next; next = this.next()) {
        if (!(await this.sendOne(next))) {
          return;
        }
      }
    } finally {
      this.isSending = false;
    }
  }

  /** The oldest edit of a hierarchy that no stale edit stands before. */
  private next(): Edit | undefined {
    const blocked = new Set<string>();
    for (const edit of this.edits) {
      if (edit.state === "stale") {
        blocked.add(edit.hierarchyId);
      } else if (!blocked.has(edit.hierarchyId)) {
        return edit;
      }
    }
    return undefined;
  }

  private async sendOne(edit: Edit): Promise<boolean> {
    this.mark(edit.key, "sending");
    try {
      const saved = await this.wiring.send(edit);
      this.failures = 0;
      this.offline = false;
      // An own edit is no change of somebody else's: those waiting behind it were made on top of it.
      if (saved.version === edit.basedOn + 1) {
        this.rebase(edit, saved.version);
      }
      await this.wiring.onSaved(edit, saved);
      this.forget(edit.key);
      return true;
    } catch (error) {
      return this.failed(
        edit,
        error instanceof Problem ? error : new Problem(500, { detail: String(error) }),
      );
    }
  }

  private failed(edit: Edit, problem: Problem): boolean {
    if (problem.isPassing || problem.status === 401) {
      this.mark(edit.key, "waiting");
      this.offline = problem.status === 0;
      this.failures += 1;
      const pause = this.wiring.pauseMs ?? ((failures) => 1000 * Math.min(30, 2 ** failures));
      this.timer = setTimeout(
        () => void this.work(),
        (problem.retryAfterS ?? 0) * 1000 || pause(this.failures),
      );
      this.tell();
      return false;
    }
    if (problem.status === 412) {
      this.mark(edit.key, "stale");
      void this.wiring.outbox.put({ ...edit, state: "stale" }).catch(() => undefined);
      this.wiring.onStale(edit, problem);
      return true;
    }
    this.forget(edit.key);
    this.wiring.onRefused(edit, problem);
    return true;
  }

  private rebase(after: Edit, version: number): void {
    this.edits = this.edits.map((edit) =>
      edit.hierarchyId === after.hierarchyId && edit.key !== after.key && edit.basedOn === after.basedOn
        ? { ...edit, basedOn: version }
        : edit,
    );
  }

  private mark(key: string, state: Edit["state"]): void {
    this.replace(this.edits.map((edit) => (edit.key === key ? { ...edit, state } : edit)));
  }

  private forget(key: string): void {
    this.replace(this.edits.filter((edit) => edit.key !== key));
    void this.wiring.outbox.remove(key).catch(() => undefined);
  }

  private replace(edits: readonly Edit[]): void {
    this.edits = edits;
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) {
      listener();
    }
  }
}

/** What was being sent when the page went away is sent again: its key makes that harmless. */
function resumed(edit: Edit): Edit["state"] {
  return edit.state === "stale" ? "stale" : "waiting";
}
