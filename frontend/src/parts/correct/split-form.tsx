/** Splits a topic into parts: the server proposes them, the person renames, leaves out, or moves papers. */
import {
  Alert,
  Anchor,
  Button,
  Checkbox,
  Group,
  Loader,
  SegmentedControl,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { useState } from "react";

import { explain } from "../../api/problem";
import { newKey, type Hierarchy } from "../edits/edit";
import { countOf } from "../numbers";
import { readable } from "../papers/latex";
import type { TreeIndex } from "../tree/tree-index";
import { Effect } from "./effect";
import { splitOperations, type SplitPart } from "./operations";
import classes from "./split-form.module.css";
import { SplitByHand } from "./split-by-hand";
import { usePreview, type Part } from "./use-preview";

interface Props {
  hierarchy: Hierarchy;
  index: TreeIndex;
  topic: string;
  close: () => void;
}

export function SplitForm(props: Props) {
  const [isByHand, setByHand] = useState(false);
  if (isByHand) {
    return <SplitByHand {...props} back={() => setByHand(false)} />;
  }
  return <ProposedSplit {...props} byHand={() => setByHand(true)} />;
}

function ProposedSplit({ hierarchy, index, topic, close, byHand }: Props & { byHand: () => void }) {
  const [k, setK] = useState(3);
  const proposal = usePreview(hierarchy, [{ op: "split_topic", topic, k, groups: [] }]);
  const splits = (proposal.data as { splits?: { groups: Part[] }[] } | undefined)?.splits;
  const parts = splits?.[0]?.groups;
  const refusal = proposal.error ?? null;
  const conflict = proposal.data?.conflicts[0]?.detail;
  return (
    <Stack>
      <Text size="sm">
        papertree proposes parts of “{index.rows.get(topic)?.label}”. Rename them, leave some out, or choose
        another number. <TextButton text="Make the parts by hand" act={byHand} />
      </Text>
      <div>
        <Text size="sm" fw={600}>
          How many parts?
        </Text>
        <SegmentedControl
          aria-label="How many parts?"
          value={String(k)}
          onChange={(value) => setK(Number(value))}
          data={["2", "3", "4", "5", "6", "7", "8"]}
        />
      </div>
      {proposal.isPending && <Loader size="sm" aria-label="Looking for parts" />}
      {(refusal || (!parts && (conflict ?? proposal.isSuccess))) && (
        <Alert color="yellow" title="No parts were found">
          {conflict ?? (refusal ? explain(refusal).detail : "")} Make them by hand instead.
          <Group mt="xs">
            <Button size="xs" variant="default" onClick={byHand}>
              Make the parts by hand
            </Button>
          </Group>
        </Alert>
      )}
      {parts && <Parts key={`${k}-${proposal.dataUpdatedAt}`} {...{ hierarchy, topic, close, parts }} />}
    </Stack>
  );
}

function Parts(props: { hierarchy: Hierarchy; topic: string; close: () => void; parts: Part[] }) {
  const { hierarchy, topic, close, parts } = props;
  const [groups, setGroups] = useState<SplitPart[]>(() =>
    parts.map((part) => ({
      id: newKey(),
      label: part.label,
      isTaken: true,
      papers: part.papers,
      children: part.children ?? [],
    })),
  );
  const change = (at: number, changes: Partial<SplitPart>) =>
    setGroups(groups.map((group, one) => (one === at ? { ...group, ...changes } : group)));
  return (
    <>
      <div className={classes.groups}>
        {groups.map((group, at) => (
          <section key={group.id} className={classes.group} data-taken={group.isTaken || undefined}>
            <Checkbox
              label={tellSize(group)}
              checked={group.isTaken}
              onChange={(event) => change(at, { isTaken: event.currentTarget.checked })}
            />
            <TextInput
              aria-label={`Name of part ${at + 1}`}
              value={group.label}
              maxLength={200}
              onChange={(event) => change(at, { label: event.currentTarget.value })}
            />
            <Text size="xs" c="dimmed">
              {parts[at]?.keyphrases?.slice(0, 6).join(", ")}
            </Text>
            <ul className={classes.exemplars}>
              {parts[at]?.exemplars?.slice(0, 3).map((paper) => (
                <li key={paper.id}>{readable(paper.title)}</li>
              ))}
            </ul>
          </section>
        ))}
      </div>
      <Text size="sm" c="dimmed">
        What is in no part stays as it is: papers right in the topic, topics below it.
      </Text>
      <Effect hierarchy={hierarchy} operations={splitOperations(topic, groups)} verb="Split" close={close} />
    </>
  );
}

function tellSize(part: SplitPart): string {
  const sizes = [
    part.papers.length > 0 && countOf(part.papers.length, "paper"),
    part.children.length > 0 && countOf(part.children.length, "topic"),
  ];
  return sizes.filter(Boolean).join(", ");
}

function TextButton({ text, act }: { text: string; act: () => void }) {
  return (
    <Anchor component="button" type="button" size="sm" underline="always" onClick={act}>
      {text}
    </Anchor>
  );
}
