/** A job as it goes on: told by the server's events, asked for now and then where they do not come. */
import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { api, body, type Schemas } from "./client";

type Job = Schemas["JobOut"];

/** Asked for this often while no events come, and while they do. */
const POLL_MS = 1_000;
const LOOK_MS = 10_000;
/** Events that come close together, such as those of the past at the beginning, are shown as one. */
const TOGETHER_MS = 80;

export const jobQuery = (jobId: string) =>
  queryOptions({
    queryKey: ["job", jobId],
    queryFn: async ({ signal }) =>
      body(await api.GET("/api/v1/jobs/{job_id}", { params: { path: { job_id: jobId } }, signal })),
  });

export function isOver(job: Job): boolean {
  return job.state === "succeeded" || job.state === "failed" || job.state === "cancelled";
}

/** Read a job, and go on reading it until it is over. */
export function useJob(jobId: string) {
  const client = useQueryClient();
  const [isHeard, setHeard] = useState(false);
  const query = useQuery({
    ...jobQuery(jobId),
    refetchInterval: ({ state }) => {
      if (state.data && isOver(state.data)) {
        return false;
      }
      return isHeard ? LOOK_MS : POLL_MS;
    },
  });
  const isOpen = query.data !== undefined && !isOver(query.data);
  useEffect(() => {
    if (!isOpen || typeof EventSource === "undefined") {
      return;
    }
    const key = jobQuery(jobId).queryKey;
    const stop = listen(jobId, {
      onNews: (news) => {
        setHeard(true);
        if (news.state === "running" || news.state === "queued") {
          client.setQueryData(key, (job) => job && { ...job, ...news });
        } else {
          // The times of a job that is over are not in its events.
          void client.invalidateQueries({ queryKey: key });
        }
      },
      onSilence: () => setHeard(false),
    });
    return () => {
      setHeard(false);
      stop();
    };
  }, [client, jobId, isOpen]);
  return query;
}

interface Ears {
  onNews: (news: Partial<Job>) => void;
  onSilence: () => void;
}

function listen(jobId: string, { onNews, onSilence }: Ears): () => void {
  const source = new EventSource(`/api/v1/jobs/${encodeURIComponent(jobId)}/events`);
  let latest: Partial<Job> | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tell = () => {
    timer = undefined;
    if (latest) {
      onNews(latest);
    }
  };
  const hear = (event: MessageEvent<string>) => {
    latest = JSON.parse(event.data) as Partial<Job>;
    timer ??= setTimeout(tell, TOGETHER_MS);
  };
  source.addEventListener("progress", hear);
  source.addEventListener("state", hear);
  // The browser connects again by itself, unless it was refused; it is polled meanwhile.
  source.addEventListener("error", onSilence);
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
