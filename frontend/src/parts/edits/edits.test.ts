import { QueryClient } from "@tanstack/react-query";
import { describe, expect, it, vi } from "vitest";

import { makeHierarchy } from "../../test/factories";
import type { Edit } from "./edit";
import type { Saved } from "./edit-queue";
import { Edits } from "./edits";

const noOutbox = { read: async () => [], put: async () => undefined, remove: async () => undefined };
const hierarchy = makeHierarchy([["root", null, 0]]);

describe("Edits", () => {
  it("undoes an edit that is just being sent, not the one before it", async () => {
    const answers: (() => void)[] = [];
    const send = vi.fn(
      (edit: Edit) =>
        new Promise<Saved>((resolve) =>
          answers.push(() => resolve({ operation_id: `of ${edit.key}`, version: edit.basedOn + 1 })),
        ),
    );
    const edits = new Edits(new QueryClient(), noOutbox, send);
    const step = async (calls: number) => {
      await vi.waitFor(() => expect(send).toHaveBeenCalledTimes(calls));
      answers[calls - 1]?.();
    };
    edits.make(hierarchy, [{ op: "lock", paper: "p" }]);
    await step(1);
    await vi.waitFor(() => expect(edits.queue.getEdits()).toEqual([]));
    edits.make(hierarchy, [{ op: "lock", paper: "q" }]);
    await vi.waitFor(() => expect(send).toHaveBeenCalledTimes(2));
    edits.undo(hierarchy);
    await step(2);
    await step(3);
    expect(send.mock.calls[2]?.[0].step).toEqual({ kind: "undo", operation_id: null });
    await vi.waitFor(() => expect(edits.queue.getEdits()).toEqual([]));
    edits.undo(hierarchy);
    await step(4);
    const first = send.mock.calls[0]?.[0].key;
    expect(send.mock.calls[3]?.[0].step).toEqual({ kind: "undo", operation_id: `of ${first}` });
  });
});
