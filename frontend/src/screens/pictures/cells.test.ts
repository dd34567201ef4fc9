import { describe, expect, it } from "vitest";

import { makeHierarchy } from "../../test/factories";
import { focusOn, type Focus } from "./branch";
import { layOut, shorten } from "./cells";
import { growthOf, inkOn, makeScale } from "./colours";
import { writeSvg } from "./save-picture";
import { KINDS } from "./view";

const HIERARCHY = makeHierarchy([
  ["root", null, 0],
  ["a", "root", 10],
  ["b", "root", 30],
  ["c", "b", 20],
  ["d", "c", 5],
  ["e", "d", 5],
  ["empty", "root", 0],
]);
const focusAt = (topic?: string) => focusOn(HIERARCHY, topic) as Focus;
const scale = makeScale("size", HIERARCHY.topics, undefined);
const idsOf = (topic?: string, kind = KINDS[0]) =>
  layOut(focusAt(topic).branch, kind, 400, 300, scale).map((cell) => cell.id);

describe("focusOn", () => {
  it("goes three levels below the topic", () => {
    expect(idsOf()).toEqual(["root", "a", "b", "c", "d"]);
    expect(idsOf("b")).toEqual(["b", "c", "d", "e"]);
  });

  it("shows a topic without others below it within its parent", () => {
    const focus = focusAt("e");
    expect([focus.branch.topic.id, focus.chosen.id]).toEqual(["d", "e"]);
    expect(focus.trail.map((topic) => topic.id)).toEqual(["root", "b", "c", "d", "e"]);
  });

  it("shows the whole when the topic is gone", () => {
    expect(focusAt("gone").branch.topic.id).toBe("root");
  });
});

describe("layOut", () => {
  it.each(KINDS)("draws areas, and none of an empty topic, as %s", (kind) => {
    const cells = layOut(focusAt().branch, kind, 400, 300, scale);
    expect(cells.map((cell) => cell.id).sort()).toEqual(["a", "b", "c", "d", "root"]);
    for (const { path } of cells) {
      expect(path).toMatch(/^M[^a-z]*[A-Za-z0-9 .-]*Z$/);
      expect(path).not.toContain("NaN");
    }
  });

  it("gives each topic the share of its papers", () => {
    const cells = layOut(focusAt().branch, "icicle", 400, 700, scale);
    // Column two of four, 10 of 70 papers.
    expect(cells.find((cell) => cell.id === "a")?.path).toMatch(/^M100 \d+H200V\d+H100Z$/);
    const heights = cells
      .map(({ path }) => /^M[\d.]+ ([\d.]+)H[\d.]+V([\d.]+)/.exec(path))
      .map((found) => Number(found?.[2]) - Number(found?.[1]));
    expect(heights).toEqual([700, 100, 600, 300, 100]);
  });
});

describe("colours", () => {
  it("compare the last years with as many before", () => {
    expect(growthOf([1, 2, 3, 4, 5])).toEqual({ recent: 9, before: 5, span: 2 });
    expect(growthOf([7])).toBeNull();
    expect(growthOf(undefined)).toBeNull();
  });

  it("have an ink that is read on them", () => {
    expect([inkOn("#ffffff"), inkOn("#1a5c38")]).toEqual(["#000000", "#ffffff"]);
  });
});

describe("what is written", () => {
  it("is cut to the room there is", () => {
    expect(shorten("Wild bees", 200)).toBe("Wild bees");
    expect(shorten("Wild bees and their flowers", 80)).toMatch(/^Wild bee.*…$/);
    expect(shorten("Wild bees", 10)).toBe("");
  });

  it("stays text in a file", () => {
    const hierarchy = makeHierarchy([["<script>\u0001&", null, 3]]);
    const focus = focusOn(hierarchy, undefined) as Focus;
    const cells = layOut(focus.branch, "icicle", 400, 300, scale);
    const file = writeSvg({ title: "<b>", width: 400, height: 300, cells });
    const read = new DOMParser().parseFromString(file, "image/svg+xml");
    expect(read.querySelector("parsererror, script, b")).toBeNull();
    expect(read.querySelector("text")?.textContent).toBe("<script>&");
  });
});
