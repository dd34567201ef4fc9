import { describe, expect, it } from "vitest";

import type { HistoryItem } from "./queries";
import { labelsOf, tellStep } from "./tell-step";

function makeStep(changes: Partial<HistoryItem>): HistoryItem {
  return {
    operation_id: "s",
    version: 2,
    based_on: 1,
    kind: "correct",
    actor: "ada",
    actor_id: null,
    at: "2026-01-01T00:00:00Z",
    undone: false,
    not_undoable: null,
    n_operations: changes.operations?.length ?? 0,
    operations: [],
    ...changes,
  };
}

describe("tellStep", () => {
  const rename = { op: "rename_topic", topic: "a", label: "Optics" };

  it("tells what was done, taken back and done again", () => {
    const labelOf = () => "Light";
    expect(tellStep(makeStep({ operations: [rename] }), labelOf)).toBe("Renamed “Light” to “Optics”");
    expect(tellStep(makeStep({ kind: "undo", operations: [rename] }), labelOf)).toMatch(/^Undid: Renamed/);
    expect(tellStep(makeStep({ kind: "redo" }), labelOf)).toBe("Did a change again");
  });

  it("tells the first build from the others", () => {
    expect(tellStep(makeStep({ kind: "build", version: 1 }), String)).toBe("Found the topics");
    expect(tellStep(makeStep({ kind: "build", version: 9 }), String)).toContain("anew");
  });

  it("counts what was given up", () => {
    const operations = [{ op: "dismiss_orphan", version: 2, number: 0 }];
    expect(tellStep(makeStep({ operations }), String)).toContain("Gave up 1 correction");
  });
});

describe("labelsOf", () => {
  it("remembers what a topic that is gone was called last", () => {
    const steps = [
      makeStep({ version: 3, operations: [{ op: "rename_topic", topic: "gone", label: "Later" }] }),
      makeStep({ version: 2, operations: [{ op: "create_topic", topic: "gone", label: "First" }] }),
    ];
    const labelOf = labelsOf([{ id: "here", label: "Here" }], steps);
    expect([labelOf("gone"), labelOf("here"), labelOf("never")]).toEqual([
      "Later",
      "Here",
      "a topic that is gone",
    ]);
  });
});
