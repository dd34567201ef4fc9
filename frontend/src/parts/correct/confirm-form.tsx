import { Stack } from "@mantine/core";

import type { FormerHomes, Hierarchy, Operation } from "../edits/edit";
import { Effect } from "./effect";

interface Props {
  hierarchy: Hierarchy;
  operations: Operation[];
  former?: FormerHomes;
  verb: string;
  close: () => void;
}

/** Shows the effect of what is already decided. */
export function ConfirmForm(props: Props) {
  return (
    <Stack>
      <Effect {...props} />
    </Stack>
  );
}
