/** Which part of the map is seen. */
export interface Camera {
  /** The middle, in the map's own measure. */
  x: number;
  y: number;
  /** 1 shows all of it. */
  zoom: number;
}

export interface Size {
  width: number;
  height: number;
}

export const WHOLE: Camera = { x: 0, y: 0, zoom: 1 };
const CLOSEST = 200;
const MARGIN = 0.95;

/** Pixels a unit of the map. */
export function scaleOf({ zoom }: Camera, { width, height }: Size): number {
  return (Math.min(width, height) / 2) * MARGIN * zoom;
}

export function toScreen(camera: Camera, size: Size, x: number, y: number): [number, number] {
  const scale = scaleOf(camera, size);
  return [(x - camera.x) * scale + size.width / 2, (y - camera.y) * scale + size.height / 2];
}

export function toMap(camera: Camera, size: Size, left: number, top: number): [number, number] {
  const scale = scaleOf(camera, size);
  return [(left - size.width / 2) / scale + camera.x, (top - size.height / 2) / scale + camera.y];
}

/** Come nearer by a factor; what is under the place on the screen stays there. */
export function zoomAt(camera: Camera, size: Size, factor: number, left: number, top: number): Camera {
  const zoom = Math.min(CLOSEST, Math.max(1, camera.zoom * factor));
  const [x, y] = toMap(camera, size, left, top);
  const share = camera.zoom / zoom;
  return keep({ x: x + (camera.x - x) * share, y: y + (camera.y - y) * share, zoom });
}

export function moveBy(camera: Camera, size: Size, dx: number, dy: number): Camera {
  const scale = scaleOf(camera, size);
  return keep({ ...camera, x: camera.x - dx / scale, y: camera.y - dy / scale });
}

/** The middle never leaves the map: nobody gets lost beside it. */
function keep({ x, y, zoom }: Camera): Camera {
  const within = (place: number) => Math.min(1, Math.max(-1, place));
  return { x: within(x), y: within(y), zoom };
}
