/** Looking for doubtful papers: asked for, and how far it is. */
import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, type ReactNode } from "react";

import { api, body, type Schemas } from "../../api/client";
import { runningJobsQuery } from "../../api/queries";
import { ProblemView } from "../../app/problem-view";
import { tellProgress } from "../../parts/jobs";
import { reviewQuery } from "./queries";

/** The job that scores papers of a corpus; when it is over, the queue is read again. */
export function useScoring(corpusId: string, hierarchyId: string): Schemas["JobOut"] | undefined {
  const client = useQueryClient();
  const jobs = useQuery(runningJobsQuery);
  const job = jobs.data?.find((one) => one.corpus_id === corpusId && one.kind === "score_assignments");
  const jobId = job?.id;
  useEffect(() => {
    if (jobId) {
      return () => void client.invalidateQueries({ queryKey: reviewQuery(hierarchyId).queryKey });
    }
  }, [client, hierarchyId, jobId]);
  return job;
}

interface Props {
  hierarchyId: string;
  job: Schemas["JobOut"] | undefined;
  title: string;
  children: ReactNode;
  /** What the button is called. */
  verb: string;
}

/** Nothing to look at: why, and the button that has the server look. */
export function NothingToReview({ hierarchyId, job, title, children, verb }: Props) {
  const client = useQueryClient();
  const look = useMutation({
    mutationFn: async () => {
      const params = { path: { hierarchy_id: hierarchyId } };
      return body(await api.POST("/api/v1/hierarchies/{hierarchy_id}/review", { params }));
    },
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: runningJobsQuery.queryKey });
      await client.invalidateQueries({ queryKey: reviewQuery(hierarchyId).queryKey });
    },
  });
  return (
    <Stack p="lg" maw={640} gap="sm">
      <Title order={1}>{title}</Title>
      {children}
      <Group>
        <Button onClick={() => look.mutate()} loading={look.isPending || job !== undefined}>
          {verb}
        </Button>
      </Group>
      <Text role="status" size="sm" c="dimmed">
        {job ? `Looking for doubtful papers: ${tellProgress(job)}. You can leave this page meanwhile.` : ""}
      </Text>
      {look.error && <ProblemView error={look.error} />}
    </Stack>
  );
}
