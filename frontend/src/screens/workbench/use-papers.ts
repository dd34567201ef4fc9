/** The papers of what is selected: a topic's, the unassigned, or those of them that hold words. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";

import { api, body } from "../../api/client";
import type { Edit, Hierarchy } from "../../parts/edits/edit";
import { useNewTopics, useWaitingEdits } from "../../parts/edits/use-edits";
import {
  rowOfFiled,
  rowOfUnassigned,
  sortRows,
  type PaperRow,
  type PaperSort,
} from "../../parts/papers/rows";
import { isWithin, UNASSIGNED, type TreeIndex } from "../../parts/tree/tree-index";

/** Up to this many papers are read whole, so that they can be sorted. */
const READ_WHOLE = 2000;

export interface Papers {
  rows: readonly PaperRow[];
  /** How many there are; more than `rows` while not all were read. */
  total: number;
  isPending: boolean;
  error: Error | null;
  isWhole: boolean;
  more: () => void;
  /** Read all there are; gives their rows. */
  readAll: () => Promise<readonly PaperRow[]>;
  retry: () => void;
}

export function usePapers(
  hierarchy: Hierarchy,
  index: TreeIndex,
  topic: string,
  find: string,
  sort: PaperSort,
): Papers {
  const source = sourceOf(hierarchy, topic, find);
  const isNew = useNewTopics().has(topic);
  const query = useInfiniteQuery({
    enabled: !isNew,
    queryKey: source.key,
    queryFn: ({ pageParam, signal }) => source.read(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  });
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const read = useMemo(() => query.data?.pages.flatMap((page) => page.rows) ?? [], [query.data]);
  const wantsWhole = sort !== "given" && read.length < READ_WHOLE;
  useEffect(() => {
    if (wantsWhole && hasNextPage && !isFetchingNextPage) {
      void fetchNextPage();
    }
  }, [wantsWhole, hasNextPage, isFetchingNextPage, fetchNextPage]);
  const waiting = useWaitingEdits();
  const rows = useMemo(
    () => sortRows(withoutMoved(read, waiting, topic, index), sort),
    [read, waiting, topic, index, sort],
  );
  const readAll = async () => {
    let pages = query.data?.pages ?? [];
    for (let isMore = hasNextPage; isMore;) {
      const next = await fetchNextPage();
      pages = next.data?.pages ?? pages;
      isMore = next.hasNextPage && !next.isError;
    }
    return withoutMoved(
      pages.flatMap((page) => page.rows),
      waiting,
      topic,
      index,
    );
  };
  const row = index.rows.get(topic);
  const counted = (row?.nPapers ?? 0) + (row?.topic?.n_second_papers ?? 0);
  return {
    rows,
    total: hasNextPage ? Math.max(find ? 0 : counted, rows.length + 1) : rows.length,
    isPending: query.isPending,
    error: query.error,
    isWhole: !hasNextPage,
    more: () => {
      if (hasNextPage && !isFetchingNextPage) {
        void fetchNextPage();
      }
    },
    readAll,
    retry: () => void query.refetch(),
  };
}

interface RowPage {
  rows: PaperRow[];
  next: string | undefined;
}

interface Source {
  key: string[];
  read: (cursor: string | undefined, signal: AbortSignal) => Promise<RowPage>;
}

const LIMIT = 200;

/** Where the rows are read: keys begin with what an edit makes stale. */
function sourceOf(hierarchy: Hierarchy, topic: string, find: string): Source {
  if (find) {
    return foundSource(hierarchy.corpus_id, topic, find);
  }
  return topic === UNASSIGNED ? unassignedSource(hierarchy.id) : topicSource(topic);
}

function topicSource(topic: string): Source {
  return {
    key: ["topic-papers", topic, "rows"],
    read: async (cursor, signal) => {
      const params = { path: { topic_id: topic }, query: { limit: LIMIT, cursor } };
      const page = body(await api.GET("/api/v1/topics/{topic_id}/papers", { params, signal }));
      return { rows: page.items.map(rowOfFiled), next: page.next_cursor ?? undefined };
    },
  };
}

function unassignedSource(hierarchyId: string): Source {
  return {
    key: ["unassigned", hierarchyId, "rows"],
    read: async (cursor, signal) => {
      const params = { path: { hierarchy_id: hierarchyId }, query: { limit: LIMIT, cursor } };
      const page = body(await api.GET("/api/v1/hierarchies/{hierarchy_id}/unassigned", { params, signal }));
      return { rows: page.items.map(rowOfUnassigned), next: page.next_cursor ?? undefined };
    },
  };
}

function foundSource(corpusId: string, topic: string, words: string): Source {
  const within = topic === UNASSIGNED ? undefined : topic;
  return {
    key: ["topic-papers", topic, "found", corpusId, words],
    read: async (cursor, signal) => {
      const query = { q: words, topic: within, limit: LIMIT, cursor };
      const params = { path: { corpus_id: corpusId }, query };
      const page = body(await api.GET("/api/v1/corpora/{corpus_id}/papers", { params, signal }));
      return { rows: page.items.map((paper) => ({ paper })), next: page.next_cursor ?? undefined };
    },
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
    for (const operation of edit.step.kind === "correct" && edit.state !== "stale"
      ? edit.step.operations
      : []) {
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
