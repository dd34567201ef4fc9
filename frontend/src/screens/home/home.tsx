/** The corpora as cards, with what is going on in them. */
import { Button, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import type { Schemas } from "../../api/client";
import { corporaQuery, runningJobsQuery } from "../../api/queries";
import { ProblemView } from "../../app/problem-view";
import { Icon } from "../../parts/icons";
import { useTitle } from "../../parts/use-title";
import { CorpusCard } from "./corpus-card";
import { DeleteCorpus } from "./delete-corpus";
import { FirstSteps } from "./first-steps";
import classes from "./home.module.css";
import { NewCorpus } from "./new-corpus";
import { SAMPLE_NAME, useSample } from "./use-sample";

export function Home() {
  const corpora = useQuery(corporaQuery);
  const jobs = useRunningJobs(corpora.isSuccess);
  const sample = useSample();
  const [isNaming, setNaming] = useState(false);
  const [doomed, setDoomed] = useState<Schemas["CorpusOut"] | null>(null);
  useTitle("Your corpora");
  if (corpora.isError && !corpora.data) {
    return <ProblemView error={corpora.error} retry={() => void corpora.refetch()} />;
  }
  const isEmpty = corpora.data?.length === 0;
  const hasSample = corpora.data?.some((one) => one.name === SAMPLE_NAME) ?? true;
  return (
    <div className={classes.page}>
      <Group justify="space-between" align="end" mb="md">
        <div>
          <Title order={1}>Your corpora</Title>
          <Text c="dimmed">A corpus is a set of papers that papertree arranges by topic.</Text>
        </div>
        {!isEmpty && (
          <Group>
            {!hasSample && (
              <Button variant="default" onClick={() => sample.mutate()} loading={sample.isPending}>
                Open the sample
              </Button>
            )}
            <Button leftSection={<Icon name="add" />} onClick={() => setNaming(true)}>
              New corpus
            </Button>
          </Group>
        )}
      </Group>
      {corpora.isError && <ProblemView error={corpora.error} />}
      {sample.error && <ProblemView error={sample.error} retry={() => sample.mutate()} />}
      {isEmpty && (
        <FirstSteps
          makeNew={() => setNaming(true)}
          openSample={() => sample.mutate()}
          isOpening={sample.isPending}
        />
      )}
      {corpora.data ? (
        <Cards corpora={corpora.data} jobs={jobs} remove={setDoomed} />
      ) : (
        <Stack aria-label="Reading the corpora" aria-busy>
          <Skeleton h={110} maw={360} />
          <Skeleton h={110} maw={360} />
        </Stack>
      )}
      <NewCorpus opened={isNaming} close={() => setNaming(false)} />
      <DeleteCorpus corpus={doomed} close={() => setDoomed(null)} />
    </div>
  );
}

interface CardsProps {
  corpora: Schemas["CorpusOut"][];
  jobs: Schemas["JobOut"][];
  remove: (corpus: Schemas["CorpusOut"]) => void;
}

function Cards({ corpora, jobs, remove }: CardsProps) {
  return (
    <ul className={classes.cards}>
      {corpora.map((corpus) => (
        <li key={corpus.id}>
          <CorpusCard
            corpus={corpus}
            jobs={jobs.filter((job) => job.corpus_id === corpus.id)}
            remove={() => remove(corpus)}
          />
        </li>
      ))}
    </ul>
  );
}

/** The jobs at work; when one ends, the cards are read anew, since it brought something. */
function useRunningJobs(enabled: boolean): Schemas["JobOut"][] {
  const client = useQueryClient();
  const jobs = useQuery({ ...runningJobsQuery, enabled }).data ?? [];
  const ids = jobs
    .map((job) => job.id)
    .sort()
    .join();
  useEffect(() => {
    void client.invalidateQueries({ queryKey: ["corpora"] });
  }, [client, ids]);
  return jobs;
}
