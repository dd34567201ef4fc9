import { Badge, Button, Group, Stack, Text, TextInput, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";

import { topicQuery } from "../../api/queries";
import { useCorrect } from "../../parts/correct/dialogs";
import { lockTopics } from "../../parts/correct/operations";
import type { Topic } from "../../parts/edits/edit";
import { useNewTopics } from "../../parts/edits/use-edits";
import { Icon, type IconName } from "../../parts/icons";
import { countOf } from "../../parts/numbers";
import { readable } from "../../parts/papers/latex";
import { pathOf, type TreeIndex } from "../../parts/tree/tree-index";
import type { TopicCommand } from "../../parts/tree/use-topic-tree";
import classes from "./details.module.css";
import { useTopicCommands } from "./use-topic-commands";
import { useView } from "./use-view";

export function TopicDetails({ topicId, index }: { topicId: string; index: TreeIndex }) {
  const topic = index.rows.get(topicId)?.topic;
  const isNew = useNewTopics().has(topicId);
  const details = useQuery({ ...topicQuery(topicId), enabled: topic !== undefined && !isNew });
  const [, change] = useView();
  const [isRenaming, setRenaming] = useState(false);
  if (!topic) {
    return <Text>This topic is gone. Choose another one in the tree.</Text>;
  }
  const path = pathOf(index, topicId).slice(0, -1);
  const words = details.data?.keyphrases ?? topic.keyphrases;
  return (
    <Stack gap="md">
      <div>
        {path.length > 0 && (
          <Text size="sm" c="dimmed">
            {path.join(" › ")} ›
          </Text>
        )}
        {isRenaming ? (
          <Rename topic={topic} close={() => setRenaming(false)} />
        ) : (
          <Title order={2} dir="auto" style={{ overflowWrap: "anywhere" }}>
            {topic.label}
          </Title>
        )}
        <Group gap="xs" mt={4}>
          <Text size="sm">{tellSize(topic)}</Text>
          {topic.named_by === "person" && <Badge variant="light">named by a person</Badge>}
          {topic.named_by === "llm" && <Badge variant="light">named by a language model</Badge>}
          {topic.locked && <Badge variant="light">locked</Badge>}
        </Group>
      </div>
      <TopicButtons topic={topic} index={index} rename={() => setRenaming(true)} />
      {details.data?.description && <Text dir="auto">{readable(details.data.description)}</Text>}
      {words.length > 0 && (
        <section>
          <Title order={3} size="h5">
            Words that set it apart
          </Title>
          <Text size="sm">{words.join(", ")}</Text>
        </section>
      )}
      {details.data && details.data.exemplars.length > 0 && (
        <section>
          <Title order={3} size="h5">
            Papers that are typical of it
          </Title>
          <ul className={classes.plain}>
            {details.data.exemplars.map((paper) => (
              <li key={paper.id}>
                <button
                  type="button"
                  className={classes.link}
                  onClick={() => change({ paper: paper.id })}
                  dir="auto"
                >
                  {readable(paper.title)}
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </Stack>
  );
}

function tellSize(topic: Topic): string {
  const second = topic.n_second_papers ? `, and ${topic.n_second_papers} by a second home` : "";
  return countOf(topic.n_papers, "paper") + second;
}

const BUTTONS: { command: TopicCommand; label: string; icon: IconName; isForRoot: boolean }[] = [
  { command: "move", label: "Move to…", icon: "move", isForRoot: false },
  { command: "merge", label: "Merge…", icon: "merge", isForRoot: false },
  { command: "split", label: "Split…", icon: "split", isForRoot: true },
  { command: "create", label: "New topic below…", icon: "add", isForRoot: true },
  { command: "delete", label: "Delete…", icon: "trash", isForRoot: false },
];

function TopicButtons({ topic, index, rename }: { topic: Topic; index: TreeIndex; rename: () => void }) {
  const run = useTopicCommands(index);
  const { make } = useCorrect();
  const isRoot = topic.parent_id === null;
  return (
    <Group gap="xs" role="group" aria-label="What to do with this topic">
      <Button size="xs" variant="default" leftSection={<Icon name="edit" />} onClick={rename}>
        Rename
      </Button>
      {BUTTONS.filter((one) => one.isForRoot || !isRoot).map(({ command, label, icon }) => (
        <Button
          key={command}
          size="xs"
          variant="default"
          leftSection={<Icon name={icon} />}
          onClick={() => command !== "lock" && run(command, [topic.id])}
        >
          {label}
        </Button>
      ))}
      <Button
        size="xs"
        variant="default"
        leftSection={<Icon name={topic.locked ? "unlock" : "lock"} />}
        onClick={() => make(lockTopics([topic.id], topic.locked))}
      >
        {topic.locked ? "Unlock" : "Lock"}
      </Button>
    </Group>
  );
}

function Rename({ topic, close }: { topic: Topic; close: () => void }) {
  const { make } = useCorrect();
  const [label, setLabel] = useState(topic.label);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (label.trim() && label.trim() !== topic.label) {
      make([{ op: "rename_topic", topic: topic.id, label: label.trim() }]);
    }
    close();
  };
  return (
    <form onSubmit={submit}>
      <Group gap="xs" align="end" wrap="nowrap">
        <TextInput
          label="New name"
          value={label}
          maxLength={200}
          onChange={(event) => setLabel(event.currentTarget.value)}
          style={{ flex: 1 }}
          autoFocus
          onKeyDown={(event) => event.key === "Escape" && close()}
        />
        <Button type="submit">Rename</Button>
      </Group>
    </form>
  );
}
