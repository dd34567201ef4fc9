/** What components see of the edits. */
import { useQuery } from "@tanstack/react-query";
import { useMemo, useSyncExternalStore } from "react";

import { treeQuery } from "../../api/queries";
import { applyEdits } from "./apply-operations";
import type { Edit } from "./edit";
import { useEditsService } from "./edits-context";

/** All edits that are not saved yet. */
export function useWaitingEdits(): readonly Edit[] {
  const { queue } = useEditsService();
  return useSyncExternalStore(queue.subscribe, queue.getEdits);
}

/** A hierarchy as it is shown: as the server gave it, with the edits that are not saved yet. */
export function useShownHierarchy(hierarchyId: string) {
  const query = useQuery(treeQuery(hierarchyId));
  const waiting = useWaitingEdits();
  const shown = useMemo(
    () =>
      query.data &&
      applyEdits(
        query.data,
        waiting.filter((edit) => edit.hierarchyId === hierarchyId),
      ),
    [query.data, waiting, hierarchyId],
  );
  return { ...query, shown };
}

/** The topics that waiting edits name; shown as not saved yet. */
export function useUnsavedTopics(): ReadonlySet<string> {
  const waiting = useWaitingEdits();
  return useMemo(() => {
    const ids = new Set<string>();
    for (const edit of waiting) {
      for (const operation of edit.step.kind === "correct" ? edit.step.operations : []) {
        const named = operation as { topic?: string | null; parent?: string; into?: string };
        for (const id of [named.topic, named.into]) {
          if (id) {
            ids.add(id);
          }
        }
      }
    }
    return ids;
  }, [waiting]);
}

/** The topics that waiting edits make: the server does not know them yet, and is not asked about them. */
export function useNewTopics(): ReadonlySet<string> {
  const waiting = useWaitingEdits();
  return useMemo(() => {
    const operations = waiting.flatMap((edit) => (edit.step.kind === "correct" ? edit.step.operations : []));
    const made = operations.flatMap((operation) => {
      if (operation.op === "create_topic") {
        return [operation.topic];
      }
      return operation.op === "split_topic" ? (operation.groups ?? []).map((group) => group.topic) : [];
    });
    return new Set(made.filter((id): id is string => typeof id === "string"));
  }, [waiting]);
}
