/** Says whether all edits are saved; nothing is said before there was one. */
import { Button, Text } from "@mantine/core";
import { useEffect } from "react";

import { Icon } from "../icons";
import { countOf } from "../numbers";
import { useEditsService } from "./edits-context";
import classes from "./save-state.module.css";
import { useWaitingEdits } from "./use-edits";

export function SaveState() {
  const { queue } = useEditsService();
  const waiting = useWaitingEdits().filter((edit) => edit.state !== "stale");
  const isAway = queue.offline && waiting.length > 0;
  useEffect(() => {
    window.addEventListener("online", queue.retry);
    return () => window.removeEventListener("online", queue.retry);
  }, [queue]);
  return (
    <div role="status" className={classes.state} data-away={isAway || undefined}>
      {waiting.length > 0 && !isAway && (
        <>
          <Icon name="clock" />
          <Text size="sm" span>
            Saving…
          </Text>
        </>
      )}
      {isAway && (
        <>
          <Icon name="warning" />
          <Text size="sm" span>
            {countOf(waiting.length, "change")} not saved: the server does not answer. Kept in this browser.
          </Text>
          <Button size="compact-xs" variant="default" onClick={queue.retry}>
            Try now
          </Button>
        </>
      )}
    </div>
  );
}
