/** What became of each record of a file, with the line where it starts; also as CSV. */
import { Button, Group, Loader, SegmentedControl, Table, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";

import type { Schemas } from "../../api/client";
import { ProblemView } from "../../app/problem-view";
import { ApiCall } from "../../parts/api-call/api-call";
import { toastProblem } from "../../parts/edits/toasts";
import { formatCount } from "../../parts/numbers";
import { saveAnswer } from "../../parts/save-file";
import classes from "./import.module.css";
import { type Outcome, reportQuery } from "./queries";

const OUTCOMES: readonly Outcome[] = ["rejected", "merged", "taken"];
const NONE: Record<Outcome, string> = {
  rejected: "No record was rejected.",
  merged: "No record was merged with a paper that was there.",
  taken: "No record was taken.",
};

export function Report({ job, name }: { job: Schemas["JobOut"]; name: string }) {
  const counts = (job.result ?? {}) as Partial<Record<Outcome, number>>;
  const [outcome, setOutcome] = useState<Outcome>(
    () => OUTCOMES.find((one) => (counts[one] ?? 0) > 0) ?? "taken",
  );
  const path = `/api/v1/jobs/${job.id}/report?format=csv`;
  const save = () =>
    saveAnswer(path, `${name} - report.csv`).catch((error: unknown) =>
      toastProblem("The report was not saved", error),
    );
  return (
    <div className={classes.report}>
      <Group justify="space-between">
        <SegmentedControl
          aria-label="Which records are shown"
          size="xs"
          value={outcome}
          onChange={(value) => setOutcome(value as Outcome)}
          data={OUTCOMES.map((value) => ({
            value,
            label: counts[value] === undefined ? value : `${value} (${formatCount(counts[value])})`,
          }))}
        />
        <Group gap="xs">
          <Button size="compact-sm" variant="default" onClick={() => void save()}>
            Save as CSV
          </Button>
          <ApiCall call={{ method: "GET", path }} />
        </Group>
      </Group>
      <Records jobId={job.id} outcome={outcome} />
    </div>
  );
}

function Records({ jobId, outcome }: { jobId: string; outcome: Outcome }) {
  const report = useInfiniteQuery(reportQuery(jobId, outcome));
  if (!report.data) {
    return report.isError ? (
      <ProblemView error={report.error} retry={() => void report.refetch()} />
    ) : (
      <Loader size="sm" m="sm" aria-label="Reading the report" />
    );
  }
  const rows = report.data.pages.flatMap((page) => page.rows);
  if (rows.length === 0) {
    return (
      <Text size="sm" mt="xs">
        {NONE[outcome]}
      </Text>
    );
  }
  return (
    <div className={classes.scroll} role="region" aria-label={`Records ${outcome}`} tabIndex={0}>
      <Table className={classes.records}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col" className={classes.line}>
              Line
            </Table.Th>
            <Table.Th scope="col">Record</Table.Th>
            <Table.Th scope="col">{outcome === "taken" ? "Remarks" : "Why"}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.record}>
              <Table.Td className={classes.line}>{row.line}</Table.Td>
              <Table.Td>
                <div className={classes.title} dir="auto" title={row.title ?? undefined}>
                  {row.title || <i>no title</i>}
                </div>
              </Table.Td>
              <Table.Td className={classes.reason}>
                {row.reason ?? ""}
                {row.duplicate_of && ` as ${row.duplicate_of}`}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {report.hasNextPage && (
        <Button
          size="compact-sm"
          variant="default"
          m="xs"
          loading={report.isFetchingNextPage}
          onClick={() => void report.fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </div>
  );
}
