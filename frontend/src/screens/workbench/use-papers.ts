/** The papers of what is selected: a topic's, the unassigned, or those of them that hold words. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";

import { api, body } from "../../api/client";
import type { Edit, Hierarchy } from "../../parts/edits/edit";
import { useNewTopics, useWaitingEdits } from "../../parts/edits/use-edits";
import { orderOf, rowOf, type PaperRow, type PaperSort } from "../../parts/papers/rows";
import { isWithin, pathOf, UNASSIGNED, type TreeIndex } from "../../parts/tree/tree-index";

const LIMIT = 200;

export interface Papers {
  rows: readonly PaperRow[];
  /** How many there are; more than `rows` while not all were read. */
  total: number;
  isPending: boolean;
  error: Error | null;
  more: () => void;
  /** Give the ids of all there are. */
  readIds: () => Promise<string[]>;
  retry: () => void;
}

export function usePapers(
  hierarchy: Hierarchy,
  index: TreeIndex,
  topic: string,
  find: string,
  sort: PaperSort,
): Papers {
  const isNew = useNewTopics().has(topic);
  const path = { hierarchy_id: hierarchy.id };
  const wanted = {
    ...(topic === UNASSIGNED ? { unassigned: true } : { topic }),
    ...(find ? { q: find } : {}),
  };
  const query = useInfiniteQuery({
    enabled: !isNew,
    queryKey: ["filed-papers", hierarchy.id, wanted, sort],
    queryFn: async ({ pageParam, signal }) => {
      const asked = { ...wanted, ...orderOf(sort), limit: LIMIT, cursor: pageParam };
      const params = { path, query: asked };
      return body(await api.GET("/api/v1/hierarchies/{hierarchy_id}/papers", { params, signal }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const read = useMemo(() => {
    const items = data?.pages.flatMap((page) => page.items) ?? [];
    return items.map((item) => rowOf(item, (id) => pathOf(index, id)));
  }, [data, index]);
  const waiting = useWaitingEdits();
  const rows = useMemo(() => withoutMoved(read, waiting, topic, index), [read, waiting, topic, index]);
  const counted = (data?.pages[0]?.total ?? 0) - (read.length - rows.length);
  return {
    rows,
    total: Math.max(counted, rows.length),
    isPending: query.isPending,
    error: query.error,
    more: useCallback(() => {
      if (hasNextPage && !isFetchingNextPage) {
        void fetchNextPage();
      }
    }, [hasNextPage, isFetchingNextPage, fetchNextPage]),
    readIds: async () => {
      const params = { path, query: wanted };
      return body(await api.GET("/api/v1/hierarchies/{hierarchy_id}/papers/ids", { params })).ids;
    },
    retry: () => void query.refetch(),
  };
}

/** Leave out papers that a waiting edit moves to where this list does not reach. */
function withoutMoved(
  rows: readonly PaperRow[],
  waiting: readonly Edit[],
  topic: string,
  index: TreeIndex,
): readonly PaperRow[] {
  const gone = new Set<string>();
  for (const edit of waiting) {
    const { step } = edit;
    for (const operation of step.kind === "correct" && edit.state !== "stale" ? step.operations : []) {
      if (operation.op === "assign_paper" && !isWithin(index, operation.topic, topic)) {
        gone.add(operation.paper);
      }
      const isOut = operation.op === "reject_assignment" || operation.op === "remove_paper";
      if (isOut && isWithin(index, topic, operation.topic)) {
        gone.add(operation.paper);
      }
    }
  }
  return gone.size > 0 ? rows.filter((row) => !gone.has(row.paper.id)) : rows;
}
