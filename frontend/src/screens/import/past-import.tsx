/** One file that was sent: how far it is read, or what became of its records. */
import { Anchor, Badge, Button, Group, Loader, Progress, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useRef } from "react";

import type { Schemas } from "../../api/client";
import { isOver, useJob } from "../../api/job-stream";
import { explain } from "../../api/problem";
import { adviceOn } from "../../parts/job-advice";
import { tellProgress } from "../../parts/jobs";
import { formatAgo, formatCount } from "../../parts/numbers";
import classes from "./import.module.css";
import { fileNameQuery } from "./queries";
import { Report } from "./report";

type Job = Schemas["JobOut"];

interface Props {
  jobId: string;
  isNew: boolean;
  /** Called when the file has been read while somebody watched. */
  onEnd: () => void;
}

export function PastImport({ jobId, isNew, onEnd }: Props) {
  const job = useJob(jobId);
  const name = useQuery(fileNameQuery(jobId)).data ?? "A file";
  const search = useSearch({ from: "/corpora/$corpusId/import" });
  const over = job.data !== undefined && isOver(job.data);
  const wasOpen = useRef(isNew);
  useEffect(() => {
    if (!over) {
      wasOpen.current = true;
    } else if (wasOpen.current) {
      wasOpen.current = false;
      onEnd();
    }
  }, [over, onEnd]);
  if (!job.data) {
    return (
      <div className={classes.card}>
        {job.isError ? <Text role="alert">{explain(job.error).advice}</Text> : <Loader size="sm" />}
      </div>
    );
  }
  return (
    <article className={classes.card} aria-label={name}>
      <Group justify="space-between" wrap="nowrap" align="start">
        <Text fw={600} dir="auto" lineClamp={2} title={name} className={classes.fileName}>
          {name}
        </Text>
        <Text size="sm" c="dimmed" className={classes.when}>
          {formatAgo(job.data.created_at)}
        </Text>
      </Group>
      <State job={job.data} name={name} isOpen={search.report === jobId} />
    </article>
  );
}

function State({ job, name, isOpen }: { job: Job; name: string; isOpen: boolean }) {
  if (!isOver(job)) {
    return (
      <>
        <Text size="sm" role="status">
          {tellProgress(job)}
          {job.done > 0 && `, ${formatCount(job.done)} records so far`}
        </Text>
        <Progress mt="xs" value={100} animated aria-label={`Reading ${name}`} />
        <Text size="sm" mt="xs">
          <Anchor component={Link} to={`/jobs/${job.id}`} underline="always">
            Watch or cancel
          </Anchor>
        </Text>
      </>
    );
  }
  if (job.state === "failed") {
    return (
      <Text size="sm" c="var(--mantine-color-error)" className={classes.reason}>
        Not read. {String(job.problem?.title ?? "")}. {String(job.problem?.detail ?? "")} {adviceOn(job)}
      </Text>
    );
  }
  return (
    <>
      <Counts job={job} />
      <ReportToggle job={job} isOpen={isOpen} />
      {isOpen && <Report job={job} name={name} />}
    </>
  );
}

function Counts({ job }: { job: Job }) {
  const counts = (job.result ?? {}) as Partial<Record<"taken" | "merged" | "rejected", number>>;
  if (job.state === "cancelled") {
    return <Text size="sm">Cancelled. What had been read by then is in the corpus.</Text>;
  }
  return (
    <Group gap="xs">
      <Badge variant="light" tt="none" className={classes.count}>
        {formatCount(counts.taken ?? 0)} taken
      </Badge>
      <Badge variant="light" color="gray" tt="none" className={classes.count}>
        {formatCount(counts.merged ?? 0)} merged
      </Badge>
      <Badge variant="light" color={counts.rejected ? "red" : "gray"} tt="none" className={classes.count}>
        {formatCount(counts.rejected ?? 0)} rejected
      </Badge>
    </Group>
  );
}

function ReportToggle({ job, isOpen }: { job: Job; isOpen: boolean }) {
  const navigate = useNavigate({ from: "/corpora/$corpusId/import" });
  const turn = () => void navigate({ search: isOpen ? {} : { report: job.id }, replace: true });
  return (
    <Button size="compact-sm" variant="subtle" onClick={turn} aria-expanded={isOpen} mt={4}>
      {isOpen ? "Hide the report" : "What became of each record"}
    </Button>
  );
}
