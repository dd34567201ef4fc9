import { describe, expect, it } from "vitest";

import { makeHierarchy } from "../../test/factories";
import { indexTree, isWithin, pathOf } from "./tree-index";

const hierarchy = makeHierarchy([
  ["root", null, 0],
  ["b", "root", 1],
  ["b2", "b", 2],
  ["a", "root", 7],
]);

describe("indexTree", () => {
  it("sorts siblings, never across parents", () => {
    expect(indexTree(hierarchy, "", "name").children.get("root")).toEqual(["a", "b"]);
    expect(indexTree(hierarchy, "", "size").children.get("root")).toEqual(["a", "b"]);
    expect(indexTree(hierarchy).children.get("root")).toEqual(["b", "a"]);
  });

  it("shows the unassigned where there are some", () => {
    expect(indexTree(hierarchy).children.get("origin")).toEqual(["root", "unassigned"]);
    expect(indexTree({ ...hierarchy, n_unassigned: 0 }).children.get("origin")).toEqual(["root"]);
  });

  it("tells paths below the root", () => {
    const index = indexTree(hierarchy);
    expect(pathOf(index, "b2")).toEqual(["b", "b2"]);
    expect(pathOf(index, "root")).toEqual(["root"]);
    expect(isWithin(index, "b2", "b")).toBe(true);
    expect(isWithin(index, "a", "b")).toBe(false);
  });
});
