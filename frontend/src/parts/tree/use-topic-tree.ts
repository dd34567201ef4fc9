/** The state of the tree: what is focused, dragged and renamed; what is selected comes from the address. */
import {
  dragAndDropFeature,
  hotkeysCoreFeature,
  keyboardDragAndDropFeature,
  propMemoizationFeature,
  renamingFeature,
  selectionFeature,
  syncDataLoaderFeature,
  type CustomHotkeysConfig,
  type DragTarget,
  type ItemInstance,
  type TreeInstance,
} from "@headless-tree/core";
import { useTree } from "@headless-tree/react";
import { useLayoutEffect, useState } from "react";

import { PAPERS_FORMAT, readDraggedPapers, type DraggedPapers } from "../papers/dragged-papers";
import { isWithin, ORIGIN, UNASSIGNED, type TreeIndex, type TreeRow } from "./tree-index";

/** What a person may ask of topics by a single key, with the tree in focus. */
export type TopicCommand = "move" | "merge" | "split" | "create" | "delete" | "lock";

export interface TreeActions {
  select: (ids: string[]) => void;
  rename: (topicId: string, label: string) => void;
  move: (topicIds: string[], parentId: string) => void;
  takePapers: (papers: DraggedPapers, topicId: string) => void;
  command: (command: TopicCommand, topicIds: string[]) => void;
}

const KEYS: Record<TopicCommand, string> = {
  move: "KeyM",
  merge: "KeyG",
  split: "KeyS",
  create: "KeyN",
  delete: "Delete",
  lock: "KeyL",
};

interface Options {
  index: TreeIndex;
  selected: readonly string[];
  expanded: string[];
  setExpanded: (ids: string[]) => void;
  actions: TreeActions;
  scrollTo: (position: number) => void;
}

type Item = ItemInstance<TreeRow>;

const NO_ROW: TreeRow = { id: "", label: "", nPapers: 0 };

export function useTopicTree({ index, selected, expanded, setExpanded, actions, scrollTo }: Options) {
  const [focused, setFocused] = useState<string | null>(selected.at(-1) ?? null);
  const selectedItems = selected.filter((id) => index.rows.has(id));
  const tree = useTree<TreeRow>({
    rootItemId: ORIGIN,
    dataLoader: {
      getItem: (id) => index.rows.get(id) ?? NO_ROW,
      getChildren: (id) => [...(index.children.get(id) ?? [])],
    },
    getItemName: (item) => item.getItemData().label,
    isItemFolder: (item) => (index.children.get(item.getId())?.length ?? 0) > 0,
    state: {
      expandedItems: expanded,
      selectedItems,
      focusedItem: focused !== null && index.rows.has(focused) ? focused : null,
    },
    setExpandedItems: (change) => setExpanded(settle(change, expanded)),
    setSelectedItems: (change) => actions.select(settle(change, selectedItems)),
    setFocusedItem: (change) => setFocused((old) => settle(change, old)),
    scrollToItem: (item) => scrollTo(item.getItemMeta().index),
    ...dragging(index, actions),
    canRename: (item) => isTopic(item),
    onRename: (item, value) => {
      const label = value.trim();
      if (label && label !== item.getItemName()) {
        actions.rename(item.getId(), label);
      }
    },
    hotkeys: hotkeys(actions),
    features: [
      syncDataLoaderFeature,
      selectionFeature,
      hotkeysCoreFeature,
      dragAndDropFeature,
      keyboardDragAndDropFeature,
      renamingFeature,
      propMemoizationFeature,
    ],
  });
  useLayoutEffect(() => tree.rebuildTree(), [tree, index]);
  return tree;
}

function dragging(index: TreeIndex, actions: TreeActions) {
  return {
    canReorder: false,
    openOnDropDelay: 600,
    canDrag: (items: Item[]) => items.every((item) => isTopic(item) && item.getItemData().topic?.parent_id),
    canDrop: (items: Item[], target: DragTarget<TreeRow>) => {
      const id = target.item.getId();
      if ("childIndex" in target || !isTopic(target.item)) {
        return false;
      }
      return items.every(
        (item) => !isWithin(index, id, item.getId()) && index.parents.get(item.getId()) !== id,
      );
    },
    onDrop: (items: Item[], target: DragTarget<TreeRow>) =>
      actions.move(
        items.map((item) => item.getId()),
        target.item.getId(),
      ),
    canDragForeignDragObjectOver: (data: DataTransfer, target: DragTarget<TreeRow>) =>
      data.types.includes(PAPERS_FORMAT) && !("childIndex" in target) && isTopic(target.item),
    canDropForeignDragObject: (data: DataTransfer, target: DragTarget<TreeRow>) =>
      data.types.includes(PAPERS_FORMAT) && !("childIndex" in target) && isTopic(target.item),
    onDropForeignDragObject: (data: DataTransfer, target: DragTarget<TreeRow>) => {
      const papers = readDraggedPapers(data);
      if (papers) {
        actions.takePapers(papers, target.item.getId());
      }
    },
  };
}

function hotkeys(actions: TreeActions): CustomHotkeysConfig<TreeRow> {
  const isIdle = (tree: TreeInstance<TreeRow>) => !tree.isRenamingItem() && !tree.getState().dnd;
  const commands = Object.entries(KEYS).map(([command, hotkey]) => [
    `custom${command}`,
    {
      hotkey,
      preventDefault: true,
      isEnabled: isIdle,
      handler: (_: KeyboardEvent, tree: TreeInstance<TreeRow>) =>
        actions.command(command as TopicCommand, idsToActOn(tree)),
    },
  ]);
  return {
    ...Object.fromEntries(commands),
    customOpen: {
      hotkey: "Enter",
      preventDefault: true,
      isEnabled: isIdle,
      handler: (_, tree) => actions.select([tree.getFocusedItem().getId()]),
    },
    // What is dragged is what is focused; a selection is dragged only from within.
    startDrag: {
      hotkey: "Control+Shift+KeyD",
      preventDefault: true,
      isEnabled: (tree) => !tree.getState().dnd,
      handler: (_, tree) => tree.startKeyboardDrag(idsToActOn(tree).map((id) => tree.getItemInstance(id))),
    },
  };
}

/** The selection if the focus is in it, else the row in focus. */
function idsToActOn(tree: TreeInstance<TreeRow>): string[] {
  const focused = tree.getFocusedItem().getId();
  const selected = tree.getState().selectedItems;
  return selected.includes(focused) ? selected : [focused];
}

function isTopic(item: Item): boolean {
  return item.getId() !== UNASSIGNED && item.getId() !== ORIGIN;
}

function settle<T>(change: T | ((old: T) => T), old: T): T {
  return typeof change === "function" ? (change as (old: T) => T)(old) : change;
}
