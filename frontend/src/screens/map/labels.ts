/** Which labels of topics are shown: broad ones from afar, finer ones as one comes nearer; none over another. */
import { type Camera, type Size, toScreen } from "./camera";
import type { TopicPlace } from "./points";

export interface MapLabel extends TopicPlace {
  left: number;
  top: number;
}

const MOST = 40;
/** How much nearer one comes to see the next level. */
const PER_LEVEL = 1.9;
const LETTER_PX = 7.2;
const LINE_PX = 24;
export const WIDEST_PX = 200;

export function chooseLabels(places: readonly TopicPlace[], camera: Camera, size: Size): MapLabel[] {
  const deepest = 1 + Math.floor(Math.log(camera.zoom) / Math.log(PER_LEVEL));
  const candidates = places
    .filter(({ topic }) => topic.depth >= 1 && topic.depth <= deepest)
    .sort((one, other) => one.topic.depth - other.topic.depth || other.count - one.count);
  const shown: (MapLabel & { half: number })[] = [];
  for (const place of candidates) {
    const [left, top] = toScreen(camera, size, place.x, place.y);
    const half = Math.min(WIDEST_PX, place.topic.label.length * LETTER_PX + 12) / 2;
    const isInside =
      left > half && left < size.width - half && top > LINE_PX / 2 && top < size.height - LINE_PX / 2;
    const isFree = shown.every(
      (other) => Math.abs(other.top - top) > LINE_PX || Math.abs(other.left - left) > other.half + half,
    );
    if (isInside && isFree) {
      shown.push({ ...place, left, top, half });
    }
    if (shown.length === MOST) {
      break;
    }
  }
  return shown;
}
