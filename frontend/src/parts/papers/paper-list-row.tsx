import type { DragEvent, MouseEvent } from "react";

import { Icon } from "../icons";
import { percent } from "../numbers";
import { Highlighted } from "./highlighted";
import { readable } from "./latex";
import classes from "./paper-list.module.css";
import type { PaperRow } from "./rows";

interface Props {
  row: PaperRow;
  /** Distance from the top of the list, in pixels. */
  top: number;
  /** From 1 on. */
  position: number;
  total: number;
  isChosen: boolean;
  isActive: boolean;
  words?: string;
  onClick: (event: MouseEvent) => void;
  onDragStart: (event: DragEvent) => void;
}

/** Below this a place is shown as doubtful. */
const DOUBTFUL_BELOW = 0.5;

export function PaperListRow({ row, top, position, total, isChosen, isActive, words, ...events }: Props) {
  const { paper, confidence, note } = row;
  const line = [paper.year, paper.venue, note].filter(Boolean).join(" · ");
  return (
    <div
      {...events}
      id={`paper-${paper.id}`}
      role="option"
      aria-selected={isChosen}
      aria-current={isActive || undefined}
      aria-posinset={position}
      aria-setsize={total}
      className={classes.row}
      style={{ transform: `translateY(${top}px)` }}
      draggable
    >
      <span className={classes.box} data-box aria-hidden="true">
        <span>{isChosen && <Icon name="check" size={12} strokeWidth={2.2} />}</span>
      </span>
      <span className={classes.text}>
        <span className={classes.title} dir="auto">
          <Highlighted text={readable(paper.title)} words={words} />
        </span>
        <span className={classes.line} dir="auto">
          {line || "No year, no venue"}
        </span>
      </span>
      {confidence !== undefined && (
        <span
          className={classes.sure}
          data-doubtful={confidence < DOUBTFUL_BELOW || undefined}
          title={`How sure its place is: ${percent(confidence)}`}
        >
          {confidence < DOUBTFUL_BELOW && <Icon name="doubt" size={13} />}
          {percent(confidence)}
        </span>
      )}
    </div>
  );
}
