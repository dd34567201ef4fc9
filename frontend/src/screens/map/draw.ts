/** Draws the points: plain squares, each colour set once; 100,000 in some tens of milliseconds. */
import { type Camera, scaleOf, type Size } from "./camera";
import type { Groups, Points } from "./points";

export interface Painted {
  points: Points;
  /** The points of each of `colours`; those of the last colour are drawn above the others. */
  groups: Groups;
  colours: readonly string[];
}

export function drawPoints(canvas: HTMLCanvasElement, painted: Painted, camera: Camera, size: Size): void {
  const pen = canvas.getContext("2d");
  if (!pen) {
    return;
  }
  const density = window.devicePixelRatio || 1;
  canvas.width = Math.round(size.width * density);
  canvas.height = Math.round(size.height * density);
  pen.scale(density, density);
  const { points, groups, colours } = painted;
  const { places } = points;
  const scale = scaleOf(camera, size);
  const side = sideOf(points.topics.length, camera.zoom);
  const left = size.width / 2 - camera.x * scale - side / 2;
  const top = size.height / 2 - camera.y * scale - side / 2;
  colours.forEach((colour, group) => {
    pen.fillStyle = colour;
    for (let place = groups.starts[group] ?? 0; place < (groups.starts[group + 1] ?? 0); place++) {
      const point = groups.order[place] ?? 0;
      const x = (places[2 * point] ?? 0) * scale + left;
      const y = (places[2 * point + 1] ?? 0) * scale + top;
      if (x > -side && y > -side && x < size.width && y < size.height) {
        pen.fillRect(x, y, side, side);
      }
    }
  });
}

/** The side of a point in pixels: small where there are many, larger from near by. */
function sideOf(count: number, zoom: number): number {
  const base = Math.min(5, Math.max(1.5, 300 / Math.sqrt(count + 1)));
  return Math.min(9, base * Math.sqrt(Math.sqrt(zoom)));
}

/** Hues that are told apart, on light and dark ground alike; used in turn where there are more topics. */
export const HUES = [
  "#2f8552",
  "#c2571a",
  "#3f6fc4",
  "#b03a6b",
  "#8a7a12",
  "#7a52b8",
  "#1a8f96",
  "#a3483c",
  "#5d8a1f",
  "#5b6c80",
  "#c1468f",
  "#94682f",
];
/** Of the unassigned, and of what does not belong to the chosen topic. */
export const FAINT = "rgba(128, 136, 132, 0.35)";
