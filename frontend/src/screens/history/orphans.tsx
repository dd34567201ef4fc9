/** Corrections that the live build could not obey: each is made anew where that is possible, or given up. */
import { Button, Group, Text, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { api, body, type Schemas } from "../../api/client";
import { treeKey } from "../../api/queries";
import { ProblemView } from "../../app/problem-view";
import { ApiCall } from "../../parts/api-call/api-call";
import { type Hierarchy, newKey } from "../../parts/edits/edit";
import { type LooseOperation, tellOperation } from "../../parts/edits/tell";
import { Icon } from "../../parts/icons";
import classes from "./history.module.css";
import { goneTopicsQuery, orphansQuery } from "./queries";
import { labelsOf } from "./tell-step";

type Orphan = Schemas["OrphanOut"];
type Act = "apply" | "dismiss";

export function Orphans({ hierarchy }: { hierarchy: Hierarchy }) {
  const orphans = useQuery(orphansQuery(hierarchy.id));
  const settle = useSettling(hierarchy);
  const gone = useQuery({ ...goneTopicsQuery(hierarchy.id), enabled: (orphans.data?.length ?? 0) > 0 }).data;
  const labelOf = labelsOf(hierarchy.topics, [], gone);
  if (orphans.isError && !orphans.data) {
    return <ProblemView error={orphans.error} retry={() => void orphans.refetch()} />;
  }
  const items = orphans.data ?? [];
  if (items.length === 0) {
    return settle.error ? <ProblemView error={settle.error} /> : null;
  }
  const isBusy = (orphan: Orphan, act: Act) =>
    settle.isPending && settle.variables.act === act && settle.variables.orphans.includes(orphan);
  return (
    <section aria-labelledby="orphans">
      <Title order={2} id="orphans" mb="xs">
        Corrections that could not be obeyed
      </Title>
      <Text mb="sm">
        This build does not have what they were about. Try again once it is there, or give them up; giving up
        can be undone under Changes. Every later build tries them again by itself.
      </Text>
      {settle.error && <ProblemView error={settle.error} />}
      <ul className={classes.steps}>
        {items.map((orphan) => (
          <li key={`${orphan.version}.${orphan.number}`} className={classes.step}>
            <span className={classes.stepIcon}>
              <Icon name="warning" />
            </span>
            <div className={classes.stepText}>
              <Text dir="auto" className={classes.told}>
                {tellOperation(orphan.operation as LooseOperation, labelOf)}
              </Text>
              <Text size="sm" className={classes.whyNot}>
                {orphan.detail}
              </Text>
            </div>
            <Group gap="xs" className={classes.stepActs}>
              <Button
                size="compact-sm"
                variant="default"
                loading={isBusy(orphan, "apply")}
                disabled={settle.isPending}
                onClick={() => settle.mutate({ act: "apply", orphans: [orphan] })}
              >
                Try again
              </Button>
              <Button
                size="compact-sm"
                variant="default"
                loading={isBusy(orphan, "dismiss")}
                disabled={settle.isPending}
                onClick={() => settle.mutate({ act: "dismiss", orphans: [orphan] })}
              >
                Give it up
              </Button>
            </Group>
          </li>
        ))}
      </ul>
      <Group mt="sm">
        {items.length > 1 && (
          <Button
            size="compact-sm"
            variant="subtle"
            disabled={settle.isPending}
            onClick={() => settle.mutate({ act: "dismiss", orphans: items })}
          >
            Give all {items.length} up
          </Button>
        )}
        <ApiCall
          call={{
            method: "POST",
            path: `/api/v1/hierarchies/${hierarchy.id}/orphans/apply`,
            json: { orphans: items.slice(0, 1).map(placeOf) },
            headers: { "If-Match": `"${hierarchy.version}"`, "Idempotency-Key": "a-new-one-each-time" },
          }}
        />
      </Group>
    </section>
  );
}

function useSettling(hierarchy: Hierarchy) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ act, orphans }: { act: Act; orphans: Orphan[] }) => {
      const params = {
        path: { hierarchy_id: hierarchy.id },
        header: { "If-Match": `"${hierarchy.version}"`, "Idempotency-Key": newKey() },
      };
      const asked = { orphans: orphans.map(placeOf) };
      return body(
        await api.POST(`/api/v1/hierarchies/{hierarchy_id}/orphans/${act}`, { params, body: asked }),
      );
    },
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: treeKey(hierarchy.id) });
      await client.invalidateQueries({ queryKey: ["history", hierarchy.id] });
    },
  });
}

function placeOf({ version, number }: Orphan) {
  return { version, number };
}
