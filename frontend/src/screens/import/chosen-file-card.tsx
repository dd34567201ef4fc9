/** A file before it is sent: what it seems to be, and for a table which column holds what. */
import { CloseButton, Group, Loader, Select, Text } from "@mantine/core";

import { explain } from "../../api/problem";
import { ApiCall } from "../../parts/api-call/api-call";
import { importForm } from "../../parts/corpus-requests";
import { formatSize } from "../../parts/numbers";
import { type ChosenFile, optionsOf, whyNotSent, withFormat } from "./chosen-files";
import { DryRun } from "./dry-run";
import { type Format, FORMATS } from "./guess";
import classes from "./import.module.css";
import { MappingForm } from "./mapping-form";

interface Props {
  chosen: ChosenFile;
  change: (key: string, changes: Partial<ChosenFile>) => void;
  remove: (key: string) => void;
}

export function ChosenFileCard({ chosen, change, remove }: Props) {
  const { key, file, guess, format, table, mapping } = chosen;
  const hindrance = whyNotSent(chosen);
  return (
    <section className={classes.card} aria-label={file.name}>
      <Group justify="space-between" wrap="nowrap" align="start">
        <div className={classes.fileName}>
          <Text fw={600} dir="auto" lineClamp={2} title={file.name}>
            {file.name}
          </Text>
          <Text size="sm" c="dimmed">
            {formatSize(file.size)}
          </Text>
        </div>
        {chosen.isSending ? (
          <Loader size="sm" aria-label={`Sending ${file.name}`} />
        ) : (
          <CloseButton aria-label={`Leave out ${file.name}`} onClick={() => remove(key)} />
        )}
      </Group>
      <Select
        label="Format"
        className={classes.narrow}
        data={[
          { value: "", label: guessed(guess.format) },
          ...FORMATS.map(([value, label]) => ({ value, label })),
        ]}
        value={format ?? ""}
        onChange={(value) => change(key, withFormat(chosen, (value || null) as Format | null))}
        allowDeselect={false}
      />
      {guess.note && format === null && (
        <Text size="sm" c={guess.isHopeless ? "var(--mantine-color-error)" : "dimmed"} mt={4}>
          {guess.note}
        </Text>
      )}
      {table && (
        <MappingForm table={table} mapping={mapping} change={(next) => change(key, { mapping: next })} />
      )}
      {table && hindrance && (
        <Text size="sm" c="var(--mantine-color-error)" role="status">
          {hindrance}
        </Text>
      )}
      {!hindrance && <DryRun chosen={chosen} />}
      {chosen.problem !== null && <NotSent problem={chosen.problem} />}
      <Group mt="xs">
        <ApiCall
          call={{
            method: "POST",
            path: `${location.pathname.replace(/^\/corpora/, "/api/v1/corpora").replace(/\/import$/, "")}/imports`,
            file: file.name,
            form: importForm(optionsOf(chosen)),
          }}
        />
      </Group>
    </section>
  );
}

function guessed(format: Format | null): string {
  const label = FORMATS.find(([value]) => value === format)?.[1];
  return label ? `${label}, by what is in it` : "Let the server find out";
}

function NotSent({ problem }: { problem: unknown }) {
  const { title, detail, advice } = explain(problem);
  return (
    <Text size="sm" c="var(--mantine-color-error)" role="alert" mt="xs">
      Not sent. {title}. {detail} {advice}
    </Text>
  );
}
