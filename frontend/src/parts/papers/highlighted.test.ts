import { describe, expect, it } from "vitest";

import { splitAt } from "./highlighted";

describe("splitAt", () => {
  it("marks words and what is made of them", () => {
    expect(splitAt("Smart grids and the grid", "grid")).toEqual(["Smart ", "grids", " and the ", "grid", ""]);
  });

  it("finds stems, not parts of other words", () => {
    expect(splitAt("cities, scarcity", "city cities")).toEqual(["", "cities", ", scarcity"]);
  });

  it("takes any characters", () => {
    expect(splitAt("a (b) [c] é", "( [ \\ é")).toEqual(["a (b) [c] é"]);
    expect(splitAt("Über Öl", "über")).toEqual(["", "Über", " Öl"]);
  });
});
