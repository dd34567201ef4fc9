/** What people did with a paper. */
import { Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { api, body, type Schemas } from "../../api/client";
import { formatAgo } from "../../parts/numbers";
import classes from "./details.module.css";

export function PaperHistory({ hierarchyId, paperId }: { hierarchyId: string; paperId: string }) {
  const history = useQuery({
    queryKey: ["history", "paper", paperId],
    queryFn: async ({ signal }) => {
      const params = { path: { paper_id: paperId }, query: { limit: 50 } };
      return body(await api.GET("/api/v1/papers/{paper_id}/history", { params, signal })).items;
    },
  });
  const steps = (history.data ?? []).filter(
    (step) => step.hierarchy_id === hierarchyId && step.kind !== "build",
  );
  if (steps.length === 0) {
    return null;
  }
  return (
    <section>
      <Title order={3} size="h5">
        What was done with it
      </Title>
      <ul className={classes.plain}>
        {steps.map((step) => (
          <li key={step.operation_id}>
            <Text size="sm" td={step.undone ? "line-through" : undefined}>
              {step.kind !== "correct" && (step.kind === "undo" ? "Undone: " : "Done again: ")}
              {step.changes.map(tellChange).join("; ")}
            </Text>
            <Text size="xs" c="dimmed">
              {step.actor}, {formatAgo(step.at)}
              {step.undone && ", undone"}
            </Text>
          </li>
        ))}
      </ul>
    </section>
  );
}

function tellChange(change: Schemas["PaperChangeOut"]): string {
  const names = (topics: Schemas["NamedTopicOut"][]) =>
    topics.map((topic) => (topic.label === null ? "a topic that is gone" : `“${topic.label}”`)).join(", ") ||
    "no topic";
  switch (change.part) {
    case "homes":
      return `from ${names(change.before)} to ${names(change.after)}`;
    case "locked":
      return change.now ? "locked" : "unlocked";
    case "rejected":
      return change.now
        ? `marked as wrong in ${names(change.after)}`
        : `no longer marked as wrong in ${names(change.after)}`;
  }
}
