/** Opens the bundled sample: brings it in where it is not there yet. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";

import { api, body, fetchRaw, type Schemas } from "../../api/client";
import { Problem } from "../../api/problem";
import { runningJobsQuery } from "../../api/queries";
import { askForBuild, sendFile } from "../../parts/corpus-requests";

export const SAMPLE_NAME = "sample";
const SAMPLE_NOTICE = "Invented papers, written for papertree: not real research.";

export function useSample() {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: openSample,
    onSuccess: async ({ corpus, job, then }) => {
      void client.invalidateQueries({ queryKey: ["corpora"] });
      void client.invalidateQueries({ queryKey: runningJobsQuery.queryKey });
      if (job) {
        await navigate({ to: "/jobs/$jobId", params: { jobId: job.id }, search: then ? { then } : {} });
      } else {
        await navigate({ to: "/corpora/$corpusId", params: { corpusId: corpus.id } });
      }
    },
  });
}

interface Opened {
  corpus: Schemas["CorpusOut"];
  /** What has to end before there is something to see. */
  job?: Schemas["JobOut"];
  then?: "build";
}

async function openSample(): Promise<Opened> {
  const corpus = await haveSampleCorpus();
  if (corpus.hierarchies?.length) {
    return { corpus };
  }
  if (corpus.n_papers > 0) {
    return { corpus, job: await askForBuild(corpus.id) };
  }
  const sample = await fetchRaw("/api/v1/sample");
  const file = new File([await sample.blob()], "sample.jsonl");
  return { corpus, job: await sendFile(corpus.id, file), then: "build" };
}

async function haveSampleCorpus(): Promise<Schemas["CorpusOut"]> {
  try {
    return body(await api.POST("/api/v1/corpora", { body: { name: SAMPLE_NAME, notice: SAMPLE_NOTICE } }));
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 409) {
      throw error;
    }
    const found = body(await api.GET("/api/v1/corpora", { params: { query: { name: SAMPLE_NAME } } }));
    const corpus = found.items[0];
    if (!corpus) {
      throw error;
    }
    return corpus;
  }
}
