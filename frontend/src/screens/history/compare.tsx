/** Two versions of a hierarchy side by side: what a topic was called and where it stood, then and now. */
import { Group, Loader, Select, Stack, Table, Text } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";

import { ProblemView } from "../../app/problem-view";
import { ApiCall } from "../../parts/api-call/api-call";
import type { Hierarchy } from "../../parts/edits/edit";
import { countOf, formatAgo } from "../../parts/numbers";
import { type Difference, rowsOf, tellDifference } from "./difference";
import classes from "./history.module.css";
import { diffQuery, snapshotsQuery, stepsQuery } from "./queries";

export function Compare({ hierarchy }: { hierarchy: Hierarchy }) {
  const search = useSearch({ from: "/corpora/$corpusId/history" });
  const navigate = useNavigate({ from: "/corpora/$corpusId/history" });
  const now = String(hierarchy.version);
  const to = search.to ?? now;
  const from = search.from ?? String(Math.max(1, hierarchy.version - 1));
  const choices = useChoices(hierarchy, from, to);
  const choose = (name: "from" | "to", value: string | null) =>
    void navigate({ search: (before) => ({ ...before, [name]: value ?? undefined }), replace: true });
  return (
    <Stack gap="sm">
      <Group align="end" gap="sm">
        <Select
          label="Before"
          data={choices}
          value={from}
          onChange={(value) => choose("from", value)}
          allowDeselect={false}
          searchable={choices.length > 12}
          className={classes.version}
        />
        <Select
          label="After"
          data={choices}
          value={to}
          onChange={(value) => choose("to", value)}
          allowDeselect={false}
          searchable={choices.length > 12}
          className={classes.version}
        />
        <ApiCall
          call={{
            method: "GET",
            path: `/api/v1/hierarchies/${hierarchy.id}/diff?${new URLSearchParams({ from, to }).toString()}`,
          }}
        />
      </Group>
      {from === to ? (
        <Text>These are the same version. Choose another one to compare with.</Text>
      ) : (
        <Shown hierarchy={hierarchy} from={from} to={to} />
      )}
    </Stack>
  );
}

/** The named versions, then those of the newest steps; and what the address names, whatever it is. */
function useChoices(hierarchy: Hierarchy, from: string, to: string) {
  const snapshots = useQuery(snapshotsQuery(hierarchy.id)).data ?? [];
  const steps = useInfiniteQuery(stepsQuery(hierarchy.id)).data?.pages.flatMap((page) => page.items) ?? [];
  const named = snapshots.map((one) => ({
    value: one.name,
    label: `“${one.name}” (version ${one.version})`,
  }));
  const numbered = steps.map((step) => ({
    value: String(step.version),
    label:
      step.version === hierarchy.version
        ? `Now (version ${step.version})`
        : `Version ${step.version}, ${step.actor}, ${formatAgo(step.at)}`,
  }));
  const known = new Map([...numbered, ...named].map((one) => [one.value, one]));
  for (const value of [from, to]) {
    if (!known.has(value)) {
      known.set(value, { value, label: /^\d+$/.test(value) ? `Version ${value}` : value });
    }
  }
  return [...known.values()];
}

function Shown({ hierarchy, from, to }: { hierarchy: Hierarchy; from: string; to: string }) {
  const diff = useQuery(diffQuery(hierarchy.id, from, to));
  if (!diff.data) {
    return diff.isError ? (
      <ProblemView error={diff.error} retry={() => void diff.refetch()} />
    ) : (
      <Loader aria-label="Comparing" />
    );
  }
  return <SideBySide difference={diff.data} hierarchy={hierarchy} />;
}

const MOST_ROWS = 500;

function SideBySide({ difference, hierarchy }: { difference: Difference; hierarchy: Hierarchy }) {
  const rows = rowsOf(difference, hierarchy.topics);
  return (
    <>
      <Text role="status">{tellDifference(difference)}</Text>
      {rows.length > 0 && (
        <div className={classes.scroll} role="region" aria-label="The two versions" tabIndex={0}>
          <Table layout="fixed" withColumnBorders className={classes.sides}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col" className={classes.what}>
                  What
                </Table.Th>
                <Table.Th scope="col">Version {difference.from_version}</Table.Th>
                <Table.Th scope="col">Version {difference.to_version}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.slice(0, MOST_ROWS).map((row) => (
                <Table.Tr key={row.key}>
                  <Table.Td>{row.what}</Table.Td>
                  <Table.Td dir="auto" className={classes.told}>
                    {row.before}
                  </Table.Td>
                  <Table.Td dir="auto" className={classes.told}>
                    {row.after}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
      {rows.length > MOST_ROWS && (
        <Text size="sm">
          {countOf(rows.length - MOST_ROWS, "more row")}: the API call above gives all of them.
        </Text>
      )}
    </>
  );
}
