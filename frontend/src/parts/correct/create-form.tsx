import { Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";

import { newKey, type FormerHomes, type Hierarchy, type Operation } from "../edits/edit";
import { countOf } from "../numbers";
import { pathOf, type TreeIndex } from "../tree/tree-index";
import { Effect } from "./effect";

interface Props {
  hierarchy: Hierarchy;
  index: TreeIndex;
  parent: string;
  papers: FormerHomes;
  close: () => void;
}

/** Names a new topic, with the chosen papers in it if there are any. */
export function CreateForm({ hierarchy, index, parent, papers, close }: Props) {
  const [label, setLabel] = useState("");
  const [id] = useState(newKey);
  const count = Object.keys(papers).length;
  const operations: Operation[] | null = label.trim()
    ? [
        {
          op: "create_topic",
          parent,
          label: label.trim(),
          description: "",
          topic: id,
          papers: Object.keys(papers),
        },
      ]
    : null;
  return (
    <Stack>
      <Text size="sm">
        It stands under “{pathOf(index, parent).join(" › ")}”
        {count > 0 ? ` and takes ${countOf(count, "chosen paper")}.` : ", empty at first."}
      </Text>
      <TextInput
        label="Name"
        value={label}
        maxLength={200}
        onChange={(event) => setLabel(event.currentTarget.value)}
        data-autofocus
        required
      />
      <Effect hierarchy={hierarchy} operations={operations} former={papers} verb="Make it" close={close} />
    </Stack>
  );
}
