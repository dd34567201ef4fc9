/** There is no map of these papers yet: offers to make one, and waits for it. */
import { Button, Group, Progress, Text, Title } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect } from "react";

import { api, body } from "../../api/client";
import { ProblemView } from "../../app/problem-view";
import { shareDone, tellProgress } from "../../parts/jobs";
import classes from "./map.module.css";
import { jobQuery } from "./queries";

export function NoMap({ hierarchyId, retry }: { hierarchyId: string; retry: () => void }) {
  const make = useMutation({
    mutationFn: async () => {
      const params = { path: { hierarchy_id: hierarchyId } };
      return body(await api.POST("/api/v1/hierarchies/{hierarchy_id}/map", { params }));
    },
  });
  const jobId = make.data?.id;
  const job = useQuery({ ...jobQuery(jobId ?? ""), enabled: jobId !== undefined });
  const state = job.data?.state;
  useEffect(() => {
    if (state === "succeeded") {
      retry();
    }
    // Only when the job comes to its end.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [state]);
  const isOver = state === "failed" || state === "cancelled";
  const isRunning = jobId !== undefined && !isOver;
  return (
    <div className={classes.page}>
      <Title order={1}>No map yet</Title>
      <Text mt="xs" maw={560}>
        A map lays the papers out so that near ones speak of the same. It takes seconds for thousands of
        papers and minutes for a hundred thousand; it is made once for each build.
      </Text>
      {isRunning ? (
        <div>
          <Text mb="xs" role="status">
            {job.data ? tellProgress(job.data) : "waiting for its turn"}
          </Text>
          <Progress
            maw={560}
            value={(job.data && shareDone(job.data)) ?? 100}
            animated={!job.data || shareDone(job.data) === null}
            aria-label="Making the map"
          />
        </div>
      ) : (
        <Group>
          <Button onClick={() => make.mutate()} loading={make.isPending}>
            Make the map
          </Button>
        </Group>
      )}
      {isOver && (
        <Text role="alert">
          The map was not made{state === "failed" ? "; the worker's log says why" : ""}. Try again.
        </Text>
      )}
      {(make.error ?? job.error) && <ProblemView error={make.error ?? job.error} />}
    </div>
  );
}
