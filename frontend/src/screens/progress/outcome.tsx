/** How a job ended, and the way on from there. */
import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";

import type { Schemas } from "../../api/client";
import { ProblemView } from "../../app/problem-view";
import { askForBuild } from "../../parts/corpus-requests";
import { countOf } from "../../parts/numbers";
import { adviceOn } from "../../parts/job-advice";
import { broughtPapers, hierarchyOf } from "./use-what-follows";

type Job = Schemas["JobOut"];

export function Outcome({ job, then }: { job: Job; then?: "build" }) {
  switch (job.state) {
    case "failed":
      return <Failed job={job} />;
    case "cancelled":
      return <Cancelled job={job} />;
    default:
      return <Succeeded job={job} then={then} />;
  }
}

function Succeeded({ job, then }: { job: Job; then?: "build" }) {
  if (job.kind === "import_file") {
    return (
      <Stack mt="md" gap="sm">
        <Text role="status">{tellImport(job)}</Text>
        {then === "build" && broughtPapers(job) ? (
          <Text>Now the topics are found.</Text>
        ) : (
          <Group>
            {broughtPapers(job) && <BuildButton job={job} />}
            <ReportLink job={job} />
          </Group>
        )}
      </Stack>
    );
  }
  return (
    <Stack mt="md" gap="sm">
      <Text role="status">{tellBuild(job)}</Text>
      <Group>
        <Button component={Link} to={`/corpora/${job.corpus_id}`}>
          See the topics
        </Button>
      </Group>
    </Stack>
  );
}

function Failed({ job }: { job: Job }) {
  const title = String(job.problem?.title ?? "It did not work");
  const detail = job.problem?.detail ? String(job.problem.detail) : "";
  return (
    <Alert color="red" title={title} mt="md" role="alert">
      <Stack gap="xs">
        {detail && (
          <Text size="sm" style={{ overflowWrap: "anywhere" }}>
            {detail}
          </Text>
        )}
        <Text size="sm">{adviceOn(job)}</Text>
        <WaysOn job={job} />
      </Stack>
    </Alert>
  );
}

function Cancelled({ job }: { job: Job }) {
  const stays =
    job.kind === "import_file"
      ? "Papers that had been read by then are in the corpus; the same file can be sent again, and nothing comes in twice."
      : "Nothing was changed: the topics are as they were. What was worked out is used when it is asked for again.";
  return (
    <Alert color="yellow" title="It was cancelled" mt="md" role="status">
      <Stack gap="xs">
        <Text size="sm">{stays}</Text>
        <WaysOn job={job} />
      </Stack>
    </Alert>
  );
}

function WaysOn({ job }: { job: Job }) {
  return (
    <Group>
      {job.kind === "import_file" ? (
        <Button component={Link} to={`/corpora/${job.corpus_id}/import`} variant="default">
          Bring in a file
        </Button>
      ) : (
        job.kind === "build_hierarchy" && <BuildButton job={job} label="Try again" />
      )}
      <Button component={Link} to={`/corpora/${job.corpus_id}`} variant="default">
        Back to the corpus
      </Button>
    </Group>
  );
}

function BuildButton({ job, label = "Find the topics" }: { job: Job; label?: string }) {
  const navigate = useNavigate();
  const build = useMutation({
    mutationFn: () => askForBuild(job.corpus_id),
    onSuccess: (next) => navigate({ to: "/jobs/$jobId", params: { jobId: next.id } }),
  });
  return (
    <>
      <Button onClick={() => build.mutate()} loading={build.isPending}>
        {label}
      </Button>
      {build.error && <ProblemView error={build.error} />}
    </>
  );
}

function ReportLink({ job }: { job: Job }) {
  return (
    <Button
      component={Link}
      variant="default"
      to={`/corpora/${job.corpus_id}/import`}
      search={{ report: job.id } as never}
    >
      What became of each record
    </Button>
  );
}

function tellImport(job: Job): string {
  const counts = (job.result ?? {}) as { taken?: number; merged?: number; rejected?: number };
  const { taken = 0, merged = 0, rejected = 0 } = counts;
  return `${countOf(taken, "paper")} taken, ${merged} merged with papers that were there, ${rejected} rejected.`;
}

function tellBuild(job: Job): string {
  const result = (job.result ?? {}) as { n_topics?: number; n_papers?: number };
  if (!hierarchyOf(job) || result.n_topics === undefined) {
    return "Done.";
  }
  return `${countOf(result.n_topics, "topic")} found in ${countOf(result.n_papers ?? 0, "paper")}.`;
}
