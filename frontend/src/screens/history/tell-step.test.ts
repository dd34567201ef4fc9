import { describe, expect, it } from "vitest";

import type { HistoryItem } from "./queries";
import { isAnyUnknown, labelsOf, tellStep } from "./tell-step";

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
    const first = makeStep({ operation_id: "first", operations: [rename] });
    const undo = makeStep({ kind: "undo", operations: [{ op: "undo", step: "first", version: 2 }] });
    expect(tellStep(undo, labelOf, [first])).toBe("Undid: Renamed “Light” to “Optics”");
    expect(tellStep({ ...undo, kind: "redo" }, labelOf)).toBe("Did again an earlier change");
  });

  it("tells the first build from the others", () => {
    const build = makeStep({ kind: "build", version: 1, actor: "machine" });
    expect(tellStep(build, String)).toBe("Found the topics");
    expect(tellStep({ ...build, version: 9 }, String)).toBe("Found the topics anew");
    expect(tellStep({ ...build, version: 9, actor: "ada" }, String)).toBe("Went back to another build");
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

  it("takes those of an earlier version for topics that the steps do not name", () => {
    const steps = [makeStep({ operations: [{ op: "delete_topic", topic: "gone", papers_to: "parent" }] })];
    expect(isAnyUnknown(steps, labelsOf([], steps))).toBe(true);
    const labelOf = labelsOf([], steps, [{ id: "gone", label: "Old" }]);
    expect(isAnyUnknown(steps, labelOf)).toBe(false);
    expect(tellStep(steps[0] as HistoryItem, labelOf)).toBe("Deleted “Old”");
  });
});
