/** Somebody changed what an edit is about: shows what they did, and offers to do the edit again. */
import { Button, Group, List, Loader, Modal, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { api, body } from "../../api/client";
import { treeQuery } from "../../api/queries";
import { formatAgo } from "../numbers";
import type { Edit } from "./edit";
import { useEditsService } from "./edits-context";
import { tellOperations, type LooseOperation } from "./tell";
import { useWaitingEdits } from "./use-edits";

export function StaleDialog() {
  const stale = useWaitingEdits().find((edit) => edit.state === "stale");
  const { queue } = useEditsService();
  return (
    <Modal
      opened={stale !== undefined}
      onClose={() => stale && queue.drop(stale.key)}
      title="Somebody changed this meanwhile"
      closeButtonProps={{ "aria-label": "Leave it as it is now" }}
    >
      {stale && <StaleEdit edit={stale} />}
    </Modal>
  );
}

function StaleEdit({ edit }: { edit: Edit }) {
  const edits = useEditsService();
  const hierarchy = useQuery({ ...treeQuery(edit.hierarchyId), staleTime: 0 });
  const steps = useQuery({
    queryKey: ["history", edit.hierarchyId, "since", edit.basedOn],
    queryFn: async () => {
      const params = { path: { hierarchy_id: edit.hierarchyId }, query: { limit: 50 } };
      return body(await api.GET("/api/v1/hierarchies/{hierarchy_id}/history", { params })).items;
    },
  });
  const labels = new Map(hierarchy.data?.topics.map((topic) => [topic.id, topic.label]));
  const since = steps.data?.filter((step) => step.version > edit.basedOn) ?? [];
  const isReady = hierarchy.isSuccess && !hierarchy.isFetching && steps.isSuccess;
  return (
    <Stack>
      <div>
        <Text fw={600}>Yours, not saved</Text>
        <Text>{edit.told}</Text>
      </div>
      <div>
        <Text fw={600}>What was done since you looked</Text>
        {steps.isPending && <Loader size="sm" aria-label="Reading what was done" />}
        <List>
          {since.map((step) => (
            <List.Item key={step.operation_id}>
              {tellStep(step, (id) => labels.get(id) ?? "a topic that is gone")}
              <Text size="sm" c="dimmed">
                {step.actor}, {formatAgo(step.at)}
              </Text>
            </List.Item>
          ))}
        </List>
      </div>
      <Group justify="end">
        <Button variant="default" onClick={() => edits.queue.drop(edit.key)}>
          Leave it as it is now
        </Button>
        <Button
          loading={!isReady}
          onClick={() => edits.repeat(edit, hierarchy.data?.version ?? edit.basedOn)}
          data-autofocus
        >
          Do mine again
        </Button>
      </Group>
    </Stack>
  );
}

function tellStep(
  step: { kind: string; operations: LooseOperation[] },
  labelOf: (topicId: string) => string,
): string {
  if (step.kind === "build") {
    return "Built the hierarchy anew";
  }
  const told = tellOperations(step.operations, labelOf);
  return step.kind === "correct" ? told : `${step.kind === "undo" ? "Undid" : "Did again"}: ${told}`;
}
