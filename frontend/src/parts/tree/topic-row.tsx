import type { ItemInstance } from "@headless-tree/core";
import type { MouseEvent } from "react";

import { Icon, type IconName } from "../icons";
import { formatCount } from "../numbers";
import { Unseen } from "../unseen";
import { doubtShare, UNASSIGNED, type TreeRow } from "./tree-index";
import classes from "./topic-tree.module.css";

interface Props {
  item: ItemInstance<TreeRow>;
  /** Distance from the top of the tree, in pixels. */
  top: number;
  isMatch: boolean;
  isUnsaved: boolean;
}

/** From this share of doubtful papers on, a topic is marked. */
const MARKED_FROM = 0.25;

export function TopicRow({ item, top, isMatch, isUnsaved }: Props) {
  const row = item.getItemData();
  const level = item.getItemMeta().level;
  const marks = marksOf(row, isUnsaved);
  const { style, ...props } = item.getProps();
  const click = (event: MouseEvent) => {
    choose(item, event);
    item.setFocused();
  };
  return (
    <div
      {...props}
      onClick={click}
      onFocus={() => item.isFocused() || item.setFocused()}
      aria-label={undefined}
      className={classes.row}
      style={{ ...style, transform: `translateY(${top}px)`, paddingLeft: `${0.25 + level * 1.1}rem` }}
      data-selected={item.isSelected() || undefined}
      data-focused={item.isFocused() || undefined}
      data-target={item.isUnorderedDragTarget() || undefined}
      data-topic={row.id}
    >
      <Chevron item={item} />
      {item.isRenaming() ? (
        <input
          {...item.getRenameInputProps()}
          className={classes.rename}
          aria-label={`New name of ${row.label}`}
        />
      ) : (
        <span className={classes.label} data-match={isMatch || undefined} dir="auto" title={tellRow(row)}>
          {row.label}
        </span>
      )}
      {marks.map(([icon, text]) => (
        <span key={icon} className={classes.mark} data-mark={icon} title={text}>
          <Icon name={icon} size={13} />
        </span>
      ))}
      <Unseen>{", "}</Unseen>
      <span className={classes.count}>{formatCount(row.nPapers)}</span>
      <Unseen>
        {[row.nPapers === 1 ? " paper" : " papers", ...marks.map(([, text]) => text)].join(", ")}
      </Unseen>
    </div>
  );
}

/** A click chooses, and unfolds; what is open stays open, so that looking at a topic never hides others. */
function choose(item: ItemInstance<TreeRow>, event: MouseEvent): void {
  const tree = item.getTree();
  if (event.shiftKey) {
    item.selectUpTo(event.ctrlKey || event.metaKey);
    return;
  }
  tree.getDataRef<{ selectUpToAnchorId?: string }>().current.selectUpToAnchorId = item.getId();
  if (event.ctrlKey || event.metaKey) {
    item.toggleSelect();
    return;
  }
  tree.setSelectedItems([item.getId()]);
  if (item.isFolder() && !item.isExpanded()) {
    item.expand();
  }
}

function Chevron({ item }: { item: ItemInstance<TreeRow> }) {
  if (!item.isFolder()) {
    return <span className={classes.chevron} />;
  }
  return (
    <span
      className={classes.chevron}
      data-open={item.isExpanded() || undefined}
      onClick={(event) => {
        event.stopPropagation();
        if (item.isExpanded()) {
          item.collapse();
        } else {
          item.expand();
        }
      }}
    >
      <Icon name="chevron" size={14} />
    </span>
  );
}

function marksOf(row: TreeRow, isUnsaved: boolean): [IconName, string][] {
  const marks: [boolean | undefined, IconName, string][] = [
    [isUnsaved, "clock", "not saved yet"],
    [row.topic?.edited, "edit", "edited by a person"],
    [row.topic?.locked, "lock", "locked"],
    [row.id === UNASSIGNED || doubtShare(row) >= MARKED_FROM, "doubt", tellDoubt(row)],
  ];
  return marks.filter(([holds]) => holds).map(([, icon, text]) => [icon, text]);
}

function tellDoubt(row: TreeRow): string {
  return row.id === UNASSIGNED
    ? "papers that fit no topic well"
    : `${Math.round(100 * doubtShare(row))} % of its papers are in doubt`;
}

function tellRow(row: TreeRow): string {
  return [row.label, ...(row.topic?.keyphrases.slice(0, 6) ?? [])].join("\n");
}
