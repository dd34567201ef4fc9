import { Progress, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";

import type { Schemas } from "../../api/client";
import { nameJob, shareDone, tellProgress } from "../../parts/jobs";
import { countOf, formatAgo } from "../../parts/numbers";
import classes from "./home.module.css";

interface Props {
  corpus: Schemas["CorpusOut"];
  /** Those of its jobs that are not over. */
  jobs: Schemas["JobOut"][];
}

export function CorpusCard({ corpus, jobs }: Props) {
  return (
    <article className={classes.card}>
      <Link to="/corpora/$corpusId" params={{ corpusId: corpus.id }} className={classes.name} dir="auto">
        {corpus.name}
      </Link>
      <Text size="sm">{tellSize(corpus)}</Text>
      {corpus.notice && (
        <Text size="sm" c="dimmed">
          {corpus.notice}
        </Text>
      )}
      <Text size="sm" c="dimmed">
        {tellChange(corpus)}
      </Text>
      {jobs.map((job) => (
        <div key={job.id} className={classes.job}>
          <Text size="sm" fw={600}>
            {nameJob(job)}
          </Text>
          <Text size="sm" c="dimmed">
            {tellProgress(job)}
          </Text>
          <Progress
            value={shareDone(job) ?? 100}
            animated={shareDone(job) === null}
            aria-label={nameJob(job)}
          />
        </div>
      ))}
    </article>
  );
}

function tellSize(corpus: Schemas["CorpusOut"]): string {
  if (corpus.n_papers === 0) {
    return "Empty: open it to bring papers in.";
  }
  const built = corpus.hierarchies?.find((one) => one.facet === "topic") ?? corpus.hierarchies?.[0];
  const topics = built ? countOf(built.n_topics, "topic") : "no topics yet";
  return `${countOf(corpus.n_papers, "paper")}, ${topics}`;
}

function tellChange(corpus: Schemas["CorpusOut"]): string {
  const built = corpus.hierarchies
    ?.map((one) => one.built_at)
    .sort()
    .at(-1);
  return built ? `Built ${formatAgo(built)}` : `Made ${formatAgo(corpus.created_at)}`;
}
