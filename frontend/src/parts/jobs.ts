/** Jobs in the words of people. */
import type { Schemas } from "../api/client";
import { formatSeconds } from "./numbers";

type Job = Schemas["JobOut"];

const KINDS: Record<string, string> = {
  import_file: "Reading a file",
  build_hierarchy: "Finding the topics",
  score_assignments: "Looking for doubtful papers",
  evaluate_hierarchy: "Measuring the hierarchy",
  extract_claims: "Reading what the papers claim",
  propose_aspects: "Looking for aspects",
};

export interface Stage {
  /** As the API calls it. */
  name: string;
  label: string;
  /** What `done` and `total` count, in the plural. */
  unit: string;
}

const STAGES: Record<string, readonly Stage[]> = {
  import_file: [{ name: "read", label: "Read the file and find duplicates", unit: "records" }],
  build_hierarchy: [
    { name: "embed", label: "Read what each paper is about", unit: "papers" },
    { name: "organize", label: "Arrange the papers into topics", unit: "papers" },
    { name: "label", label: "Name the topics", unit: "topics" },
    { name: "publish", label: "Put the hierarchy before you", unit: "" },
  ],
  score_assignments: [{ name: "score", label: "Score each paper's place", unit: "papers" }],
};

/** The stages of a job in order; of a kind that is not known, the one that it is at. */
export function stagesOf(job: Pick<Job, "kind" | "stage">): readonly Stage[] {
  const known = STAGES[job.kind] ?? [];
  if (!job.stage || known.some((stage) => stage.name === job.stage)) {
    return known;
  }
  return [{ name: job.stage, label: inWords(job.stage), unit: "" }];
}

export function nameJob(job: Job): string {
  return KINDS[job.kind] ?? inWords(job.kind);
}

/** “Name the topics, 40 %, 12 seconds left”. */
export function tellProgress(job: Job): string {
  if (job.state === "queued") {
    return "waiting for its turn";
  }
  const stage = stagesOf(job).find((one) => one.name === job.stage);
  const parts = [stage?.label ?? "at work"];
  if (job.total) {
    parts.push(`${Math.floor((100 * job.done) / job.total)} %`);
  }
  if (job.seconds_left !== null) {
    parts.push(`${formatSeconds(job.seconds_left)} left`);
  }
  return parts.join(", ");
}

/** How much of the present stage is done, in percent; null when nobody can say. */
export function shareDone(job: Job): number | null {
  return job.total ? Math.min(100, (100 * job.done) / job.total) : null;
}

/** How much of the whole job is done, in percent, taking its stages as equally long; null as above. */
export function shareOfAll(job: Job): number | null {
  if (job.state === "succeeded") {
    return 100;
  }
  const stages = stagesOf(job);
  const at = job.stage ? stages.findIndex((stage) => stage.name === job.stage) : 0;
  const share = shareDone(job);
  if (at < 0 || (share === null && stages.length === 1)) {
    return null;
  }
  return Math.min(99, (100 * (at + (share ?? 0) / 100)) / stages.length);
}

function inWords(name: string): string {
  return name.replaceAll("_", " ").replace(/^./, (first) => first.toUpperCase());
}
