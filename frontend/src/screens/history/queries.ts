import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { api, body, type Schemas } from "../../api/client";

const STEPS = 50;
/** So many papers that moved are looked at, to tell from where to where; all are counted. */
const PAPERS = 2_000;

export type HistoryItem = Schemas["HistoryItem"];

const at = (hierarchyId: string) => ({ hierarchy_id: hierarchyId });

// The first words of the keys are those that an edit makes stale: `parts/edits/edits.ts`.
export const stepsQuery = (hierarchyId: string) =>
  infiniteQueryOptions({
    queryKey: ["history", hierarchyId, "steps"],
    queryFn: async ({ pageParam, signal }) => {
      const query = { limit: STEPS, cursor: pageParam, undoable: true };
      const params = { path: at(hierarchyId), query };
      return body(await api.GET("/api/v1/hierarchies/{hierarchy_id}/history", { params, signal }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });

export const snapshotsQuery = (hierarchyId: string) =>
  queryOptions({
    queryKey: ["history", hierarchyId, "snapshots"],
    queryFn: async ({ signal }) => {
      const params = { path: at(hierarchyId) };
      return body(await api.GET("/api/v1/hierarchies/{hierarchy_id}/snapshots", { params, signal })).items;
    },
  });

export const diffQuery = (hierarchyId: string, from: string, to: string) =>
  queryOptions({
    queryKey: ["history", hierarchyId, "diff", from, to],
    queryFn: async ({ signal }) => {
      const query = { from, to, limit: PAPERS };
      const params = { path: at(hierarchyId), query };
      return body(await api.GET("/api/v1/hierarchies/{hierarchy_id}/diff", { params, signal }));
    },
  });

export const buildsQuery = (hierarchyId: string) =>
  queryOptions({
    queryKey: ["history", hierarchyId, "builds"],
    queryFn: async ({ signal }) => {
      const params = { path: at(hierarchyId) };
      return body(await api.GET("/api/v1/hierarchies/{hierarchy_id}/builds", { params, signal })).items;
    },
  });

export const orphansQuery = (hierarchyId: string) =>
  queryOptions({
    queryKey: ["history", hierarchyId, "orphans"],
    queryFn: async ({ signal }) => {
      const params = { path: at(hierarchyId) };
      return body(await api.GET("/api/v1/hierarchies/{hierarchy_id}/orphans", { params, signal })).items;
    },
  });

/** The topics that were there at first and are gone: what they were called. */
export const goneTopicsQuery = (hierarchyId: string) =>
  queryOptions({
    queryKey: ["history", hierarchyId, "gone"],
    queryFn: async ({ signal }) => {
      const query = { from: "1", limit: 0 };
      const params = { path: at(hierarchyId), query };
      return body(await api.GET("/api/v1/hierarchies/{hierarchy_id}/diff", { params, signal }))
        .topics_removed;
    },
  });
