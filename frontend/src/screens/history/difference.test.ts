import { describe, expect, it } from "vitest";

import { type Difference, rowsOf, tellDifference } from "./difference";

const NONE: Difference = {
  from_version: 1,
  to_version: 2,
  topics_added: [],
  topics_removed: [],
  topics_renamed: [],
  topics_described: [],
  topics_moved: [],
  n_papers_moved: 0,
  papers_moved: [],
  n_homes_changed: 0,
};

describe("rowsOf", () => {
  it("sets the two sides beside each other, papers counted by where they went", () => {
    const moved = (id: string) => ({ id, before: "a", after: "gone", label: null });
    const rows = rowsOf(
      {
        ...NONE,
        topics_renamed: [{ id: "a", before: "Light", after: "Optics", label: "Optics" }],
        topics_removed: [{ id: "gone", before: "Old", after: null, label: "Old" }],
        n_papers_moved: 3,
        papers_moved: [moved("1"), moved("2"), { id: "3", before: null, after: "a", label: null }],
      },
      [{ id: "a", label: "Optics" }],
    );
    expect(rows.map(({ what, before, after }) => [what, before, after])).toEqual([
      ["Topic gone", "Old", ""],
      ["Name", "Light", "Optics"],
      ["2 papers", "Optics", "Old"],
      ["1 paper", "no topic", "Optics"],
    ]);
    expect(new Set(rows.map((row) => row.key)).size).toBe(rows.length);
  });
});

describe("tellDifference", () => {
  it("says when there is none", () => {
    expect(tellDifference(NONE)).toBe("Nothing differs between the two.");
  });

  it("counts papers that are not listed", () => {
    expect(tellDifference({ ...NONE, n_papers_moved: 20_000 })).toBe("20,000 papers in another topic.");
  });
});
