import { describe, expect, it } from "vitest";

import { makeHierarchy, makePaper } from "../../test/factories";
import { groupByPath, ofYears, pathsOf } from "./found";
import { guessWay, isDoi, readView } from "./view";

const foundAt = (id: string, path: string[], year: number | null = 2020) => ({
  paper: makePaper({ id, year }),
  similarity: null,
  path,
});

describe("readView", () => {
  it("takes what it understands and leaves out the rest", () => {
    expect(readView({ q: 2020, by: "meaning", from: "1999", to: 12.5, like: "" })).toEqual({
      q: "2020",
      by: "meaning",
      from: 1999,
    });
    expect(readView({ q: "  ", by: ["words"], from: -1 })).toEqual({});
  });
});

describe("what is typed", () => {
  it("is words when short, and meaning when it is a sentence", () => {
    expect(guessWay("sodium batteries")).toBe("words");
    expect(guessWay("How do the cathodes of sodium batteries degrade when they are charged fast?")).toBe(
      "meaning",
    );
  });

  it.each(["10.1000/abc", "doi:10.1000/abc", "https://doi.org/10.1000/ABC(1)"])("is a DOI: %s", (typed) => {
    expect(isDoi(typed)).toBe(true);
  });

  it.each(["10.5 percent", "about 10.1000/abc", ""])("is none: %s", (typed) => {
    expect(isDoi(typed)).toBe(false);
  });
});

describe("what is found", () => {
  it("stands under its topics, the topic of the best paper first", () => {
    const groups = groupByPath([foundAt("1", ["b"]), foundAt("2", ["a", "c"]), foundAt("3", ["b"])]);
    expect(groups.map((group) => [group.path, group.papers.map((one) => one.paper.id)])).toEqual([
      [["b"], ["1", "3"]],
      [["a", "c"], ["2"]],
    ]);
  });

  it("is sifted by years, both ends included", () => {
    const found = [foundAt("1", [], 1999), foundAt("2", [], 2000), foundAt("3", [], null)];
    expect(ofYears(found, 2000).map((one) => one.paper.id)).toEqual(["2"]);
    expect(ofYears(found, undefined, 1999).map((one) => one.paper.id)).toEqual(["1"]);
    expect(ofYears(found)).toHaveLength(3);
  });

  it("leads to the topic at its path", () => {
    const hierarchy = makeHierarchy([
      ["root", null, 0],
      ["a", "root", 1],
      ["b", "a", 1],
    ]);
    const { pathOf, topicAt } = pathsOf(hierarchy);
    expect(pathOf("b")).toEqual(["a", "b"]);
    expect(topicAt(["a", "b"])).toBe("b");
    expect(topicAt([])).toBeUndefined();
  });
});
