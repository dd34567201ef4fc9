/** Splits a topic into parts that the person names and fills. */
import { Button, Group as Row, Loader, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";

import { topicPapersQuery } from "../../api/queries";
import { newKey, type Hierarchy } from "../edits/edit";
import { Icon } from "../icons";
import { readable } from "../papers/latex";
import type { TreeIndex } from "../tree/tree-index";
import { Effect } from "./effect";
import { splitOperations } from "./operations";
import classes from "./split-form.module.css";

interface Props {
  hierarchy: Hierarchy;
  index: TreeIndex;
  topic: string;
  close: () => void;
  back: () => void;
}

export function SplitByHand({ hierarchy, index, topic, close, back }: Props) {
  const [names, setNames] = useState(() => [0, 1].map(() => ({ id: newKey(), label: "" })));
  const [partOf, setPartOf] = useState<Record<string, string>>({});
  const papers = useInfiniteQuery(topicPapersQuery(topic));
  const filed =
    papers.data?.pages.flatMap((page) => page.items).filter((one) => one.topic_id === topic) ?? [];
  const groups = names.map(({ id, label }) => ({
    id,
    label,
    isTaken: true,
    children: [],
    papers: filed.filter((one) => partOf[one.paper.id] === id).map((one) => one.paper.id),
  }));
  const options = [
    { value: "", label: "Stays in the topic" },
    ...names.map(({ id, label }, at) => ({ value: id, label: label.trim() || `Part ${at + 1}` })),
  ];
  return (
    <Stack>
      <Text size="sm">
        Name the parts of “{index.rows.get(topic)?.label}”, then say for each paper where it goes.
      </Text>
      {names.map(({ id, label }, at) => (
        <TextInput
          key={id}
          label={`Name of part ${at + 1}`}
          value={label}
          maxLength={200}
          onChange={(event) => {
            const { value } = event.currentTarget;
            setNames(names.map((one) => (one.id === id ? { id, label: value } : one)));
          }}
        />
      ))}
      <Row>
        <Button
          variant="default"
          size="xs"
          leftSection={<Icon name="add" />}
          disabled={names.length >= 8}
          onClick={() => setNames([...names, { id: newKey(), label: "" }])}
        >
          One more part
        </Button>
        <Button variant="subtle" size="xs" onClick={back}>
          Have parts proposed
        </Button>
      </Row>
      {papers.isPending && <Loader size="sm" aria-label="Reading the papers" />}
      <div className={classes.papers}>
        {filed.map(({ paper }) => (
          <div key={paper.id} className={classes.paper}>
            <span dir="auto">{readable(paper.title)}</span>
            <NativeSelect
              size="xs"
              aria-label={`Where goes “${paper.title}”?`}
              data={options}
              value={partOf[paper.id] ?? ""}
              onChange={(event) => {
                const { value } = event.currentTarget;
                setPartOf((old) => ({ ...old, [paper.id]: value }));
              }}
            />
          </div>
        ))}
      </div>
      {papers.hasNextPage && (
        <Button variant="default" size="xs" onClick={() => void papers.fetchNextPage()}>
          Show more papers
        </Button>
      )}
      {papers.isSuccess && filed.length === 0 && (
        <Text size="sm" c="dimmed">
          No paper stands right in this topic: they are in the topics below it. Split one of those.
        </Text>
      )}
      <Effect hierarchy={hierarchy} operations={splitOperations(topic, groups)} verb="Split" close={close} />
    </Stack>
  );
}
