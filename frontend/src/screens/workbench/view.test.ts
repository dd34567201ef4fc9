import { describe, expect, it } from "vitest";

import { readView } from "./view";

describe("readView", () => {
  it("reads what the workbench writes", () => {
    const view = { h: "h1", topic: ["a", "b"], paper: "p", papers: ["p", "q"], find: "light", sort: "year" };
    expect(readView(view)).toEqual(view);
  });

  it("takes one topic that is not in a list", () => {
    expect(readView({ topic: "a" })).toEqual({ topic: ["a"] });
  });

  it("takes a number as the words it was typed as", () => {
    expect(readView({ find: 2020, topic: 7 })).toEqual({ find: "2020", topic: ["7"] });
  });

  it("leaves out what it does not understand", () => {
    expect(readView({ sort: "colour", papers: [], topic: {}, h: "", other: "x" })).toEqual({});
  });
});
