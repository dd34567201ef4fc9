/** A sentence for those who are here for the first time; gone for good once it is closed. */
import { CloseButton, Text } from "@mantine/core";
import { type ReactNode, useState } from "react";

import { Icon } from "../icons";
import classes from "./hint.module.css";
import { closeHint, isHintClosed } from "./hints";

export function Hint({ name, children }: { name: string; children: ReactNode }) {
  const [isClosed, setClosed] = useState(() => isHintClosed(name));
  if (isClosed) {
    return null;
  }
  const close = () => {
    closeHint(name);
    setClosed(true);
  };
  return (
    <aside className={classes.hint} aria-label="Hint">
      <Icon name="help" size={18} />
      <Text size="sm">{children}</Text>
      <CloseButton size="sm" aria-label="Do not show this hint again" onClick={close} />
    </aside>
  );
}
