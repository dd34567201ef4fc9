/** Jobs in the words of people. */
import type { Schemas } from "../api/client";
import { formatSeconds } from "./numbers";

const KINDS: Record<string, string> = {
  import_papers: "Reading a file",
  build_hierarchy: "Building topics",
  score_papers: "Looking for doubtful papers",
  evaluate_hierarchy: "Measuring the hierarchy",
};

export function nameJob(job: Schemas["JobOut"]): string {
  return KINDS[job.kind] ?? job.kind.replaceAll("_", " ").replace(/^./, (first) => first.toUpperCase());
}

/** “embed, 40 %, 12 seconds left”. */
export function tellProgress(job: Schemas["JobOut"]): string {
  if (job.state === "queued") {
    return "waiting for its turn";
  }
  const parts = [job.stage?.replaceAll("_", " ") ?? "at work"];
  if (job.total) {
    parts.push(`${Math.floor((100 * job.done) / job.total)} %`);
  }
  if (job.seconds_left !== null) {
    parts.push(`${formatSeconds(job.seconds_left)} left`);
  }
  return parts.join(", ");
}

/** How much of a job is done, in percent; null when nobody can say. */
export function shareDone(job: Schemas["JobOut"]): number | null {
  return job.total ? Math.min(100, (100 * job.done) / job.total) : null;
}
