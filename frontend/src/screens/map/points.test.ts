import { describe, expect, it } from "vitest";

import { makeHierarchy } from "../../test/factories";
import { toMap, toScreen, WHOLE, zoomAt } from "./camera";
import { chooseLabels } from "./labels";
import { findBroad, findNearest, groupBy, makeGrid, placeTopics, readId, readPoints } from "./points";

const { topics } = makeHierarchy([
  ["root", null, 0],
  ["a", "root", 1],
  ["b", "root", 0],
  ["c", "b", 2],
]);
const POINTS = readPoints(new Float32Array([-0.5, 0, 1, 0.5, 0.25, 3, 0.5, 0.75, 3, 0.9, -0.9, -1]).buffer);

describe("the points", () => {
  it("are read as the API writes them", () => {
    expect([...POINTS.topics]).toEqual([1, 3, 3, -1]);
    expect([...POINTS.places.slice(0, 4)]).toEqual([-0.5, 0, 0.5, 0.25]);
  });

  it("have the ids of their papers", () => {
    const ids = new Uint8Array(32).map((_, index) => index);
    expect(readId(ids, 1)).toBe("10111213-1415-1617-1819-1a1b1c1d1e1f");
  });

  it("belong to a topic right below the root", () => {
    expect([...findBroad(topics)]).toEqual([-1, 1, 2, 2]);
  });

  it("place a topic in their middle, those below it too", () => {
    const places = placeTopics(POINTS, topics).map(({ topic, x, y, count }) => [topic.id, x, y, count]);
    expect(places.slice(1)).toEqual([
      ["a", -0.5, 0, 1],
      ["b", 0.5, 0.5, 2],
      ["c", 0.5, 0.5, 2],
    ]);
  });

  it("are found by where they lie, as a look at all of them does", () => {
    let seed = 7;
    const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
    const rows = Array.from({ length: 500 }, () => [2 * random() - 1, 2 * random() - 1, 0]);
    const points = readPoints(new Float32Array(rows.flat()).buffer);
    const grid = makeGrid(points, 16);
    for (let look = 0; look < 50; look++) {
      const [x, y] = [2 * random() - 1, 2 * random() - 1];
      const far = rows.map((row) => Math.hypot((row[0] ?? 0) - x, (row[1] ?? 0) - y));
      const least = Math.min(...far);
      expect(findNearest(points, grid, x, y, 0.1)).toBe(least <= 0.1 ? far.indexOf(least) : null);
    }
  });

  it("are grouped by colour, each once", () => {
    const { order, starts } = groupBy(3, (point) => point % 2, 5);
    expect([[...order], [...starts]]).toEqual([
      [0, 2, 4, 1, 3],
      [0, 3, 5, 5],
    ]);
  });
});

describe("the view", () => {
  const size = { width: 400, height: 300 };

  it("keeps what is under the pointer where it is", () => {
    const nearer = zoomAt(WHOLE, size, 3, 250, 120);
    expect(nearer.zoom).toBe(3);
    expect(toMap(nearer, size, 250, 120)[0]).toBeCloseTo(toMap(WHOLE, size, 250, 120)[0]);
    expect(toScreen(nearer, size, ...toMap(nearer, size, 30, 40))[1]).toBeCloseTo(40);
  });

  it("shows finer labels from near by", () => {
    const places = placeTopics(POINTS, topics).map((place) =>
      place.topic.id === "c" ? { ...place, y: -0.4 } : place,
    );
    const shown = (zoom: number) =>
      chooseLabels(places, { x: 0.2, y: 0, zoom }, size).map(({ topic }) => topic.id);
    expect(shown(1)).toEqual(["b", "a"]);
    expect(shown(1.95)).toContain("c");
  });
});
