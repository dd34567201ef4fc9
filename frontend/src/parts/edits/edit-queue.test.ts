import { describe, expect, it, vi } from "vitest";

import { Problem } from "../../api/problem";
import { makeEdit, type Edit } from "./edit";
import { EditQueue, type Saved, type Wiring } from "./edit-queue";
import { openOutbox, type Outbox } from "./outbox";

function memoryOutbox(kept: Edit[] = []): Outbox & { kept: Map<string, Edit> } {
  const map = new Map(kept.map((edit) => [edit.key, edit]));
  return {
    kept: map,
    read: async () => [...map.values()],
    put: async (edit) => void map.set(edit.key, edit),
    remove: async (key) => void map.delete(key),
  };
}

function rename(label: string, version = 1): Edit {
  const operations = [{ op: "rename_topic" as const, topic: "t", label }];
  return makeEdit({ hierarchyId: "h", version }, { kind: "correct", operations }, `Renamed to ${label}`);
}

function makeQueue(send: (edit: Edit) => Promise<Saved>, kept: Edit[] = []) {
  const outbox = memoryOutbox(kept);
  const wiring = {
    outbox,
    send: vi.fn(send),
    onSaved: vi.fn(async () => undefined),
    onRefused: vi.fn(),
    onStale: vi.fn(),
    pauseMs: () => 5,
  } satisfies Wiring;
  return { queue: new EditQueue(wiring), outbox, wiring };
}

async function until(holds: () => boolean): Promise<void> {
  await vi.waitFor(() => expect(holds()).toBe(true));
}

describe("EditQueue", () => {
  it("shows an edit at once, and drops it when it is saved", async () => {
    const { queue, outbox, wiring } = makeQueue(async () => ({ operation_id: "o", version: 2 }));
    void queue.add(rename("A"));
    expect(queue.getEdits()).toHaveLength(1);
    await until(() => queue.getEdits().length === 0);
    expect(wiring.onSaved).toHaveBeenCalledOnce();
    expect(outbox.kept.size).toBe(0);
  });

  it("keeps an edit while the server is away, and sends the same one again", async () => {
    let isAway = true;
    const { queue, outbox, wiring } = makeQueue(async () => {
      if (isAway) {
        throw new Problem(0, {});
      }
      return { operation_id: "o", version: 2 };
    });
    await queue.add(rename("A"));
    await until(() => queue.offline);
    expect(queue.getEdits()[0]?.state).not.toBe("stale");
    expect(outbox.kept.size).toBe(1);
    expect(wiring.onSaved).not.toHaveBeenCalled();
    isAway = false;
    await until(() => queue.getEdits().length === 0);
    const keys = wiring.send.mock.calls.map(([edit]) => edit.key);
    expect(new Set(keys).size).toBe(1);
    expect(queue.offline).toBe(false);
  });

  it("sends one after the other, each on top of the one before", async () => {
    let version = 1;
    const { queue, wiring } = makeQueue(async () => ({ operation_id: "o", version: ++version }));
    void queue.add(rename("A"));
    void queue.add(rename("B"));
    await until(() => queue.getEdits().length === 0);
    expect(wiring.send.mock.calls.map(([edit]) => edit.basedOn)).toEqual([1, 2]);
  });

  it("does not pass off another person's step as seen", async () => {
    let version = 4; // Somebody else made steps 2 to 4 meanwhile.
    const { queue, wiring } = makeQueue(async () => ({ operation_id: "o", version: ++version }));
    void queue.add(rename("A"));
    void queue.add(rename("B"));
    await until(() => queue.getEdits().length === 0);
    expect(wiring.send.mock.calls.map(([edit]) => edit.basedOn)).toEqual([1, 1]);
  });

  it("drops what is refused, and goes on", async () => {
    const { queue, wiring } = makeQueue(async (edit) => {
      if (edit.told.endsWith("A")) {
        throw new Problem(409, { type: "urn:papertree:correction-locked" });
      }
      return { operation_id: "o", version: 2 };
    });
    void queue.add(rename("A"));
    void queue.add(rename("B"));
    await until(() => queue.getEdits().length === 0);
    expect(wiring.onRefused).toHaveBeenCalledOnce();
    expect(wiring.onSaved).toHaveBeenCalledOnce();
  });

  it("waits for the person when somebody changed the same, then does it again", async () => {
    const { queue, wiring } = makeQueue(async (edit) => {
      if (edit.basedOn < 3) {
        throw new Problem(412, { type: "urn:papertree:version-stale" });
      }
      return { operation_id: "o", version: 4 };
    });
    const edit = rename("A");
    void queue.add(edit);
    void queue.add(rename("B"));
    await until(() => wiring.onStale.mock.calls.length === 1);
    expect(queue.getEdits().map((one) => one.state)).toEqual(["stale", "waiting"]);
    void queue.repeat(edit.key, rename("A", 3));
    await until(() => wiring.onSaved.mock.calls.length === 1);
  });

  it("brings back what an earlier page did not send", async () => {
    const kept = { ...rename("A"), state: "sending" as const };
    const { queue, wiring } = makeQueue(async () => ({ operation_id: "o", version: 2 }), [kept]);
    await queue.restore();
    await until(() => wiring.onSaved.mock.calls.length === 1);
    expect(wiring.send.mock.calls[0]?.[0].key).toBe(kept.key);
  });

  it("takes back an edit that was not sent yet", async () => {
    const { queue, outbox } = makeQueue(() => new Promise(() => undefined));
    const [first, second] = [rename("A"), rename("B")];
    await queue.add(first);
    await queue.add(second);
    expect(queue.drop(first.key)).toBe(false);
    expect(queue.drop(second.key)).toBe(true);
    expect(outbox.kept.has(second.key)).toBe(false);
  });
});

describe("openOutbox", () => {
  it("gives back what was put, in the order it was made, until it is removed", async () => {
    const [first, second] = [rename("A"), { ...rename("B"), at: Date.now() + 5 }];
    await openOutbox().put(second);
    await openOutbox().put(first);
    expect((await openOutbox().read()).map((edit) => edit.key)).toEqual([first.key, second.key]);
    await openOutbox().remove(first.key);
    expect(await openOutbox().read()).toEqual([second]);
    await openOutbox().remove(second.key);
  });
});
