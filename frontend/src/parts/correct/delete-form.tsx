import { Radio, Stack, Text } from "@mantine/core";
import { useState } from "react";

import type { Hierarchy } from "../edits/edit";
import type { TreeIndex } from "../tree/tree-index";
import { Effect } from "./effect";

interface Props {
  hierarchy: Hierarchy;
  index: TreeIndex;
  topic: string;
  close: () => void;
}

/** Asks where the papers of a topic go that is deleted. */
export function DeleteForm({ hierarchy, index, topic, close }: Props) {
  const [papersTo, setPapersTo] = useState<"parent" | "unassigned">("parent");
  const parent = index.rows.get(index.parents.get(topic) ?? "")?.label ?? "";
  return (
    <Stack>
      <Text>
        “{index.rows.get(topic)?.label}” goes; topics below it move up to “{parent}”. No paper is deleted.
      </Text>
      <Radio.Group
        label="Where do its papers go?"
        value={papersTo}
        onChange={(value) => setPapersTo(value as "parent" | "unassigned")}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="parent" label={`Into “${parent}”`} />
          <Radio value="unassigned" label="Nowhere: they become unassigned" />
        </Stack>
      </Radio.Group>
      <Effect
        hierarchy={hierarchy}
        operations={[{ op: "delete_topic", topic, papers_to: papersTo }]}
        verb="Delete"
        close={close}
      />
    </Stack>
  );
}
