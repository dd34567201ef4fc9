import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { api, body, type Schemas } from "../../api/client";

export type Outcome = Schemas["RecordOut"]["outcome"];

const JOBS = 200;
const ROWS = 100;

/** The imports of a corpus, the newest first. */
export const importsQuery = (corpusId: string) =>
  queryOptions({
    queryKey: ["jobs", "imports", corpusId],
    queryFn: async ({ signal }) => {
      const query = { corpus_id: corpusId, limit: JOBS };
      const page = body(await api.GET("/api/v1/jobs", { params: { query }, signal }));
      return page.items.filter((job) => job.kind === "import_file");
    },
  });

/** The report of one import, its records of one outcome in pages. */
export const reportQuery = (jobId: string, outcome: Outcome | undefined) =>
  infiniteQueryOptions({
    queryKey: ["report", jobId, outcome ?? "all"],
    queryFn: async ({ pageParam, signal }) => {
      const query = { outcome, limit: ROWS, cursor: pageParam };
      const params = { path: { job_id: jobId }, query };
      return body(
        await api.GET("/api/v1/jobs/{job_id}/report", { params, signal }),
      ) as Schemas["ImportReport"];
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });

/** What the file of an import is called; never changes. */
export const fileNameQuery = (jobId: string) =>
  queryOptions({
    queryKey: ["report", jobId, "name"],
    queryFn: async ({ signal }) => {
      const params = { path: { job_id: jobId }, query: { limit: 1 } };
      const report = body(await api.GET("/api/v1/jobs/{job_id}/report", { params, signal }));
      return (report as Schemas["ImportReport"]).file_name;
    },
    staleTime: Infinity,
  });
