import { describe, expect, it } from "vitest";

import { makeHierarchy } from "../../test/factories";
import { applyOperations } from "./apply-operations";

// root ── a(3) ── a1(2)
//      └─ b(4)
const hierarchy = makeHierarchy([
  ["root", null, 0],
  ["a", "root", 3],
  ["a1", "a", 2],
  ["b", "root", 4],
]);

function counts(shown: typeof hierarchy): Record<string, number> {
  return Object.fromEntries(shown.topics.map((topic) => [topic.id, topic.n_papers]));
}

describe("applyOperations", () => {
  it("counts papers below", () => {
    expect(counts(hierarchy)).toEqual({ root: 9, a: 5, a1: 2, b: 4 });
  });

  it("renames, and marks the name as a person's", () => {
    const shown = applyOperations(hierarchy, [{ op: "rename_topic", topic: "a", label: "Optics" }]);
    expect(shown.topics.find((topic) => topic.id === "a")).toMatchObject({
      label: "Optics",
      named_by: "person",
    });
    expect(hierarchy.topics.find((topic) => topic.id === "a")?.label).toBe("a");
  });

  it("moves a topic with all below it", () => {
    const shown = applyOperations(hierarchy, [{ op: "move_topic", topic: "a", parent: "b" }]);
    expect(shown.topics.map((topic) => [topic.id, topic.depth])).toEqual([
      ["root", 0],
      ["b", 1],
      ["a", 2],
      ["a1", 3],
    ]);
    expect(counts(shown)).toEqual({ root: 9, b: 9, a: 5, a1: 2 });
  });

  it("never puts a topic below itself", () => {
    const shown = applyOperations(hierarchy, [{ op: "move_topic", topic: "a", parent: "a1" }]);
    expect(counts(shown)).toEqual(counts(hierarchy));
  });

  it("merges papers and children", () => {
    const shown = applyOperations(hierarchy, [{ op: "merge_topics", topics: ["a", "b"], into: "b" }]);
    expect(counts(shown)).toEqual({ root: 9, b: 9, a1: 2 });
    expect(shown.topics.find((topic) => topic.id === "a1")?.parent_id).toBe("b");
  });

  it("deletes a topic, its papers to the parent or to nowhere", () => {
    const up = applyOperations(hierarchy, [{ op: "delete_topic", topic: "a", papers_to: "parent" }]);
    expect(counts(up)).toEqual({ root: 9, a1: 2, b: 4 });
    const out = applyOperations(hierarchy, [{ op: "delete_topic", topic: "a", papers_to: "unassigned" }]);
    expect(counts(out)).toEqual({ root: 6, a1: 2, b: 4 });
    expect(out.n_unassigned).toBe(hierarchy.n_unassigned + 3);
  });

  it("creates and splits", () => {
    const shown = applyOperations(hierarchy, [
      { op: "create_topic", parent: "b", label: "New", description: "", topic: "n" },
      {
        op: "split_topic",
        topic: "b",
        groups: [{ label: "Part", description: "", papers: ["p", "q"], topic: "s" }],
      },
    ]);
    expect(counts(shown)).toEqual({ root: 9, a: 5, a1: 2, b: 4, n: 0, s: 2 });
    expect(shown.topics.find((topic) => topic.id === "b")?.n_papers_direct).toBe(2);
  });

  it("splits a topic at its children", () => {
    const shown = applyOperations(hierarchy, [
      {
        op: "split_topic",
        topic: "a",
        groups: [{ label: "Part", description: "", children: ["a1"], topic: "s" }],
      },
    ]);
    expect(counts(shown)).toEqual({ root: 9, a: 5, a1: 2, b: 4, s: 2 });
    expect(shown.topics.find((topic) => topic.id === "a1")?.parent_id).toBe("s");
  });

  it("splits between the topics below", () => {
    const group = { label: "Part", description: "", papers: [], children: ["a1"], topic: "s" };
    const shown = applyOperations(hierarchy, [{ op: "split_topic", topic: "a", groups: [group] }]);
    expect(counts(shown)).toEqual({ root: 9, a: 5, s: 2, a1: 2, b: 4 });
    expect(shown.topics.find((topic) => topic.id === "a1")?.depth).toBe(3);
  });

  it("moves a paper from where it stood, or from nowhere", () => {
    const shown = applyOperations(
      hierarchy,
      [
        { op: "assign_paper", paper: "p", topic: "b" },
        { op: "assign_paper", paper: "q", topic: "b" },
        { op: "assign_paper", paper: "unknown", topic: "b" },
      ],
      { p: "a1", q: null },
    );
    expect(counts(shown)).toEqual({ root: 10, a: 4, a1: 1, b: 6 });
    expect(shown.n_unassigned).toBe(hierarchy.n_unassigned - 1);
  });

  it("shows children in the order asked for", () => {
    const shown = applyOperations(hierarchy, [
      { op: "reorder_children", topic: "root", children: ["b", "a"] },
    ]);
    expect(shown.topics.map((topic) => topic.id)).toEqual(["root", "b", "a", "a1"]);
  });
});
