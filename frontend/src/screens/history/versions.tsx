/** Named versions, and any two versions side by side. */
import { Button, Group, Stack, Table, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";

import { api, body } from "../../api/client";
import { ProblemView } from "../../app/problem-view";
import { ApiCall } from "../../parts/api-call/api-call";
import type { Hierarchy } from "../../parts/edits/edit";
import { formatAgo } from "../../parts/numbers";
import { Compare } from "./compare";
import { Unseen } from "../../parts/unseen";
import classes from "./history.module.css";
import { snapshotsQuery } from "./queries";

export function Versions({ hierarchy }: { hierarchy: Hierarchy }) {
  return (
    <Stack gap="xl">
      <section aria-labelledby="compare">
        <Title order={2} id="compare" mb="xs">
          Compare two versions
        </Title>
        <Compare hierarchy={hierarchy} />
      </section>
      <section aria-labelledby="snapshots">
        <Title order={2} id="snapshots" mb="xs">
          Named versions
        </Title>
        <Text mb="sm">
          Give the present version a name, such as “sent to the co-authors”, to compare with it later. The
          name stays; you go on working.
        </Text>
        <NewSnapshot hierarchy={hierarchy} />
        <Snapshots hierarchy={hierarchy} />
      </section>
    </Stack>
  );
}

function NewSnapshot({ hierarchy }: { hierarchy: Hierarchy }) {
  const [name, setName] = useState("");
  const client = useQueryClient();
  const params = { path: { hierarchy_id: hierarchy.id } };
  const take = useMutation({
    mutationFn: async () =>
      body(
        await api.POST("/api/v1/hierarchies/{hierarchy_id}/snapshots", {
          params,
          body: { name: name.trim() },
        }),
      ),
    onSuccess: async () => {
      setName("");
      await client.invalidateQueries({ queryKey: snapshotsQuery(hierarchy.id).queryKey });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    take.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Group align="end">
        <TextInput
          label="Name of this version"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={200}
          className={classes.grow}
        />
        <Button type="submit" variant="default" disabled={!name.trim()} loading={take.isPending}>
          Keep it
        </Button>
        <ApiCall
          call={{
            method: "POST",
            path: `/api/v1/hierarchies/${hierarchy.id}/snapshots`,
            json: { name: name.trim() },
          }}
        />
      </Group>
      {take.error && <ProblemView error={take.error} />}
    </form>
  );
}

function Snapshots({ hierarchy }: { hierarchy: Hierarchy }) {
  const snapshots = useQuery(snapshotsQuery(hierarchy.id));
  const navigate = useNavigate({ from: "/corpora/$corpusId/history" });
  if (snapshots.isError && !snapshots.data) {
    return <ProblemView error={snapshots.error} retry={() => void snapshots.refetch()} />;
  }
  const items = snapshots.data ?? [];
  if (items.length === 0) {
    return null;
  }
  const compare = (name: string) =>
    void navigate({ search: (now) => ({ ...now, from: name, to: undefined }), resetScroll: true });
  return (
    <div className={classes.scroll}>
      <Table mt="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Name</Table.Th>
            <Table.Th scope="col">Version</Table.Th>
            <Table.Th scope="col">Kept by</Table.Th>
            <Table.Th scope="col">
              <Unseen>Compare</Unseen>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map((one) => (
            <Table.Tr key={one.name}>
              <Table.Td dir="auto" className={classes.told}>
                {one.name}
              </Table.Td>
              <Table.Td>{one.version}</Table.Td>
              <Table.Td>
                {one.actor}, {formatAgo(one.at)}
              </Table.Td>
              <Table.Td>
                <Button size="compact-sm" variant="default" onClick={() => compare(one.name)}>
                  Compare with now
                </Button>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
