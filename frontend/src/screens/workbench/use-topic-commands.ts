/** What can be asked of topics, by key, button or menu. */
import { useCorrect } from "../../parts/correct/dialogs";
import { toastNote } from "../../parts/edits/toasts";
import { UNASSIGNED, type TreeIndex } from "../../parts/tree/tree-index";
import type { TopicCommand } from "../../parts/tree/use-topic-tree";

export function useTopicCommands(index: TreeIndex) {
  const { ask } = useCorrect();
  return (command: Exclude<TopicCommand, "lock">, ids: readonly string[]): void => {
    const topics = ids.filter((id) => id !== UNASSIGNED);
    const first = topics[0];
    if (first === undefined) {
      return;
    }
    const isRoot = topics.some((id) => !index.rows.get(id)?.topic?.parent_id);
    if (isRoot && command !== "create" && command !== "split") {
      toastNote("The topmost topic holds all papers: it stays as it is. Choose one below it.");
      return;
    }
    switch (command) {
      case "move":
        return ask({ kind: "move-topics", topics });
      case "merge":
        return ask({ kind: "merge", topics });
      case "split":
        return ask({ kind: "split", topic: first });
      case "create":
        return ask({ kind: "create", parent: first, papers: {} });
      case "delete":
        return ask({ kind: "delete", topic: first });
    }
  };
}
