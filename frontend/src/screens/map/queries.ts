import { queryOptions } from "@tanstack/react-query";

import { api, body, fetchRaw } from "../../api/client";
import { readPoints } from "./points";

/** Where the papers lie; its topics are those of the tree of the same version. */
export const pointsQuery = (hierarchyId: string, version: number) =>
  queryOptions({
    queryKey: ["map", hierarchyId, version],
    queryFn: async ({ signal }) => {
      const answer = await fetchRaw(`/api/v1/hierarchies/${hierarchyId}/map`, { signal });
      return readPoints(await answer.arrayBuffer());
    },
    staleTime: Infinity,
  });

/** Which paper each point is. */
export const pointIdsQuery = (hierarchyId: string) =>
  queryOptions({
    queryKey: ["map-papers", hierarchyId],
    queryFn: async ({ signal }) => {
      const answer = await fetchRaw(`/api/v1/hierarchies/${hierarchyId}/map/papers`, { signal });
      return new Uint8Array(await answer.arrayBuffer());
    },
    staleTime: Infinity,
  });

/** A job that is waited for. */
export const jobQuery = (jobId: string) =>
  queryOptions({
    queryKey: ["job", jobId, "map"],
    queryFn: async ({ signal }) =>
      body(await api.GET("/api/v1/jobs/{job_id}", { params: { path: { job_id: jobId } }, signal })),
    refetchInterval: (query) =>
      query.state.data && ["succeeded", "failed", "cancelled"].includes(query.state.data.state)
        ? false
        : 1000,
  });
