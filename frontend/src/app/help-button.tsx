/** The way to help: a button in the bar, and the key `?` wherever nobody is typing. */
import { Anchor, Loader, Modal, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useEffect } from "react";

import { isTyping } from "../parts/keyboard";
import { BarButton } from "./bar-button";

const ShortcutList = lazy(() =>
  import("../parts/help/shortcut-list").then((loaded) => ({ default: loaded.ShortcutList })),
);

export function HelpButton() {
  const [opened, { open, close }] = useDisclosure();
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key === "?" && !event.defaultPrevented && !isTyping(event)) {
        event.preventDefault();
        open();
      }
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [open]);
  return (
    <>
      <BarButton label="Help and keys (?)" icon="help" act={open} />
      <Modal
        opened={opened}
        onClose={close}
        title="Keys"
        size="lg"
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <Suspense fallback={<Loader aria-label="Opening the list" />}>
          <ShortcutList />
        </Suspense>
        <Text mt="md">
          <Anchor component={Link} to="/help" onClick={close} underline="always">
            All help: how it works, what the words mean, the API
          </Anchor>
        </Text>
      </Modal>
    </>
  );
}
