/** The map itself: points on a canvas, labels above them; by mouse, touch and keyboard. */
import { ActionIcon } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent } from "react";

import { Icon } from "../../parts/icons";
import { type Camera, moveBy, scaleOf, type Size, toMap, WHOLE, zoomAt } from "./camera";
import { drawPoints, type Painted } from "./draw";
import { chooseLabels } from "./labels";
import classes from "./map.module.css";
import { findNearest, type Grid, type TopicPlace } from "./points";

interface Props {
  painted: Painted;
  grid: Grid;
  places: readonly TopicPlace[];
  chosen: string | undefined;
  choose: (topicId: string) => void;
  /** The point under the pointer, with where that is. */
  hover: (at: Hovered | null) => void;
  pick: (point: number) => void;
}

export interface Hovered {
  point: number;
  left: number;
  top: number;
}

const STEP = 1.5;
const REACH_PX = 9;
const PAN_PX = 80;

export function MapCanvas({ painted, grid, places, chosen, choose, hover, pick }: Props) {
  const { ref, width, height } = useElementSize<HTMLDivElement>();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [camera, setCamera] = useState<Camera>(WHOLE);
  const size = useMemo<Size>(() => ({ width, height }), [width, height]);
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      if (canvas.current && size.width > 0) {
        drawPoints(canvas.current, painted, camera, size);
      }
    });
    return () => cancelAnimationFrame(frame);
  }, [painted, camera, size]);
  useWheel(canvas, size, setCamera);
  const nearest = (left: number, top: number) => {
    const [x, y] = toMap(camera, size, left, top);
    return findNearest(painted.points, grid, x, y, REACH_PX / scaleOf(camera, size));
  };
  const zoom = (factor: number) => setCamera((now) => zoomAt(now, size, factor, width / 2, height / 2));
  const gestures = useGestures(size, setCamera, {
    point: (left, top) => {
      const point = nearest(left, top);
      hover(point === null ? null : { point, left, top });
    },
    tap: (left, top) => {
      const point = nearest(left, top);
      if (point !== null) {
        pick(point);
      }
    },
    leave: () => hover(null),
  });
  const labels = useMemo(() => chooseLabels(places, camera, size), [places, camera, size]);
  return (
    <div ref={ref} className={classes.frame}>
      <canvas
        ref={canvas}
        className={classes.canvas}
        role="application"
        aria-label={`Map of ${painted.points.topics.length} papers. Arrows move it, plus and minus come nearer and go back, 0 shows all. The same is in the list below.`}
        tabIndex={0}
        onKeyDown={(event) => press(event, size, setCamera, zoom)}
        {...gestures}
      />
      {labels.map(({ topic, left, top }) => (
        <button
          key={topic.id}
          type="button"
          className={classes.label}
          data-level={topic.depth}
          aria-pressed={topic.id === chosen}
          style={{ left, top }}
          onClick={() => choose(topic.id)}
        >
          {topic.label}
        </button>
      ))}
      <div className={classes.buttons}>
        <ActionIcon variant="default" size="lg" aria-label="Come nearer" onClick={() => zoom(STEP)}>
          <Icon name="add" />
        </ActionIcon>
        <ActionIcon variant="default" size="lg" aria-label="Go back" onClick={() => zoom(1 / STEP)}>
          <Icon name="less" />
        </ActionIcon>
        <ActionIcon variant="default" size="lg" aria-label="Show all" onClick={() => setCamera(WHOLE)}>
          <Icon name="map" />
        </ActionIcon>
      </div>
    </div>
  );
}

type SetCamera = (change: Camera | ((now: Camera) => Camera)) => void;

function press(event: KeyboardEvent, size: Size, setCamera: SetCamera, zoom: (factor: number) => void): void {
  const moves: Record<string, [number, number]> = {
    ArrowLeft: [PAN_PX, 0],
    ArrowRight: [-PAN_PX, 0],
    ArrowUp: [0, PAN_PX],
    ArrowDown: [0, -PAN_PX],
  };
  const move = moves[event.key];
  if (event.ctrlKey || event.metaKey || event.altKey) {
    return;
  }
  if (move) {
    setCamera((now) => moveBy(now, size, ...move));
  } else if (event.key === "+" || event.key === "=") {
    zoom(STEP);
  } else if (event.key === "-") {
    zoom(1 / STEP);
  } else if (event.key === "0") {
    setCamera(WHOLE);
  } else {
    return;
  }
  event.preventDefault();
}

/** React listens to the wheel in a way that cannot keep the page from scrolling. */
function useWheel(canvas: React.RefObject<HTMLCanvasElement | null>, size: Size, setCamera: SetCamera): void {
  useEffect(() => {
    const element = canvas.current;
    const turn = (event: WheelEvent) => {
      event.preventDefault();
      const factor = Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.0015));
      setCamera((now) => zoomAt(now, size, factor, event.offsetX, event.offsetY));
    };
    element?.addEventListener("wheel", turn, { passive: false });
    return () => element?.removeEventListener("wheel", turn);
  }, [canvas, size, setCamera]);
}

interface Told {
  point: (left: number, top: number) => void;
  tap: (left: number, top: number) => void;
  leave: () => void;
}

/** A finger more or less than this many pixels from where it came down has not moved. */
const STILL_PX = 4;

/** One pointer moves the map, two pull it nearer; one that did not move picks a paper. */
function useGestures(size: Size, setCamera: SetCamera, told: Told) {
  const down = useRef(new Map<number, { x: number; y: number }>());
  const moved = useRef(0);
  const placeOf = (event: PointerEvent) => ({ x: event.nativeEvent.offsetX, y: event.nativeEvent.offsetY });
  return {
    onPointerDown: (event: PointerEvent<HTMLCanvasElement>) => {
      event.currentTarget.setPointerCapture(event.pointerId);
      down.current.set(event.pointerId, placeOf(event));
      moved.current = down.current.size > 1 ? Infinity : 0;
    },
    onPointerMove: (event: PointerEvent<HTMLCanvasElement>) => {
      const now = placeOf(event);
      const before = down.current.get(event.pointerId);
      if (!before) {
        told.point(now.x, now.y);
        return;
      }
      const other = [...down.current].find(([id]) => id !== event.pointerId)?.[1];
      down.current.set(event.pointerId, now);
      moved.current += Math.hypot(now.x - before.x, now.y - before.y);
      if (other) {
        const length = (one: { x: number; y: number }) => Math.hypot(one.x - other.x, one.y - other.y) || 1;
        setCamera((camera) => zoomAt(camera, size, length(now) / length(before), other.x, other.y));
      } else {
        setCamera((camera) => moveBy(camera, size, now.x - before.x, now.y - before.y));
      }
    },
    onPointerUp: (event: PointerEvent<HTMLCanvasElement>) => {
      const place = placeOf(event);
      if (down.current.delete(event.pointerId) && moved.current < STILL_PX) {
        told.tap(place.x, place.y);
      }
    },
    onPointerCancel: (event: PointerEvent<HTMLCanvasElement>) => {
      down.current.delete(event.pointerId);
    },
    onPointerLeave: told.leave,
  };
}
