/** What to do when there is nothing yet. */
import { Button, Group, List, Paper, Title } from "@mantine/core";

import { Icon } from "../../parts/icons";

interface Props {
  makeNew: () => void;
  openSample: () => void;
  isOpening: boolean;
}

export function FirstSteps({ makeNew, openSample, isOpening }: Props) {
  return (
    <Paper withBorder p="lg" mb="md" maw={680}>
      <Title order={2} mb="xs">
        Begin here
      </Title>
      <List type="ordered" spacing="xs">
        <List.Item>
          You drop your files of references: RIS, BibTeX, CSV, PubMed or JSON, from Zotero, Scopus, Web of
          Science or anywhere else.
        </List.Item>
        <List.Item>
          papertree reads the papers, finds the topics and names them. Nothing leaves this machine unless you
          have set up a language model.
        </List.Item>
        <List.Item>
          You rename, move, merge and split topics until they are right. Everything can be undone.
        </List.Item>
      </List>
      <Group mt="md">
        <Button leftSection={<Icon name="add" />} onClick={makeNew}>
          New corpus
        </Button>
        <Button variant="default" onClick={openSample} loading={isOpening}>
          Look around in the sample
        </Button>
      </Group>
    </Paper>
  );
}
