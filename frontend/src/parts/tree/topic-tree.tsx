/** The topics as a tree that can be worked by mouse, keyboard and touch. */
import type { TreeInstance } from "@headless-tree/core";
import { AssistiveTreeDescription } from "@headless-tree/react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef, type RefObject } from "react";

import { tellDrag } from "./tell-drag";
import { TopicRow } from "./topic-row";
import classes from "./topic-tree.module.css";
import type { TreeIndex, TreeRow } from "./tree-index";
import { useTopicTree, type TreeActions } from "./use-topic-tree";

export const ROW_PX = 32;

interface Props {
  index: TreeIndex;
  selected: readonly string[];
  /** The ids that are unfolded. */
  expanded: string[];
  setExpanded: (ids: string[]) => void;
  /** Topics with changes that are not saved yet. */
  unsaved: ReadonlySet<string>;
  actions: TreeActions;
}

export function TopicTree({ index, selected, expanded, setExpanded, unsaved, actions }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const scrollTo = (position: number) => reveal(scroller.current, position);
  const tree = useTopicTree({ index, selected, expanded, setExpanded, actions, scrollTo });
  return (
    <>
      <AssistiveTreeDescription tree={tree} getLabel={tellDrag} />
      <div ref={scroller} className={classes.scroller}>
        <Rows tree={tree} index={index} unsaved={unsaved} scroller={scroller} />
      </div>
    </>
  );
}

interface RowsProps extends Pick<Props, "index" | "unsaved"> {
  tree: TreeInstance<TreeRow>;
  scroller: RefObject<HTMLDivElement | null>;
}

/** The rows that are in sight; scrolling draws these anew and nothing else. */
function Rows({ tree, index, unsaved, scroller }: RowsProps) {
  const items = tree.getItems();
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: (position) => items[position]?.getId() ?? position,
    overscan: 12,
    initialRect: { width: 320, height: 800 },
  });
  return (
    <div
      {...tree.getContainerProps("Topics")}
      aria-multiselectable="true"
      className={classes.tree}
      style={{ height: virtualizer.getTotalSize() }}
    >
      {virtualizer.getVirtualItems().map((place) => {
        const item = items[place.index];
        return (
          item && (
            <TopicRow
              key={item.getKey()}
              item={item}
              top={place.start}
              isMatch={index.matches?.has(item.getId()) ?? false}
              isUnsaved={unsaved.has(item.getId())}
            />
          )
        );
      })}
    </div>
  );
}

/** Bring a row into view that may not be drawn yet. */
function reveal(scroller: HTMLElement | null, position: number): void {
  if (!scroller) {
    return;
  }
  const top = position * ROW_PX;
  if (top < scroller.scrollTop) {
    scroller.scrollTop = top;
  } else if (top + ROW_PX > scroller.scrollTop + scroller.clientHeight) {
    scroller.scrollTop = top + ROW_PX - scroller.clientHeight;
  }
}
