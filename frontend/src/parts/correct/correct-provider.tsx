/** Lets what is below it correct a hierarchy: asks, previews, makes, undoes, by mouse and by keyboard. */
import { Modal } from "@mantine/core";
import { useEffect, useMemo, useState, type ReactNode } from "react";

import type { Hierarchy, Operation } from "../edits/edit";
import { useEditsService } from "../edits/edits-context";
import { isTyping } from "../keyboard";
import { indexTree } from "../tree/tree-index";
import { ConfirmForm } from "./confirm-form";
import { CreateForm } from "./create-form";
import { DeleteForm } from "./delete-form";
import { CorrectContext, type Correct, type Dialog } from "./dialogs";
import { MergeForm } from "./merge-form";
import { MoveForm } from "./move-form";
import { SplitForm } from "./split-form";

interface Props {
  /** As it is shown, edits that wait included. */
  hierarchy: Hierarchy;
  children: ReactNode;
  /** Called when operations were made, before they are saved. */
  onMade?: (operations: readonly Operation[]) => void;
}

export function CorrectProvider({ hierarchy, children, onMade }: Props) {
  const edits = useEditsService();
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const correct = useMemo<Correct>(
    () => ({
      ask: setDialog,
      make: (operations, former) => {
        edits.make(hierarchy, operations, former);
        onMade?.(operations);
      },
      undo: () => edits.undo(hierarchy),
      redo: () => edits.redo(hierarchy),
    }),
    [edits, hierarchy, onMade],
  );
  useUndoKeys(correct);
  return (
    <CorrectContext value={correct}>
      {children}
      <Modal
        opened={dialog !== null}
        onClose={() => setDialog(null)}
        title={dialog ? titleOf(dialog) : ""}
        size={dialog?.kind === "split" ? "xl" : "lg"}
        closeButtonProps={{ "aria-label": "Close" }}
      >
        {dialog && <Form dialog={dialog} hierarchy={hierarchy} close={() => setDialog(null)} />}
      </Modal>
    </CorrectContext>
  );
}

function Form({ dialog, hierarchy, close }: { dialog: Dialog; hierarchy: Hierarchy; close: () => void }) {
  const index = useMemo(() => indexTree(hierarchy), [hierarchy]);
  const shared = { hierarchy, index, close };
  switch (dialog.kind) {
    case "confirm":
      return <ConfirmForm {...shared} {...dialog} />;
    case "move-topics":
    case "move-papers":
      return <MoveForm {...shared} dialog={dialog} />;
    case "merge":
      return <MergeForm {...shared} topics={dialog.topics} />;
    case "split":
      return <SplitForm {...shared} topic={dialog.topic} />;
    case "create":
      return <CreateForm {...shared} parent={dialog.parent} papers={dialog.papers} />;
    case "delete":
      return <DeleteForm {...shared} topic={dialog.topic} />;
  }
}

function titleOf(dialog: Dialog): string {
  switch (dialog.kind) {
    case "confirm":
      return dialog.title;
    case "move-topics":
      return dialog.topics.length === 1 ? "Move this topic to…" : `Move ${dialog.topics.length} topics to…`;
    case "move-papers": {
      const count = Object.keys(dialog.papers).length;
      const papers = count === 1 ? "this paper" : `${count} papers`;
      return dialog.how === "assign_paper" ? `Move ${papers} to…` : `Second home of ${papers}`;
    }
    case "merge":
      return "Merge topics";
    case "split":
      return "Split this topic";
    case "create":
      return "New topic";
    case "delete":
      return "Delete this topic";
  }
}

function useUndoKeys(correct: Correct): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (
        !(event.ctrlKey || event.metaKey) ||
        event.altKey ||
        event.key.toLowerCase() !== "z" ||
        isTyping(event)
      ) {
        return;
      }
      event.preventDefault();
      if (event.shiftKey) {
        correct.redo();
      } else {
        correct.undo();
      }
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [correct]);
}
