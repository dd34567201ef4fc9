import { List, Paper, Text, Title } from "@mantine/core";

/** What to do when there is nothing yet. */
export function FirstSteps() {
  return (
    <Paper withBorder p="lg" mb="md" maw={640}>
      <Title order={2} mb="xs">
        Begin here
      </Title>
      <List type="ordered" spacing="xs">
        <List.Item>
          <b>New corpus</b> makes an empty one and asks for your files: RIS, BibTeX, CSV, PubMed or JSON.
        </List.Item>
        <List.Item>papertree reads them, finds the topics and names them. You can watch it work.</List.Item>
        <List.Item>
          You rename, move, merge and split topics until they are right. Everything can be undone.
        </List.Item>
      </List>
      <Text mt="sm" c="dimmed">
        To look around first, press <b>Open the sample</b>.
      </Text>
    </Paper>
  );
}
