/** The corpora as cards, with what is going on in them. */
import { Button, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { corporaQuery, runningJobsQuery } from "../../api/queries";
import { ProblemView } from "../../app/problem-view";
import { Icon } from "../../parts/icons";
import { CorpusCard } from "./corpus-card";
import { FirstSteps } from "./first-steps";
import classes from "./home.module.css";
import { NewCorpus } from "./new-corpus";

export function Home() {
  const corpora = useQuery(corporaQuery);
  const jobs = useQuery({ ...runningJobsQuery, enabled: corpora.isSuccess });
  const [isNaming, setNaming] = useState(false);
  if (corpora.isError && !corpora.data) {
    return <ProblemView error={corpora.error} retry={() => void corpora.refetch()} />;
  }
  return (
    <div className={classes.page}>
      <Group justify="space-between" align="end" mb="md">
        <div>
          <Title order={1}>Your corpora</Title>
          <Text c="dimmed">A corpus is a set of papers that papertree arranges by topic.</Text>
        </div>
        <Button leftSection={<Icon name="add" />} onClick={() => setNaming(true)}>
          New corpus
        </Button>
      </Group>
      {corpora.isError && <ProblemView error={corpora.error} />}
      {corpora.data ? (
        <>
          {corpora.data.length === 0 && <FirstSteps />}
          <ul className={classes.cards}>
            {corpora.data.map((corpus) => (
              <li key={corpus.id}>
                <CorpusCard
                  corpus={corpus}
                  jobs={(jobs.data ?? []).filter((job) => job.corpus_id === corpus.id)}
                />
              </li>
            ))}
          </ul>
        </>
      ) : (
        <Stack aria-label="Reading the corpora" aria-busy>
          <Skeleton h={110} maw={360} />
          <Skeleton h={110} maw={360} />
        </Stack>
      )}
      <NewCorpus opened={isNaming} close={() => setNaming(false)} />
    </div>
  );
}
