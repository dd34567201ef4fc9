/** What people did with a paper. */
import { Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { api, body } from "../../api/client";
import type { Hierarchy } from "../../parts/edits/edit";
import { tellOperations } from "../../parts/edits/tell";
import { formatAgo } from "../../parts/numbers";
import classes from "./details.module.css";

/** How many of the newest steps are looked through. */
const LOOKED_AT = 200;

export function PaperHistory({ hierarchy, paperId }: { hierarchy: Hierarchy; paperId: string }) {
  const history = useQuery({
    queryKey: ["history", hierarchy.id, "newest"],
    queryFn: async ({ signal }) => {
      const params = { path: { hierarchy_id: hierarchy.id }, query: { limit: LOOKED_AT } };
      return body(await api.GET("/api/v1/hierarchies/{hierarchy_id}/history", { params, signal })).items;
    },
    staleTime: 10_000,
  });
  const labels = new Map(hierarchy.topics.map((topic) => [topic.id, topic.label]));
  const steps = (history.data ?? []).filter((step) => step.operations.some((one) => one.paper === paperId));
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
              {tellOperations(
                step.operations.filter((one) => one.paper === paperId),
                (id) => labels.get(id) ?? "a topic that is gone",
              )}
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
