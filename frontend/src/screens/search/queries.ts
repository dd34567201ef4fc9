/** What a search reads. */
import { queryOptions } from "@tanstack/react-query";

import { api, body } from "../../api/client";
import type { Way } from "./view";

/** The most that the server gives at once. */
export const MOST_FOUND = 200;
const MOST_NEIGHBOURS = 50;
/** The longest text that the server takes. */
const MOST_LETTERS = 2000;

export const foundQuery = (corpusId: string, typed: string, way: Way) =>
  queryOptions({
    queryKey: ["search", corpusId, way, typed],
    queryFn: async ({ signal }) => {
      const params = { path: { corpus_id: corpusId } };
      const query = [...typed.trim()].slice(0, MOST_LETTERS).join("");
      const asked = { query, mode: way, k: MOST_FOUND };
      return body(await api.POST("/api/v1/corpora/{corpus_id}/search", { params, body: asked, signal }))
        .items;
    },
    staleTime: 60_000,
  });

/** Papers of some years that hold words, the newest first; the search itself takes no years. */
export const ofYearsQuery = (hierarchyId: string, typed: string, from?: number, to?: number) =>
  queryOptions({
    queryKey: ["search-years", hierarchyId, typed, from ?? null, to ?? null],
    queryFn: async ({ signal }) => {
      const query = {
        q: typed.trim(),
        year_from: from,
        year_to: to,
        sort: "year",
        order: "desc",
        limit: MOST_FOUND,
      } as const;
      const params = { path: { hierarchy_id: hierarchyId }, query };
      return body(await api.GET("/api/v1/hierarchies/{hierarchy_id}/papers", { params, signal })).items;
    },
    staleTime: 60_000,
  });

export const neighboursQuery = (paperId: string) =>
  queryOptions({
    queryKey: ["neighbours", paperId],
    queryFn: async ({ signal }) => {
      const params = { path: { paper_id: paperId }, query: { k: MOST_NEIGHBOURS } };
      return body(await api.GET("/api/v1/papers/{paper_id}/neighbours", { params, signal })).items;
    },
    staleTime: 60_000,
  });
