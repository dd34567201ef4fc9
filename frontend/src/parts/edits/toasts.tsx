/** Short messages at the foot of the page. */
import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";

import { explain } from "../../api/problem";

/** The last thing said to be done: one is enough, older ones are in the history. */
let shown: string | null = null;

/** Say that something was done and saved, with the way back. */
export function toastDone(id: string, told: string, undo?: () => void): void {
  const press = () => {
    notifications.hide(id);
    undo?.();
  };
  if (shown !== null) {
    notifications.hide(shown);
  }
  shown = id;
  notifications.show({
    id,
    color: "leaf",
    autoClose: 8000,
    withCloseButton: true,
    closeButtonProps: { "aria-label": "Close the message" },
    message: (
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Text size="sm" lineClamp={2}>
          {told}
        </Text>
        {undo && (
          <Button size="compact-sm" variant="default" onClick={press} style={{ flex: "none" }}>
            Undo
          </Button>
        )}
      </Group>
    ),
  });
}

/** Say that something did not work, and what puts it right. */
export function toastProblem(what: string, error: unknown): void {
  const { title, detail, advice } = explain(error);
  notifications.show({
    color: "red",
    autoClose: 15_000,
    title: what,
    closeButtonProps: { "aria-label": "Close the message" },
    message: [`${title}.`, detail || advice].join(" "),
  });
}

export function toastNote(message: string): void {
  notifications.show({
    message,
    autoClose: 5000,
    closeButtonProps: { "aria-label": "Close the message" },
  });
}
