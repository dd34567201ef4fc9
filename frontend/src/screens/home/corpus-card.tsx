import { ActionIcon, Badge, Group, Progress, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";

import type { Schemas } from "../../api/client";
import { Icon } from "../../parts/icons";
import { nameJob, shareOfAll, tellProgress } from "../../parts/jobs";
import { countOf, formatAgo } from "../../parts/numbers";
import classes from "./home.module.css";

interface Props {
  corpus: Schemas["CorpusOut"];
  /** Those of its jobs that are not over. */
  jobs: Schemas["JobOut"][];
  remove: () => void;
}

export function CorpusCard({ corpus, jobs, remove }: Props) {
  const built = corpus.hierarchies ?? [];
  const topics = (built.find((one) => one.facet === "topic") ?? built[0])?.n_topics;
  const isEmpty = corpus.n_papers === 0 && jobs.length === 0;
  return (
    <article className={classes.card}>
      <Group justify="space-between" align="start" wrap="nowrap" gap="xs">
        <Link
          to={isEmpty ? "/corpora/$corpusId/import" : "/corpora/$corpusId"}
          params={{ corpusId: corpus.id }}
          className={classes.name}
          dir="auto"
          title={corpus.name}
        >
          {corpus.name}
        </Link>
        <ActionIcon
          className={classes.above}
          variant="subtle"
          color="gray"
          c="dimmed"
          aria-label={`Delete the corpus ${corpus.name}`}
          onClick={remove}
        >
          <Icon name="trash" />
        </ActionIcon>
      </Group>
      {isEmpty ? (
        <Text size="sm">Empty: open it to bring papers in.</Text>
      ) : (
        <Group gap="xs">
          <Badge variant="light" color="gray" tt="none" className={classes.count}>
            {countOf(corpus.n_papers, "paper")}
          </Badge>
          <Badge variant="light" tt="none" className={classes.count}>
            {topics === undefined ? "no topics yet" : countOf(topics, "topic")}
          </Badge>
        </Group>
      )}
      {corpus.notice && (
        <Text size="sm" c="dimmed" dir="auto" lineClamp={3}>
          {corpus.notice}
        </Text>
      )}
      <Text size="sm" c="dimmed" mt="auto">
        {tellChange(corpus)}
      </Text>
      {jobs.map((job) => (
        <RunningJob key={job.id} job={job} />
      ))}
    </article>
  );
}

function RunningJob({ job }: { job: Schemas["JobOut"] }) {
  const share = shareOfAll(job);
  return (
    <Link to="/jobs/$jobId" params={{ jobId: job.id }} className={`${classes.job} ${classes.above}`}>
      <Text size="sm" fw={600}>
        {nameJob(job)}
      </Text>
      <Text size="sm" c="dimmed">
        {tellProgress(job)}
      </Text>
      <Progress mt={4} value={share ?? 100} animated={share === null} aria-label={nameJob(job)} />
    </Link>
  );
}

function tellChange(corpus: Schemas["CorpusOut"]): string {
  const times = corpus.hierarchies?.map((one) => one.built_at) ?? [];
  const built = times.sort().at(-1);
  return built ? `Topics found ${formatAgo(built)}` : `Made ${formatAgo(corpus.created_at)}`;
}
