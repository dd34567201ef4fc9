/** Brings files of references into a corpus, and shows what became of every record. */
import "@mantine/dropzone/styles.css";

import { Button, Group, Stack, Text, Textarea, Title } from "@mantine/core";
import { Dropzone } from "@mantine/dropzone";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";

import { corpusQuery } from "../../api/queries";
import { sendFile } from "../../parts/corpus-requests";
import { Hint } from "../../parts/hints/hint";
import { Icon } from "../../parts/icons";
import { countOf } from "../../parts/numbers";
import { useTitle } from "../../parts/use-title";
import { ChosenFileCard } from "./chosen-file-card";
import { type ChosenFile, optionsOf, useChosenFiles, whyNotSent } from "./chosen-files";
import classes from "./import.module.css";
import { PastImports } from "./past-imports";
import { importsQuery } from "./queries";

export function Import() {
  const { corpusId } = useParams({ from: "/corpora/$corpusId/import" });
  const corpus = useQuery(corpusQuery(corpusId));
  const chosen = useChosenFiles();
  const send = useSending(corpusId, chosen);
  useTitle(corpus.data ? `Bring papers in · ${corpus.data.name}` : "Bring papers in");
  return (
    <div className={classes.page}>
      <Stack>
        <div>
          <Title order={1}>Bring papers in</Title>
          <Text c="dimmed">
            RIS, BibTeX, CSV, PubMed (nbib) and JSON, as your reference manager or database exports them.
            Several files at once, of different kinds, are fine.
          </Text>
        </div>
        {corpus.data?.n_papers === 0 && (
          <Hint name="import">
            A paper that comes twice is taken once: papertree knows it again by DOI, arXiv id, PMID, or title
            and year. So send everything you have; the report says what was merged.
          </Hint>
        )}
        <Picker add={(files) => void chosen.add(files)} />
        {chosen.files.length > 0 && (
          <Stack gap="sm">
            <Title order={2}>Not sent yet</Title>
            {chosen.files.map((one) => (
              <ChosenFileCard key={one.key} chosen={one} change={chosen.change} remove={chosen.remove} />
            ))}
            <Group>
              <Button
                onClick={() => void send.all()}
                loading={send.isSending}
                disabled={!chosen.files.some((one) => !whyNotSent(one))}
                leftSection={<Icon name="upload" />}
              >
                Bring in {countOf(chosen.files.filter((one) => !whyNotSent(one)).length, "file")}
              </Button>
            </Group>
          </Stack>
        )}
        <PastImports corpusId={corpusId} sent={send.sent} hasWaiting={chosen.files.length > 0} />
      </Stack>
    </div>
  );
}

/** Sends the files one after the other; one that fails stays in the list with the reason. */
function useSending(corpusId: string, { files, change, remove }: ReturnType<typeof useChosenFiles>) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [isSending, setSending] = useState(false);
  const [sent, setSent] = useState<readonly string[]>([]);
  const sendOne = async (one: ChosenFile): Promise<string | null> => {
    change(one.key, { isSending: true, problem: null });
    try {
      const job = await sendFile(corpusId, one.file, optionsOf(one));
      remove(one.key);
      setSent((now) => [...now, job.id]);
      await client.invalidateQueries({ queryKey: importsQuery(corpusId).queryKey });
      return job.id;
    } catch (problem) {
      change(one.key, { isSending: false, problem });
      return null;
    }
  };
  const all = async () => {
    setSending(true);
    let last: string | null = null;
    for (const one of files.filter((file) => !whyNotSent(file))) {
      last = (await sendOne(one)) ?? last;
    }
    setSending(false);
    if (last) {
      const params = { corpusId };
      await navigate({ to: "/corpora/$corpusId/import", params, search: { report: last }, replace: true });
    }
  };
  return { all, isSending, sent };
}

function Picker({ add }: { add: (files: File[]) => void }) {
  const [isPasting, setPasting] = useState(false);
  const [pasted, setPasted] = useState("");
  return (
    <>
      <Dropzone
        onDrop={add}
        multiple
        inputProps={{ "aria-label": "Files of references" }}
        aria-label="Choose files, or drop them here"
        className={classes.drop}
      >
        <div className={classes.dropText}>
          <Icon name="upload" size={36} />
          <Text fw={600}>Drop files here, or press to choose them</Text>
          <Text size="sm" c="dimmed">
            .ris .bib .csv .tsv .nbib .txt .jsonl .json, also packed as .gz or .xz
          </Text>
        </div>
      </Dropzone>
      {isPasting ? (
        <Stack gap="xs">
          <Textarea
            label="References as text"
            description="RIS, BibTeX, PubMed, CSV or JSON"
            value={pasted}
            onChange={(event) => setPasted(event.currentTarget.value)}
            autosize
            minRows={4}
            maxRows={14}
            data-autofocus
          />
          <Group>
            <Button
              variant="default"
              disabled={!pasted.trim()}
              onClick={() => {
                add([new File([pasted], "pasted.txt")]);
                setPasted("");
                setPasting(false);
              }}
            >
              Add the text
            </Button>
            <Button variant="subtle" color="gray" c="inherit" onClick={() => setPasting(false)}>
              Close
            </Button>
          </Group>
        </Stack>
      ) : (
        <Group>
          <Button variant="subtle" size="compact-sm" onClick={() => setPasting(true)}>
            Paste text instead
          </Button>
        </Group>
      )}
    </>
  );
}
