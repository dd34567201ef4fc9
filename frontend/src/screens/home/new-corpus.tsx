/** Names a new corpus, then goes where papers are brought in. */
import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";

import { api, body } from "../../api/client";
import { ProblemView } from "../../app/problem-view";
import { ApiCall } from "../../parts/api-call/api-call";

export function NewCorpus({ opened, close }: { opened: boolean; close: () => void }) {
  const [name, setName] = useState("");
  const client = useQueryClient();
  const navigate = useNavigate();
  const make = useMutation({
    mutationFn: async (name: string) => body(await api.POST("/api/v1/corpora", { body: { name } })),
    onSuccess: async (corpus) => {
      await client.invalidateQueries({ queryKey: ["corpora"] });
      close();
      await navigate({ to: "/corpora/$corpusId/import", params: { corpusId: corpus.id } });
    },
  });

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
          {make.error && <ProblemView error={make.error} />}
          <Group justify="space-between">
            <ApiCall call={{ method: "POST", path: "/api/v1/corpora", json: { name: name.trim() } }} />
            <Group>
              <Button variant="default" onClick={close}>
                Cancel
              </Button>
              <Button type="submit" loading={make.isPending} disabled={!name.trim()}>
                Make it
              </Button>
            </Group>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
