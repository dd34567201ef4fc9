/** What the pages read, each under one name in the cache. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import type { Hierarchy, Topic } from "../parts/edits/edit";
import { api, body, type Schemas } from "./client";

const PAGE = 200;

/** All corpora of the workspace: there are rarely many. */
export const corporaQuery = queryOptions({
  queryKey: ["corpora"],
  queryFn: async ({ signal }) => {
    const items: Schemas["CorpusOut"][] = [];
    let cursor: string | null | undefined = undefined;
    do {
      const query: { limit: number; cursor?: string } = { limit: 200, ...(cursor ? { cursor } : {}) };
      const page: Schemas["Page_CorpusOut_"] = body(
        await api.GET("/api/v1/corpora", { params: { query }, signal }),
      );
      items.push(...page.items);
      cursor = page.next_cursor;
    } while (cursor);
    return items;
  },
});

export const corpusQuery = (corpusId: string) =>
  queryOptions({
    queryKey: ["corpus", corpusId],
    queryFn: async ({ signal }) =>
      body(
        await api.GET("/api/v1/corpora/{corpus_id}", { params: { path: { corpus_id: corpusId } }, signal }),
      ),
  });

/** The jobs that are not over; asked for again while there are any. */
export const runningJobsQuery = queryOptions({
  queryKey: ["jobs", "running"],
  queryFn: async ({ signal }) => {
    const states = ["running", "queued"] as const;
    const pages = await Promise.all(
      states.map((state) => api.GET("/api/v1/jobs", { params: { query: { state, limit: 100 } }, signal })),
    );
    return pages.flatMap((page) => body(page).items);
  },
  refetchInterval: (query) => (query.state.data?.length ? 1500 : 15_000),
});

export const treeKey = (hierarchyId: string) => ["tree", hierarchyId] as const;

/** All topics of a hierarchy, in one short answer. */
export const treeQuery = (hierarchyId: string) =>
  queryOptions({
    queryKey: treeKey(hierarchyId),
    queryFn: async ({ signal }) => {
      const params = { path: { hierarchy_id: hierarchyId } };
      return toHierarchy(body(await api.GET("/api/v1/hierarchies/{hierarchy_id}/tree", { params, signal })));
    },
    // Another person's corrections show without a reload.
    refetchInterval: 20_000,
  });

function toHierarchy({ hierarchy_id, topics, ...rest }: Schemas["TreeOut"]): Hierarchy {
  const depths = new Map<string | null, number>([[null, -1]]);
  const shown = topics.map(({ n_own, n_second, ...topic }): Topic => {
    const depth = (depths.get(topic.parent_id) ?? -1) + 1; // Parents come before their children.
    depths.set(topic.id, depth);
    return { ...topic, depth, n_papers_direct: n_own, n_second_papers: n_second };
  });
  return { id: hierarchy_id, ...rest, topics: shown };
}

export const hierarchyKey = (hierarchyId: string) => ["hierarchy", hierarchyId] as const;

/** A hierarchy with how it was built and measured; for its topics `treeQuery` is enough. */
export const hierarchyQuery = (hierarchyId: string) =>
  queryOptions({
    queryKey: hierarchyKey(hierarchyId),
    queryFn: async ({ signal }) =>
      body(
        await api.GET("/api/v1/hierarchies/{hierarchy_id}", {
          params: { path: { hierarchy_id: hierarchyId } },
          signal,
        }),
      ),
  });

export const topicQuery = (topicId: string) =>
  queryOptions({
    queryKey: ["topic", topicId],
    queryFn: async ({ signal }) =>
      body(await api.GET("/api/v1/topics/{topic_id}", { params: { path: { topic_id: topicId } }, signal })),
  });

export const topicPapersQuery = (topicId: string) =>
  infiniteQueryOptions({
    queryKey: ["topic-papers", topicId],
    queryFn: async ({ pageParam, signal }) =>
      body(
        await api.GET("/api/v1/topics/{topic_id}/papers", {
          params: { path: { topic_id: topicId }, query: { limit: PAGE, cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });

export const paperQuery = (paperId: string) =>
  queryOptions({
    queryKey: ["paper", paperId],
    queryFn: async ({ signal }) =>
      body(await api.GET("/api/v1/papers/{paper_id}", { params: { path: { paper_id: paperId } }, signal })),
  });

export const whyQuery = (hierarchyId: string, paperId: string, topicId?: string) =>
  queryOptions({
    queryKey: ["why", hierarchyId, paperId, topicId ?? null],
    queryFn: async ({ signal }) =>
      body(
        await api.GET("/api/v1/hierarchies/{hierarchy_id}/papers/{paper_id}/why", {
          params: { path: { hierarchy_id: hierarchyId, paper_id: paperId }, query: { topic: topicId } },
          signal,
        }),
      ),
  });
