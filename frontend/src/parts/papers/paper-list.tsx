/** Papers as a list: one is looked at, any number are chosen. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, type DragEvent, type KeyboardEvent, type MouseEvent } from "react";

import { writeDraggedPapers } from "./dragged-papers";
import classes from "./paper-list.module.css";
import { PaperListRow } from "./paper-list-row";
import type { PaperRow } from "./rows";

const ROW_PX = 72;

interface Props {
  rows: readonly PaperRow[];
  /** How many there are on the server, of which `rows` may be the first. */
  total: number;
  chosen: ReadonlySet<string>;
  active?: string;
  words?: string;
  label: string;
  choose: (ids: string[]) => void;
  chooseAll: () => void;
  open: (paperId: string) => void;
  /** The end of what is loaded is in sight. */
  more: () => void;
  /** A key that is not the list's own. */
  command?: (key: string) => void;
}

export function PaperList(props: Props) {
  const { rows, total, chosen, active, words, label, open, more } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const anchor = useRef<number | null>(null);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: (at) => rows[at]?.paper.id ?? at,
    overscan: 8,
    initialRect: { width: 600, height: 800 },
  });
  const places = virtualizer.getVirtualItems();
  const last = places.at(-1)?.index ?? 0;
  useEffect(() => {
    if (rows.length < total && last >= rows.length - 10) {
      more();
    }
  }, [last, rows.length, total, more]);

  const activeAt = rows.findIndex((row) => row.paper.id === active);
  const click = (event: MouseEvent, at: number) => {
    const row = rows[at];
    if (!row) {
      return;
    }
    const isBox = (event.target as Element).closest("[data-box]") !== null;
    if (event.shiftKey) {
      props.choose(between(rows, anchor.current ?? activeAt, at));
    } else if (isBox || event.ctrlKey || event.metaKey) {
      props.choose(toggled(chosen, row.paper.id));
      anchor.current = at;
    } else {
      anchor.current = at;
      open(row.paper.id);
    }
  };
  const press = (event: KeyboardEvent) => {
    const handled = pressed(event, {
      ...props,
      activeAt,
      anchor,
      show: (at) => virtualizer.scrollToIndex(at),
    });
    if (handled) {
      event.preventDefault();
    }
  };
  const drag = (event: DragEvent, row: PaperRow) => {
    const dragged = chosen.has(row.paper.id) ? rows.filter((one) => chosen.has(one.paper.id)) : [row];
    const papers = Object.fromEntries(dragged.map((one) => [one.paper.id, one.home ?? null]));
    writeDraggedPapers(event.dataTransfer, { papers });
  };
  return (
    <div
      ref={scroller}
      className={classes.scroller}
      role="listbox"
      aria-label={label}
      aria-multiselectable="true"
      aria-activedescendant={activeAt >= 0 ? `paper-${active}` : undefined}
      tabIndex={0}
      onKeyDown={press}
    >
      <div className={classes.list} role="presentation" style={{ height: virtualizer.getTotalSize() }}>
        {places.map((place) => {
          const row = rows[place.index];
          return (
            row && (
              <PaperListRow
                key={row.paper.id}
                row={row}
                top={place.start}
                position={place.index + 1}
                total={total}
                isChosen={chosen.has(row.paper.id)}
                isActive={row.paper.id === active}
                words={words}
                onClick={(event) => click(event, place.index)}
                onDragStart={(event) => drag(event, row)}
              />
            )
          );
        })}
      </div>
    </div>
  );
}

interface Pressing extends Props {
  activeAt: number;
  anchor: { current: number | null };
  show: (at: number) => void;
}

/** What a key does in the list; false leaves it to the browser. */
function pressed(event: KeyboardEvent, list: Pressing): boolean {
  const { rows, chosen, activeAt, anchor } = list;
  const steps: Record<string, number> = {
    ArrowDown: activeAt + 1,
    ArrowUp: activeAt - 1,
    Home: 0,
    End: rows.length - 1,
    PageDown: activeAt + 10,
    PageUp: activeAt - 10,
  };
  const step = steps[event.key];
  if (step !== undefined && rows.length > 0) {
    const at = Math.max(0, Math.min(rows.length - 1, step));
    if (event.shiftKey) {
      anchor.current ??= Math.max(0, activeAt);
      list.choose(between(rows, anchor.current, at));
    } else {
      anchor.current = at;
    }
    list.open(rows[at]?.paper.id as string);
    list.show(at);
    return true;
  }
  if (event.key === " " && activeAt >= 0) {
    list.choose(toggled(chosen, rows[activeAt]?.paper.id as string));
    return true;
  }
  if (event.key.toLowerCase() === "a" && (event.ctrlKey || event.metaKey)) {
    list.chooseAll();
    return true;
  }
  if (event.key === "Escape" && chosen.size > 0) {
    list.choose([]);
    return true;
  }
  if (!event.ctrlKey && !event.metaKey && !event.altKey && event.key.length === 1) {
    list.command?.(event.key.toLowerCase());
  }
  return false;
}

function toggled(chosen: ReadonlySet<string>, id: string): string[] {
  return chosen.has(id) ? [...chosen].filter((one) => one !== id) : [...chosen, id];
}

function between(rows: readonly PaperRow[], from: number, to: number): string[] {
  const [low, high] = from < to ? [Math.max(0, from), to] : [to, from];
  return rows.slice(low, high + 1).map((row) => row.paper.id);
}
