/** Chooses which of several topics stays, and its name. */
import { Radio, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";

import type { Hierarchy, Operation } from "../edits/edit";
import { countOf } from "../numbers";
import { pathOf, type TreeIndex } from "../tree/tree-index";
import { Effect } from "./effect";
import { TopicPicker } from "./topic-picker";

interface Props {
  hierarchy: Hierarchy;
  index: TreeIndex;
  topics: readonly string[];
  close: () => void;
}

export function MergeForm({ hierarchy, index, topics, close }: Props) {
  // One topic alone: the other one is chosen here.
  const [other, setOther] = useState<string | null>(null);
  const all = other ? [...topics, other] : topics;
  const largest = [...all].sort(
    (one, two) => (index.rows.get(two)?.nPapers ?? 0) - (index.rows.get(one)?.nPapers ?? 0),
  )[0] as string;
  const [chosen, setChosen] = useState<string | null>(null);
  const into = chosen && all.includes(chosen) ? chosen : largest;
  const [typed, setTyped] = useState<string | null>(null);
  const label = typed ?? index.rows.get(into)?.label ?? "";
  const operations = all.length > 1 ? mergeOperations(all, into, label, index) : null;
  return (
    <Stack>
      {topics.length === 1 && (
        <TopicPicker
          index={index}
          label={`Merge “${index.rows.get(topics[0] as string)?.label}” with which topic?`}
          mayTake={(id) => id !== topics[0] && Boolean(index.rows.get(id)?.topic?.parent_id)}
          value={other}
          choose={setOther}
        />
      )}
      {all.length > 1 && (
        <>
          <Radio.Group label="Which one stays?" value={into} onChange={setChosen}>
            <Stack gap="xs" mt="xs">
              {all.map((id) => (
                <Radio
                  key={id}
                  value={id}
                  label={`${pathOf(index, id).join(" › ")} (${countOf(index.rows.get(id)?.nPapers ?? 0, "paper")})`}
                />
              ))}
            </Stack>
          </Radio.Group>
          <Text size="sm" c="dimmed">
            The papers and the topics below of the others go into it.
          </Text>
          <TextInput
            label="Name"
            value={label}
            maxLength={200}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
        </>
      )}
      <Effect hierarchy={hierarchy} operations={operations} verb="Merge" close={close} />
    </Stack>
  );
}

function mergeOperations(all: readonly string[], into: string, label: string, index: TreeIndex): Operation[] {
  const merge: Operation = { op: "merge_topics", topics: all.filter((id) => id !== into), into };
  const isRenamed = label.trim() !== "" && label.trim() !== index.rows.get(into)?.label;
  return isRenamed ? [merge, { op: "rename_topic", topic: into, label: label.trim() }] : [merge];
}
