/** The stages of a job: which are done, which one it is at, which are to come. */
import { Loader, Text } from "@mantine/core";

import type { Schemas } from "../../api/client";
import { Icon } from "../../parts/icons";
import { stagesOf } from "../../parts/jobs";
import { formatCount } from "../../parts/numbers";
import { Unseen } from "../../parts/unseen";
import classes from "./progress.module.css";

type Job = Schemas["JobOut"];
type StageState = "done" | "now" | "next" | "stopped";

const SAID: Record<StageState, string> = {
  done: "done",
  now: "at work",
  next: "to come",
  stopped: "stopped",
};

export function Stages({ job, then }: { job: Job; then?: "build" }) {
  const own = stagesOf(job);
  const following = then === "build" ? stagesOf({ kind: "build_hierarchy", stage: null }) : [];
  // Between its start and its first word a job is at its first stage.
  const at = job.stage ? own.findIndex((stage) => stage.name === job.stage) : 0;
  return (
    <ol className={classes.stages}>
      {[...own, ...following].map((stage, index) => {
        const state = index < own.length ? stateOf(job, index, at) : "next";
        return (
          <li key={stage.name} className={classes.stage} data-state={state}>
            <span className={classes.mark}>{markOf(state)}</span>
            <Text span fw={state === "now" ? 600 : undefined}>
              {stage.label}
              <Unseen>, {SAID[state]}</Unseen>
            </Text>
            <Text span size="sm" c="dimmed" className={classes.counts}>
              {state === "now" || state === "stopped" ? counts(job, stage.unit) : ""}
            </Text>
          </li>
        );
      })}
    </ol>
  );
}

function stateOf(job: Job, index: number, at: number): StageState {
  if (job.state === "succeeded" || index < at) {
    return "done";
  }
  if (index > at || job.state === "queued") {
    return "next";
  }
  return job.state === "running" ? "now" : "stopped";
}

function counts(job: Job, unit: string): string {
  if (!unit || (job.total === null && job.done === 0)) {
    return "";
  }
  const done = formatCount(job.done);
  return job.total === null ? `${done} ${unit}` : `${done} of ${formatCount(job.total)} ${unit}`;
}

function markOf(state: StageState) {
  switch (state) {
    case "done":
      return <Icon name="check" />;
    case "now":
      return <Loader size={14} aria-hidden />;
    case "stopped":
      return <Icon name="close" />;
    case "next":
      return null;
  }
}
