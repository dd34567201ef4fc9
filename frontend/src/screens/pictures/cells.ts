/** Lays a branch out as cells: the same ones are drawn on the page and written into files. */
import {
  hierarchy,
  partition,
  treemap,
  type HierarchyNode,
  type HierarchyRectangularNode,
} from "d3-hierarchy";

import type { Topic } from "../../parts/edits/edit";
import { countOf } from "../../parts/numbers";
import type { Branch } from "./branch";
import { inkOn, type Scale } from "./colours";
import type { Kind } from "./view";

export const FONT_PX = 12;

export interface Cell {
  id: string;
  topic: Topic;
  /** Of the drawn ones; null for the topic in focus. */
  parent: string | null;
  /** Levels below the topic in focus. */
  level: number;
  isOpenable: boolean;
  /** An SVG path. */
  path: string;
  label: Label | null;
  fill: string;
  ink: string;
  /** What it says to those who hear it or point at it. */
  told: string;
}

export interface Label {
  text: string;
  x: number;
  y: number;
  /** In degrees, around x and y. */
  turn: number;
  anchor: "start" | "middle";
}

type Laid = HierarchyRectangularNode<Branch>;
interface Shape {
  path: string;
  label: Label | null;
}

/** Cells of less than this many pixels on a side are left out: nobody could hit or see them. */
const LEAST_PX = 0.7;

export function layOut(branch: Branch, kind: Kind, width: number, height: number, scale: Scale): Cell[] {
  const root = hierarchy(branch, (one) => one.children).sum((one) => one.own);
  const cells: Cell[] = [];
  for (const [node, shape] of draw(root, kind, width, height)) {
    const { topic, isOpenable } = node.data;
    const fill = scale.fill(topic);
    cells.push({
      id: topic.id,
      topic,
      parent: node.parent?.data.topic.id ?? null,
      level: node.depth,
      isOpenable,
      ...shape,
      fill,
      ink: inkOn(fill),
      told: [topic.label, countOf(topic.n_papers, "paper"), scale.tell(topic)].filter(Boolean).join(", "),
    });
  }
  return cells;
}

function draw(root: HierarchyNode<Branch>, kind: Kind, width: number, height: number): [Laid, Shape][] {
  if (kind === "treemap") {
    const laid = treemap<Branch>().size([width, height]).paddingInner(2).paddingOuter(3).paddingTop(20)(root);
    return shapesOf(laid, (node) =>
      box(node, node.x0, node.y0, node.x1, node.y1, node.children !== undefined),
    );
  }
  if (kind === "sunburst") {
    const radius = Math.min(width, height) / 2 - 2;
    const laid = partition<Branch>().size([2 * Math.PI, radius])(root);
    return shapesOf(laid, (node) => arc(node, width / 2, height / 2));
  }
  const laid = partition<Branch>().size([height, width])(root);
  return shapesOf(laid, (node) => box(node, node.y0, node.x0, node.y1, node.x1, false));
}

function shapesOf(root: Laid, shape: (node: Laid) => Shape | null): [Laid, Shape][] {
  return root.descendants().flatMap((node): [Laid, Shape][] => {
    const drawn = shape(node);
    return drawn ? [[node, drawn]] : [];
  });
}

function box(node: Laid, x0: number, y0: number, x1: number, y1: number, hasHead: boolean): Shape | null {
  if (x1 - x0 < LEAST_PX || y1 - y0 < LEAST_PX) {
    return null;
  }
  const path = `M${round(x0)} ${round(y0)}H${round(x1)}V${round(y1)}H${round(x0)}Z`;
  const text = y1 - y0 < FONT_PX + 3 ? "" : shorten(node.data.topic.label, x1 - x0 - 10);
  // The label of what has others within stands above them.
  const y = hasHead ? y0 + FONT_PX + 2 : Math.min((y0 + y1) / 2 + FONT_PX / 3, y1 - 3);
  return { path, label: text ? { text, x: x0 + 5, y, turn: 0, anchor: "start" } : null };
}

function arc(node: Laid, cx: number, cy: number): Shape | null {
  const { x0, x1, y0, y1 } = node;
  const label = node.data.topic.label;
  if (node.depth === 0) {
    const path = `M${cx - y1} ${cy}a${y1} ${y1} 0 1 0 ${2 * y1} 0a${y1} ${y1} 0 1 0 ${-2 * y1} 0Z`;
    const text = shorten(label, 1.7 * y1);
    return {
      path,
      label: text ? { text, x: cx, y: cy + FONT_PX / 3, turn: 0, anchor: "middle" } : null,
    };
  }
  const length = ((x1 - x0) * (y0 + y1)) / 2;
  if (length < LEAST_PX) {
    return null;
  }
  // A whole turn has no beginning and no end that an arc could be drawn between.
  const end = Math.min(x1, x0 + 2 * Math.PI - 1e-4);
  const large = end - x0 > Math.PI ? 1 : 0;
  const at = (angle: number, radius: number) =>
    `${round(cx + radius * Math.sin(angle))} ${round(cy - radius * Math.cos(angle))}`;
  const path =
    `M${at(x0, y0)}L${at(x0, y1)}A${y1} ${y1} 0 ${large} 1 ${at(end, y1)}` +
    `L${at(end, y0)}A${y0} ${y0} 0 ${large} 0 ${at(x0, y0)}Z`;
  const text = length < FONT_PX + 2 ? "" : shorten(label, y1 - y0 - 8);
  const angle = (x0 + x1) / 2;
  const middle = (y0 + y1) / 2;
  const degrees = (angle * 180) / Math.PI - 90;
  return {
    path,
    label: text
      ? {
          text,
          x: cx + middle * Math.sin(angle),
          y: cy - middle * Math.cos(angle),
          // Never upside down.
          turn: degrees > 90 ? degrees - 180 : degrees,
          anchor: "middle",
        }
      : null,
  };
}

/** A letter's width over the font's size, about; letters of East Asian scripts fill the square. */
const LETTER = 0.56;

/** Cut a label so that it fits; empty where fewer than three letters would be left. */
export function shorten(label: string, width: number): string {
  let room = width / FONT_PX;
  let text = "";
  for (const letter of label) {
    room -= (letter.codePointAt(0) ?? 0) > 0x2e7f ? 1 : LETTER;
    if (room < 0) {
      const kept = [...text].slice(0, -1).join("").trimEnd();
      return [...kept].length < 3 ? "" : `${kept}…`;
    }
    text += letter;
  }
  return text;
}

function round(length: number): number {
  return Math.round(length * 100) / 100;
}
