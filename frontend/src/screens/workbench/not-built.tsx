/** A corpus that has no topics yet: says what is missing, and does it. */
import { Button, Group, Paper, Progress, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect } from "react";

import { api, body, type Schemas } from "../../api/client";
import { corpusQuery, runningJobsQuery } from "../../api/queries";
import { ProblemView } from "../../app/problem-view";
import { Icon } from "../../parts/icons";
import { nameJob, shareDone, tellProgress } from "../../parts/jobs";
import { countOf } from "../../parts/numbers";

export function NotBuilt({ corpus }: { corpus: Schemas["CorpusOut"] }) {
  const client = useQueryClient();
  const jobs = useQuery({ ...runningJobsQuery, refetchInterval: 1000 });
  const running = jobs.data?.find((job) => job.corpus_id === corpus.id);
  const build = useMutation({
    mutationFn: async () => {
      const params = { path: { corpus_id: corpus.id } };
      const asked = { facet: "topic", seed: 0, labels: "auto" as const };
      return body(await api.POST("/api/v1/corpora/{corpus_id}/hierarchies", { params, body: asked }));
    },
    onSettled: () => client.invalidateQueries({ queryKey: runningJobsQuery.queryKey }),
  });
  // A job that is over may have brought papers or topics.
  const runningId = running?.id;
  useEffect(() => {
    void client.invalidateQueries({ queryKey: corpusQuery(corpus.id).queryKey });
  }, [client, corpus.id, runningId]);
  if (running) {
    return <AtWork job={running} />;
  }
  return (
    <Stack p="lg" maw={640}>
      <Title order={1}>{corpus.n_papers > 0 ? "No topics yet" : "No papers yet"}</Title>
      {corpus.n_papers > 0 ? (
        <>
          <Text>
            {countOf(corpus.n_papers, "paper")} wait to be arranged. It takes seconds for hundreds of papers
            and minutes for tens of thousands; you can leave this page meanwhile.
          </Text>
          <Group>
            <Button onClick={() => build.mutate()} loading={build.isPending}>
              Find the topics
            </Button>
          </Group>
        </>
      ) : (
        <>
          <Text>
            Bring in your files: RIS, BibTeX, CSV, PubMed (nbib) or JSON, several at once if you like. Then
            the topics can be found.
          </Text>
          <Group>
            <Button
              component={Link}
              to={`/corpora/${corpus.id}/import` as "/"}
              leftSection={<Icon name="upload" />}
            >
              Bring papers in
            </Button>
          </Group>
        </>
      )}
      {build.error && <ProblemView error={build.error} />}
    </Stack>
  );
}

function AtWork({ job }: { job: Schemas["JobOut"] }) {
  return (
    <Paper withBorder p="lg" m="lg" maw={560}>
      <Title order={1}>{nameJob(job)}</Title>
      <Text mt="xs" mb="md">
        {tellProgress(job)}
      </Text>
      <Progress value={shareDone(job) ?? 100} animated={shareDone(job) === null} aria-label={nameJob(job)} />
      <Text mt="md" size="sm" c="dimmed">
        You can leave this page or reload it; the work goes on.
      </Text>
    </Paper>
  );
}
