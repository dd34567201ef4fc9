/** Deletes a corpus for good, after its name was typed: there is no undo for this one. */
import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";

import { api, type Schemas } from "../../api/client";
import { runningJobsQuery } from "../../api/queries";
import { ProblemView } from "../../app/problem-view";
import { ApiCall } from "../../parts/api-call/api-call";
import { toastNote } from "../../parts/edits/toasts";
import { countOf } from "../../parts/numbers";

interface Props {
  /** None: the dialog is closed. */
  corpus: Schemas["CorpusOut"] | null;
  close: () => void;
}

export function DeleteCorpus({ corpus, close }: Props) {
  return (
    <Modal
      opened={corpus !== null}
      onClose={close}
      title="Delete this corpus?"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {corpus && <Confirm key={corpus.id} corpus={corpus} close={close} />}
    </Modal>
  );
}

function Confirm({ corpus, close }: { corpus: Schemas["CorpusOut"]; close: () => void }) {
  const [typed, setTyped] = useState("");
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () =>
      api.DELETE("/api/v1/corpora/{corpus_id}", { params: { path: { corpus_id: corpus.id } } }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["corpora"] });
      void client.invalidateQueries({ queryKey: runningJobsQuery.queryKey });
      close();
      toastNote(`Deleted the corpus “${corpus.name}”`);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    remove.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text>
          <b dir="auto">{corpus.name}</b> goes with its {countOf(corpus.n_papers, "paper")}, its topics and
          every correction. This cannot be undone.
        </Text>
        <TextInput
          label="Type the name of the corpus to delete it"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          autoComplete="off"
          data-autofocus
        />
        {remove.error && <ProblemView error={remove.error} />}
        <Group justify="space-between">
          <ApiCall call={{ method: "DELETE", path: `/api/v1/corpora/${corpus.id}` }} />
          <Group>
            <Button variant="default" onClick={close}>
              Keep it
            </Button>
            <Button
              type="submit"
              color="red"
              loading={remove.isPending}
              disabled={typed.trim() !== corpus.name.trim()}
            >
              Delete it
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}
