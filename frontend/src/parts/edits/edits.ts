/** Makes, undoes and redoes: the queue of edits, wired to the server, the cache and the toasts. */
import type { QueryClient } from "@tanstack/react-query";

import { treeKey } from "../../api/queries";
import type { Problem } from "../../api/problem";
import { LARGEST_STEP, makeEdit, type Edit, type FormerHomes, type Hierarchy, type Operation } from "./edit";
import { EditQueue, type Saved } from "./edit-queue";
import { openOutbox, type Outbox } from "./outbox";
import { sendEdit } from "./send-edit";
import { tellOperations, type LooseOperation } from "./tell";
import { toastDone, toastNote, toastProblem } from "./toasts";

/** What shows papers or steps of a hierarchy, and is read anew after an edit. */
const CHANGED_BY_EDITS = [
  "topic",
  "topic-papers",
  "unassigned",
  "paper",
  "why",
  "history",
  "review",
  "preview",
];

interface Past {
  hierarchyId: string;
  operationId: string;
  told: string;
}

type Version = Pick<Hierarchy, "id" | "version">;

export class Edits {
  readonly queue: EditQueue;
  /** What this page has saved and not undone, and what it has undone; the newest last. */
  private done: Past[] = [];
  private undone: Past[] = [];

  constructor(
    private readonly client: QueryClient,
    outbox: Outbox = openOutbox(),
    send: (edit: Edit) => Promise<Saved> = sendEdit,
  ) {
    this.queue = new EditQueue({
      outbox,
      send,
      onSaved: (edit, saved) => this.saved(edit, saved),
      onRefused: (edit, problem) => this.refused(edit, problem),
      onStale: () => undefined, // The dialog shows what is stale.
    });
  }

  /** Make operations as one step (more than the server takes at once as several): shown at once, then saved. */
  make(hierarchy: Hierarchy, operations: Operation[], former: FormerHomes = {}): void {
    const labels = new Map(hierarchy.topics.map((topic) => [topic.id, topic.label]));
    const about = { hierarchyId: hierarchy.id, version: hierarchy.version };
    for (let from = 0; from < operations.length; from += LARGEST_STEP) {
      const part = operations.slice(from, from + LARGEST_STEP);
      const told = tellOperations(part as LooseOperation[], (id) => labels.get(id) ?? "a topic");
      void this.queue.add(makeEdit(about, { kind: "correct", operations: part }, told, former));
    }
  }

  /** Take back the newest edit: one that waits is dropped, one that is saved is undone by the server. */
  undo(hierarchy: Version): void {
    const waiting = this.queue.getEdits().findLast((edit) => edit.hierarchyId === hierarchy.id);
    if (waiting && this.queue.drop(waiting.key)) {
      toastNote(`Not sent: ${waiting.told}`);
      return;
    }
    if (waiting) {
      this.undoStep(hierarchy); // It is being sent: by then it is this person's last.
      return;
    }
    this.undoStep(
      hierarchy,
      this.done.findLast((past) => past.hierarchyId === hierarchy.id),
    );
  }

  /** Undo one step, or the last of this person's when none is given. */
  undoStep(hierarchy: Version, past?: Pick<Past, "operationId" | "told">): void {
    const step = { kind: "undo" as const, operation_id: past?.operationId ?? null };
    const told = past ? `Undone: ${past.told}` : "Undone: the last change";
    const about = { hierarchyId: hierarchy.id, version: hierarchy.version };
    void this.queue.add(makeEdit(about, step, told));
  }

  redo(hierarchy: Version): void {
    const past = this.undone.findLast((one) => one.hierarchyId === hierarchy.id);
    const step = { kind: "redo" as const, operation_id: past?.operationId ?? null };
    const told = past ? `Done again: ${past.told}` : "Done again: the last change that was undone";
    const about = { hierarchyId: hierarchy.id, version: hierarchy.version };
    void this.queue.add(makeEdit(about, step, told));
  }

  /** Send a stale edit again, on the version as it is now. */
  repeat(edit: Edit, version: number): void {
    const about = { hierarchyId: edit.hierarchyId, version };
    void this.queue.repeat(edit.key, makeEdit(about, edit.step, edit.told, edit.former));
  }

  private async saved(edit: Edit, saved: Saved): Promise<void> {
    this.note(edit, saved);
    const { hierarchyId } = edit;
    await this.client.refetchQueries({ queryKey: treeKey(hierarchyId) });
    for (const name of CHANGED_BY_EDITS) {
      void this.client.invalidateQueries({ queryKey: [name] });
    }
    const undo = () => {
      const now = this.client.getQueryData<Hierarchy>(treeKey(hierarchyId));
      const version = Math.max(now?.version ?? 0, saved.version);
      this.undoStep({ id: hierarchyId, version }, { operationId: saved.operation_id, told: edit.told });
    };
    toastDone(edit.key, edit.told, edit.step.kind === "correct" ? undo : undefined);
  }

  private note(edit: Edit, saved: Saved): void {
    const { step, told, hierarchyId } = edit;
    if (step.kind === "correct") {
      this.done.push({ hierarchyId, operationId: saved.operation_id, told });
      this.undone = this.undone.filter((past) => past.hierarchyId !== hierarchyId);
      return;
    }
    const [from, to] = step.kind === "undo" ? [this.done, this.undone] : [this.undone, this.done];
    const index =
      step.operation_id === null
        ? from.findLastIndex((past) => past.hierarchyId === hierarchyId)
        : from.findIndex((past) => past.operationId === step.operation_id);
    if (index >= 0) {
      to.push(...from.splice(index, 1));
    }
  }

  private refused(edit: Edit, problem: Problem): void {
    toastProblem(`Not done: ${edit.told}`, problem);
    const { step } = edit;
    if (step.kind !== "correct") {
      // What cannot be undone now does not stand in the way of what was done before it.
      const stack = step.kind === "undo" ? this.done : this.undone;
      const index = stack.findIndex((past) => past.operationId === step.operation_id);
      if (index >= 0) {
        stack.splice(index, 1);
      }
    }
    void this.client.invalidateQueries({ queryKey: treeKey(edit.hierarchyId) });
  }
}
