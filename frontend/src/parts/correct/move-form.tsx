/** Chooses where topics or papers go, by name: for touch, for the keyboard, and for trees too long to drag in. */
import { Stack } from "@mantine/core";
import { useState } from "react";

import type { Hierarchy } from "../edits/edit";
import { isWithin, type TreeIndex } from "../tree/tree-index";
import type { Dialog } from "./dialogs";
import { Effect } from "./effect";
import { moveTopics, placePapers } from "./operations";
import { TopicPicker } from "./topic-picker";

interface Props {
  hierarchy: Hierarchy;
  index: TreeIndex;
  dialog: Extract<Dialog, { kind: "move-topics" | "move-papers" }>;
  close: () => void;
}

export function MoveForm({ hierarchy, index, dialog, close }: Props) {
  const [target, setTarget] = useState<string | null>(null);
  const isTopics = dialog.kind === "move-topics";
  const mayTake = (id: string) =>
    !isTopics ||
    dialog.topics.every((topic) => !isWithin(index, id, topic) && index.parents.get(topic) !== id);
  const operations = (id: string) =>
    isTopics ? moveTopics(dialog.topics, id) : placePapers(dialog.papers, id, dialog.how);
  const chosen = target === null ? null : operations(target);
  return (
    <Stack>
      <TopicPicker index={index} mayTake={mayTake} value={target} choose={setTarget} />
      <Effect
        hierarchy={hierarchy}
        operations={chosen?.length ? chosen : null}
        former={isTopics || dialog.how !== "assign_paper" ? {} : dialog.papers}
        verb={!isTopics && dialog.how === "add_home" ? "Add this home" : "Move"}
        close={close}
      />
    </Stack>
  );
}
