/** The effect of operations, or what stands against them; with the buttons that make them or not. */
import { Alert, Button, Group, List, Loader, Text } from "@mantine/core";
import { useMemo } from "react";

import { explain } from "../../api/problem";
import type { FormerHomes, Hierarchy, Operation } from "../edits/edit";
import { useCorrect } from "./dialogs";
import { tellEffect, usePreview } from "./use-preview";

interface Props {
  hierarchy: Hierarchy;
  /** Null while the person has not chosen enough. */
  operations: Operation[] | null;
  former?: FormerHomes;
  /** What the button says: “Move”, “Merge”. */
  verb: string;
  close: () => void;
}

export function Effect({ hierarchy, operations, former, verb, close }: Props) {
  const { make } = useCorrect();
  const preview = usePreview(hierarchy, operations);
  const labels = useMemo(
    () => new Map(hierarchy.topics.map((topic) => [topic.id, topic.label])),
    [hierarchy.topics],
  );
  const conflicts = preview.data?.conflicts ?? [];
  const isKnown = preview.isSuccess && !preview.isPlaceholderData;
  // Without the server nobody knows the effect; the correction can be made all the same, and is kept.
  const mayMake = operations !== null && (preview.isError || (isKnown && conflicts.length === 0));
  const labelOf = (id: string) => labels.get(id) ?? "a topic";
  return (
    <>
      <div aria-live="polite">
        {operations && preview.isPending && <Loader size="sm" aria-label="Asking what this would do" />}
        {operations && preview.isError && <Unknown error={preview.error} />}
        {operations && preview.data && conflicts.length === 0 && (
          <List size="sm" data-effect>
            {tellEffect(preview.data.effect, labelOf).map((line) => (
              <List.Item key={line}>{line}</List.Item>
            ))}
          </List>
        )}
        {operations && conflicts.length > 0 && (
          <Alert color="yellow" title="This is not possible as things are">
            {[...new Set(conflicts.map((one) => one.detail))].slice(0, 3).map((line) => (
              <Text key={line} size="sm">
                {line}
              </Text>
            ))}
          </Alert>
        )}
      </div>
      <Group justify="end">
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button
          disabled={!mayMake}
          data-confirm
          data-autofocus={operations ? true : undefined}
          onClick={() => {
            if (operations) {
              make(operations, former);
            }
            close();
          }}
        >
          {verb}
        </Button>
      </Group>
    </>
  );
}

function Unknown({ error }: { error: unknown }) {
  const { title, detail } = explain(error);
  return (
    <Alert color="yellow" title="What this would do is not known now">
      <Text size="sm">
        {title}. {detail} You can do it all the same: it is kept, checked when the server answers, and can be
        undone.
      </Text>
    </Alert>
  );
}
