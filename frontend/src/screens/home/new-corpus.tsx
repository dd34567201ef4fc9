/** Names a new corpus, then goes where papers are brought in. */
import { Alert, Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";

import { api, body } from "../../api/client";
import { explain } from "../../api/problem";

export function NewCorpus({ opened, close }: { opened: boolean; close: () => void }) {
  const [name, setName] = useState("");
  const client = useQueryClient();
  const navigate = useNavigate();
  const make = useMutation({
    mutationFn: async (name: string) => body(await api.POST("/api/v1/corpora", { body: { name } })),
    onSuccess: async (corpus) => {
      await client.invalidateQueries({ queryKey: ["corpora"] });
      close();
      await navigate({ to: "/corpora/$corpusId", params: { corpusId: corpus.id } });
    },
  });
  const problem = make.error ? explain(make.error) : null;

  function submit(event: FormEvent) {
    event.preventDefault();
    make.mutate(name.trim());
  }

  return (
    <Modal opened={opened} onClose={close} title="New corpus" closeButtonProps={{ "aria-label": "Close" }}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label="Name"
            description="What the papers have in common, such as the name of your review"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            maxLength={200}
            required
            data-autofocus
          />
          {problem && (
            <Alert color="red" title={problem.title}>
              {problem.detail}
            </Alert>
          )}
          <Group justify="end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={make.isPending} disabled={!name.trim()}>
              Make it
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
