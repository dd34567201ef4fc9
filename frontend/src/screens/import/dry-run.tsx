/** What sending a file would do, told by the server without keeping anything of it. */
import { List, Loader, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";

import { fetchRaw, type Schemas } from "../../api/client";
import { explain, Problem } from "../../api/problem";
import { importForm } from "../../parts/corpus-requests";
import { countOf, formatCount } from "../../parts/numbers";
import { type ChosenFile, optionsOf } from "./chosen-files";
import classes from "./import.module.css";

type Preview = Schemas["ImportPreview"];

/** As much of a file as the server looks at. */
const MOST_BYTES = 8 << 20;
const REJECTED_SHOWN = 5;

export function DryRun({ chosen }: { chosen: ChosenFile }) {
  const { corpusId } = useParams({ from: "/corpora/$corpusId/import" });
  const [form] = useDebouncedValue(JSON.stringify(importForm(optionsOf(chosen))), 300);
  const preview = useQuery({
    queryKey: ["import-preview", corpusId, chosen.key, form],
    queryFn: () => ask(corpusId, chosen.file, JSON.parse(form) as Record<string, string>),
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: Infinity,
  });
  if (preview.isError) {
    const { title, detail } = explain(preview.error);
    const isRefused = preview.error instanceof Problem && preview.error.status === 422;
    return (
      <Text size="sm" role="status" c={isRefused ? "var(--mantine-color-error)" : "dimmed"} mt="xs">
        {isRefused ? `It could not be read like this. ${title}. ${detail}` : `Not looked at yet. ${title}.`}
      </Text>
    );
  }
  if (!preview.data) {
    return <Loader size="xs" mt="xs" aria-label="Looking at what it would bring" />;
  }
  return <Foreseen preview={preview.data} />;
}

function Foreseen({ preview }: { preview: Preview }) {
  return (
    <div className={classes.dryRun} role="status">
      <Text size="sm">{tellPreview(preview)}</Text>
      {preview.rejected.length > 0 && (
        <List size="sm" c="dimmed" withPadding>
          {preview.rejected.slice(0, REJECTED_SHOWN).map((one) => (
            <List.Item key={one.record}>
              Line {formatCount(one.line)}: {one.reason}
            </List.Item>
          ))}
        </List>
      )}
    </div>
  );
}

/** “Would bring 9 papers; 1 is there already; 1 cannot be read. 2 have no abstract.” */
export function tellPreview({ counts, is_whole: isWhole, n_without_abstract: bare }: Preview): string {
  const { taken = 0, merged = 0, rejected = 0 } = counts;
  const of = isWhole ? "" : `Of its first ${formatCount(taken + merged + rejected)} records: `;
  const parts = [`${of}${isWhole ? "Would" : "would"} bring ${countOf(taken, "paper")}`];
  if (merged > 0) {
    parts.push(`merge ${formatCount(merged)} with papers that are there`);
  }
  if (rejected > 0) {
    parts.push(`reject ${formatCount(rejected)}`);
  }
  return `${parts.join(", ")}.${bare > 0 ? ` ${countOf(bare, "paper")} without an abstract.` : ""}`;
}

async function ask(corpusId: string, file: File, fields: Record<string, string>): Promise<Preview> {
  const isCut = file.size > MOST_BYTES;
  const form = new FormData();
  form.set("file", isCut ? file.slice(0, MOST_BYTES) : file, file.name);
  for (const [name, value] of Object.entries({ ...fields, ...(isCut ? { cut: "true" } : {}) })) {
    form.set(name, value);
  }
  const answer = await fetchRaw(`/api/v1/corpora/${corpusId}/imports/preview`, {
    method: "POST",
    body: form,
  });
  return (await answer.json()) as Preview;
}
