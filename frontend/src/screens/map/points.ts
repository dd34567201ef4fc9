/** The points of the map, and what is asked of them: whose they are, and which is nearest. */
import type { Topic } from "../../parts/edits/edit";

export interface Points {
  /** x and y of each, in [-1, 1]. */
  places: Float32Array;
  /** The place of each one's topic in the list of the tree; -1 of an unassigned paper. */
  topics: Int32Array;
}

const BYTES = 12;

/** Read the body of `GET /hierarchies/{id}/map`: little-endian float32 x, y and topic of each. */
export function readPoints(answer: ArrayBuffer): Points {
  const count = Math.floor(answer.byteLength / BYTES);
  const view = new DataView(answer);
  const places = new Float32Array(2 * count);
  const topics = new Int32Array(count);
  for (let point = 0; point < count; point++) {
    places[2 * point] = view.getFloat32(point * BYTES, true);
    places[2 * point + 1] = view.getFloat32(point * BYTES + 4, true);
    topics[point] = view.getFloat32(point * BYTES + 8, true);
  }
  return { places, topics };
}

/** The id of a paper from the 16 bytes a point. */
export function readId(ids: Uint8Array, point: number): string {
  const hex = Array.from(ids.subarray(16 * point, 16 * point + 16), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** Group points by colour, so that each is set once: the points of group g are `order[starts[g]..starts[g + 1]]`. */
export interface Groups {
  order: Uint32Array;
  starts: Uint32Array;
}

/** Sort points by a number of each in [0, count), in time that grows with their number alone. */
export function groupBy(count: number, groupOf: (point: number) => number, points: number): Groups {
  const starts = new Uint32Array(count + 1);
  const groups = new Uint32Array(points);
  for (let point = 0; point < points; point++) {
    const group = groupOf(point);
    groups[point] = group;
    starts[group + 1] = (starts[group + 1] ?? 0) + 1;
  }
  for (let group = 0; group < count; group++) {
    starts[group + 1] = (starts[group + 1] ?? 0) + (starts[group] ?? 0);
  }
  const next = starts.slice();
  const order = new Uint32Array(points);
  for (let point = 0; point < points; point++) {
    const group = groups[point] ?? 0;
    const place = next[group] ?? 0;
    order[place] = point;
    next[group] = place + 1;
  }
  return { order, starts };
}

/** For each topic the place in the tree's list of the one above it right below the root; -1 of the root itself. */
export function findBroad(topics: readonly Topic[]): Int32Array {
  const at = new Map(topics.map((topic, index) => [topic.id, index]));
  const broad = new Int32Array(topics.length);
  topics.forEach((topic, index) => {
    // Parents come before their children.
    const parent = at.get(topic.parent_id ?? "");
    broad[index] =
      topic.depth === 0 || parent === undefined ? -1 : topic.depth === 1 ? index : (broad[parent] ?? -1);
  });
  return broad;
}

export interface TopicPlace {
  topic: Topic;
  x: number;
  y: number;
  /** Points of the topic and those below it. */
  count: number;
}

/** The middle of each topic's points, those of topics below it too; topics without points are left out. */
export function placeTopics(points: Points, topics: readonly Topic[]): TopicPlace[] {
  const at = new Map(topics.map((topic, index) => [topic.id, index]));
  const sums = new Float64Array(3 * topics.length);
  const add = (topic: number, values: readonly [number, number, number]) =>
    values.forEach((value, axis) => (sums[3 * topic + axis] = (sums[3 * topic + axis] ?? 0) + value));
  for (let point = 0; point < points.topics.length; point++) {
    const topic = points.topics[point] ?? -1;
    if (topic >= 0 && topic < topics.length) {
      add(topic, [points.places[2 * point] ?? 0, points.places[2 * point + 1] ?? 0, 1]);
    }
  }
  for (let topic = topics.length - 1; topic >= 0; topic--) {
    const parent = at.get(topics[topic]?.parent_id ?? "");
    if (parent !== undefined) {
      add(parent, [sums[3 * topic] ?? 0, sums[3 * topic + 1] ?? 0, sums[3 * topic + 2] ?? 0]);
    }
  }
  return topics.flatMap((topic, index) => {
    const [x, y, count] = [sums[3 * index] ?? 0, sums[3 * index + 1] ?? 0, sums[3 * index + 2] ?? 0];
    return count > 0 ? [{ topic, x: x / count, y: y / count, count }] : [];
  });
}

/** Squares of the map with the points in each, so that the nearest one is found at once. */
export interface Grid extends Groups {
  side: number;
}

const GRID_SIDE = 256;

export function makeGrid({ places, topics }: Points, side = GRID_SIDE): Grid {
  const groupOf = (point: number) =>
    squareOf(places[2 * point + 1] ?? 0, side) * side + squareOf(places[2 * point] ?? 0, side);
  return { side, ...groupBy(side * side, groupOf, topics.length) };
}

function squareOf(place: number, side: number): number {
  return Math.min(side - 1, Math.max(0, Math.floor(((place + 1) / 2) * side)));
}

/** The point nearest to a place, within a reach; null if there is none. */
export function findNearest(points: Points, grid: Grid, x: number, y: number, reach: number): number | null {
  const { side, order, starts } = grid;
  let best: number | null = null;
  let least = reach * reach;
  for (let row = squareOf(y - reach, side); row <= squareOf(y + reach, side); row++) {
    for (let column = squareOf(x - reach, side); column <= squareOf(x + reach, side); column++) {
      const square = row * side + column;
      for (let place = starts[square] ?? 0; place < (starts[square + 1] ?? 0); place++) {
        const point = order[place] ?? 0;
        const [dx, dy] = [(points.places[2 * point] ?? 0) - x, (points.places[2 * point + 1] ?? 0) - y];
        if (dx * dx + dy * dy <= least) {
          least = dx * dx + dy * dy;
          best = point;
        }
      }
    }
  }
  return best;
}
