import { Button, Group, List, Stack, Title } from "@mantine/core";

import { Icon } from "../../parts/icons";
import { countOf } from "../../parts/numbers";
import type { TreeIndex } from "../../parts/tree/tree-index";
import { useTopicCommands } from "./use-topic-commands";

export function SeveralTopics({ topics, index }: { topics: readonly string[]; index: TreeIndex }) {
  const run = useTopicCommands(index);
  return (
    <Stack>
      <Title order={2}>{countOf(topics.length, "topic")} chosen</Title>
      <List>
        {topics.map((id) => (
          <List.Item key={id}>
            {index.rows.get(id)?.label}, {countOf(index.rows.get(id)?.nPapers ?? 0, "paper")}
          </List.Item>
        ))}
      </List>
      <Group gap="xs">
        <Button leftSection={<Icon name="merge" />} onClick={() => run("merge", topics)}>
          Merge…
        </Button>
        <Button variant="default" leftSection={<Icon name="move" />} onClick={() => run("move", topics)}>
          Move to…
        </Button>
      </Group>
    </Stack>
  );
}
