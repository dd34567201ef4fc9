/** Asks for the key to the server. */
import { Button, Code, Paper, PasswordInput, Stack, Text, Title } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";

import { openSession } from "./session";

export function KeyForm() {
  const [key, setKey] = useState("");
  const [isBusy, setBusy] = useState(false);
  const client = useQueryClient();

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    await openSession(key);
    await client.resetQueries();
    setBusy(false);
  }

  return (
    <Paper withBorder p="lg" m="md" maw={520} component="form" onSubmit={(event) => void submit(event)}>
      <Stack>
        <Title order={2}>Open papertree</Title>
        <Text>
          The address that <Code>papertree serve</Code> printed holds the key: open it once, or paste the key
          here. It is also in the file <Code>local.key</Code> of the data directory.
        </Text>
        <PasswordInput
          label="Key"
          description="Begins with pt_"
          value={key}
          onChange={(event) => setKey(event.currentTarget.value)}
          autoComplete="off"
          required
          data-autofocus
        />
        <Button type="submit" loading={isBusy} disabled={!key.trim()}>
          Open
        </Button>
      </Stack>
    </Paper>
  );
}
