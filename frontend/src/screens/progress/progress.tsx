/** How far a job is: its stages, counts and time left; what came of it; what to do where it failed. */
import { Anchor, Button, Group, Loader, Paper, Progress as Bar, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";

import { api, body, type Schemas } from "../../api/client";
import { isOver, jobQuery, useJob } from "../../api/job-stream";
import { corpusQuery } from "../../api/queries";
import { ProblemView } from "../../app/problem-view";
import { ApiCall } from "../../parts/api-call/api-call";
import { nameJob, shareOfAll } from "../../parts/jobs";
import { formatSeconds } from "../../parts/numbers";
import { useTitle } from "../../parts/use-title";
import { Outcome } from "./outcome";
import classes from "./progress.module.css";
import { Stages } from "./stages";
import { useWhatFollows } from "./use-what-follows";

type Job = Schemas["JobOut"];

export function Progress() {
  const { jobId } = useParams({ from: "/jobs/$jobId" });
  const job = useJob(jobId);
  if (!job.data) {
    return job.isError ? (
      <ProblemView error={job.error} retry={() => void job.refetch()} />
    ) : (
      <Loader m="lg" aria-label="Reading how far it is" />
    );
  }
  // Keyed, so that nothing of the job before is left where one job follows another.
  return <OneJob key={jobId} job={job.data} problem={job.isError ? job.error : null} />;
}

function OneJob({ job, problem }: { job: Job; problem: unknown }) {
  const { then } = useSearch({ from: "/jobs/$jobId" });
  const corpus = useQuery(corpusQuery(job.corpus_id));
  const follows = useWhatFollows(job, then);
  useTitle(titleOf(job));
  const share = shareOfAll(job);
  return (
    <div className={classes.page}>
      {problem !== null && <ProblemView error={problem} />}
      {follows.error && <ProblemView error={follows.error} retry={follows.retry} />}
      <Paper withBorder p="lg">
        <Text size="sm" c="dimmed" className={classes.corpus}>
          <Anchor component={Link} to={`/corpora/${job.corpus_id}`} underline="always" dir="auto">
            {corpus.data?.name ?? "The corpus"}
          </Anchor>
        </Text>
        <Title order={1}>{nameJob(job)}</Title>
        {!isOver(job) && (
          <Bar
            mt="sm"
            size="lg"
            value={share ?? 100}
            animated={share === null}
            aria-label={nameJob(job)}
            transitionDuration={200}
          />
        )}
        <Stages job={job} then={then} />
        {isOver(job) ? <Outcome job={job} then={then} /> : <AtWork job={job} />}
      </Paper>
    </div>
  );
}

function AtWork({ job }: { job: Job }) {
  const client = useQueryClient();
  const cancel = useMutation({
    mutationFn: async () =>
      body(await api.DELETE("/api/v1/jobs/{job_id}", { params: { path: { job_id: job.id } } })),
    onSuccess: (now) => client.setQueryData(jobQuery(job.id).queryKey, now),
  });
  const isStopping = job.cancel_requested || cancel.isPending;
  return (
    <Stack gap="xs" mt="md">
      <Text role="status">{tellTime(job, isStopping)}</Text>
      <Text size="sm" c="dimmed">
        You can leave this page or reload it; the work goes on.
        {job.attempts > 1 && " A worker stopped on the way; another one went on from where it was."}
      </Text>
      {cancel.error && <ProblemView error={cancel.error} />}
      <Group>
        <Button variant="default" onClick={() => cancel.mutate()} disabled={isStopping}>
          {isStopping ? "Stopping…" : "Cancel"}
        </Button>
        <ApiCall call={{ method: "GET", path: `/api/v1/jobs/${job.id}` }} />
      </Group>
    </Stack>
  );
}

function tellTime(job: Job, isStopping: boolean): string {
  if (isStopping) {
    return "It stops at the next safe point.";
  }
  if (job.state === "queued") {
    return "Waiting for its turn.";
  }
  return job.seconds_left === null
    ? "At work."
    : `About ${formatSeconds(job.seconds_left)} left in this step.`;
}

function titleOf(job: Job): string {
  const name = nameJob(job);
  if (job.state === "failed") {
    return `Failed: ${name}`;
  }
  if (job.state === "cancelled") {
    return `Cancelled: ${name}`;
  }
  const share = shareOfAll(job);
  return job.state === "succeeded" || share === null ? name : `${Math.floor(share)} % ${name}`;
}
