/** The picture itself: a tree of cells, by mouse, touch and keyboard. */
import { useRef, useState, type KeyboardEvent } from "react";

import { FONT_PX, type Cell, type Label } from "./cells";
import classes from "./pictures.module.css";

interface Props {
  title: string;
  width: number;
  height: number;
  cells: readonly Cell[];
  /** The id of the topic that is looked at. */
  chosen: string;
  /** Looks at a topic: one with others below it becomes the whole picture. */
  choose: (topicId: string) => void;
  /** Goes a level up. */
  leave: () => void;
}

export function Picture({ title, width, height, cells, chosen, choose, leave }: Props) {
  const svg = useRef<SVGSVGElement>(null);
  const [at, setAt] = useState(chosen);
  // One stop for the Tab key; from there arrows lead on.
  const stop = cells.some((cell) => cell.id === at) ? at : (cells[0]?.id ?? "");
  const act = (cell: Cell) => (cell.level === 0 ? leave() : choose(cell.id));
  const press = (event: KeyboardEvent, cell: Cell) => {
    if (event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    const next = stepFrom(cells, cell, event.key);
    if (next) {
      setAt(next);
      svg.current?.querySelector<SVGElement>(`[data-id="${CSS.escape(next)}"]`)?.focus();
    } else if (event.key === "Enter" || event.key === " ") {
      act(cell);
    } else if (event.key === "Escape" || event.key === "Backspace") {
      leave();
    } else if (!event.key.startsWith("Arrow")) {
      return;
    }
    event.preventDefault();
  };
  return (
    <svg
      ref={svg}
      className={classes.picture}
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      fontSize={FONT_PX}
      role="tree"
      aria-label={title}
    >
      {cells.map((cell) => (
        <g
          key={cell.id}
          data-id={cell.id}
          className={classes.cell}
          role="treeitem"
          aria-label={cell.told}
          aria-level={cell.level + 1}
          aria-selected={cell.id === chosen}
          tabIndex={cell.id === stop ? 0 : -1}
          onClick={() => act(cell)}
          onFocus={() => setAt(cell.id)}
          onKeyDown={(event) => press(event, cell)}
        >
          <title>{cell.told}</title>
          <path d={cell.path} fill={cell.fill} />
        </g>
      ))}
      {/* Apart, since a label that is cut short is not what its cell is called. */}
      <g className={classes.labels} aria-hidden="true">
        {cells.map(({ id, ink, label }) => label && <CellLabel key={id} ink={ink} label={label} />)}
      </g>
    </svg>
  );
}

function CellLabel({ ink, label }: { ink: string; label: Label }) {
  const { text, x, y, turn, anchor } = label;
  return (
    <text
      x={x}
      y={y}
      dy={turn ? FONT_PX / 3 : 0}
      fill={ink}
      textAnchor={anchor}
      transform={turn ? `rotate(${turn} ${x} ${y})` : undefined}
    >
      {text}
    </text>
  );
}

/** Where a key leads from a cell: up and down among siblings, right to the first below, left to the one above. */
function stepFrom(cells: readonly Cell[], from: Cell, key: string): string | null {
  const siblings = cells.filter((cell) => cell.parent === from.parent);
  const place = siblings.indexOf(from);
  switch (key) {
    case "ArrowDown":
      return siblings[place + 1]?.id ?? null;
    case "ArrowUp":
      return siblings[place - 1]?.id ?? null;
    case "ArrowRight":
      return cells.find((cell) => cell.parent === from.id)?.id ?? null;
    case "ArrowLeft":
      return from.parent;
    case "Home":
      return cells[0]?.id ?? null;
    case "End":
      return siblings.at(-1)?.id ?? null;
    default:
      return null;
  }
}
