/** Goes on by itself where somebody watches: from files to topics, and from topics to the tree. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";

import type { Schemas } from "../../api/client";
import { isOver } from "../../api/job-stream";
import { corpusQuery, hierarchyKey, runningJobsQuery, treeKey } from "../../api/queries";
import { askForBuild } from "../../parts/corpus-requests";

type Job = Schemas["JobOut"];

export function useWhatFollows(job: Job, then?: "build") {
  const client = useQueryClient();
  const navigate = useNavigate();
  const wasOpen = useRef(!isOver(job));
  const build = useMutation({
    mutationFn: () => askForBuild(job.corpus_id),
    onSuccess: (next) => navigate({ to: "/jobs/$jobId", params: { jobId: next.id }, replace: true }),
  });
  const { mutate, status } = build;
  const mustBuild = then === "build" && job.state === "succeeded" && broughtPapers(job);
  useEffect(() => {
    if (mustBuild && status === "idle") {
      mutate();
    }
  }, [mustBuild, status, mutate]);

  const { corpus_id: corpusId, state } = job;
  const hierarchyId = hierarchyOf(job);
  useEffect(() => {
    if (state !== "succeeded") {
      return;
    }
    void client.invalidateQueries({ queryKey: ["corpora"] });
    void client.invalidateQueries({ queryKey: runningJobsQuery.queryKey });
    if (hierarchyId) {
      void client.invalidateQueries({ queryKey: hierarchyKey(hierarchyId) });
      void client.invalidateQueries({ queryKey: treeKey(hierarchyId) });
    }
    const read = client.invalidateQueries({ queryKey: corpusQuery(corpusId).queryKey });
    // Who opens the address of an old job wants to see how it ended, and is not sent away.
    if (wasOpen.current && hierarchyId) {
      wasOpen.current = false;
      void read.then(() => navigate({ to: "/corpora/$corpusId", params: { corpusId }, replace: true }));
    }
  }, [client, navigate, corpusId, state, hierarchyId]);
  return { error: build.error, retry: () => build.mutate() };
}

/** Which hierarchy a job built. */
export function hierarchyOf(job: Job): string | null {
  return job.kind === "build_hierarchy" ? ((job.result?.hierarchy_id as string | undefined) ?? null) : null;
}

/** Whether an import left something in the corpus to arrange. */
export function broughtPapers(job: Job): boolean {
  const counts = job.result as { taken?: number; merged?: number } | null;
  return (counts?.taken ?? 0) + (counts?.merged ?? 0) > 0;
}
