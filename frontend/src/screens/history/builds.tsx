/** The builds of a hierarchy, the way back to each, and the corrections that the live one could not obey. */
import { Badge, Button, Group, Loader, Modal, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { api, body, type Schemas } from "../../api/client";
import { treeKey } from "../../api/queries";
import { ProblemView } from "../../app/problem-view";
import { ApiCall } from "../../parts/api-call/api-call";
import { type Hierarchy, newKey } from "../../parts/edits/edit";
import { toastNote } from "../../parts/edits/toasts";
import { countOf, formatAgo } from "../../parts/numbers";
import classes from "./history.module.css";
import { Orphans } from "./orphans";
import { buildsQuery } from "./queries";

type Build = Schemas["BuildOut"];

export function Builds({ hierarchy }: { hierarchy: Hierarchy }) {
  const builds = useQuery(buildsQuery(hierarchy.id));
  const [asked, setAsked] = useState<Build | null>(null);
  if (!builds.data) {
    return builds.isError ? (
      <ProblemView error={builds.error} retry={() => void builds.refetch()} />
    ) : (
      <Loader m="lg" aria-label="Reading the builds" />
    );
  }
  return (
    <Stack gap="xl">
      <Orphans hierarchy={hierarchy} />
      <section aria-labelledby="builds">
        <Title order={2} id="builds" mb="xs">
          Builds
        </Title>
        <Text mb="sm">
          Each time the topics are found, that build is kept.{" "}
          {builds.data.length > 1
            ? "You can go back to any of them; what you corrected goes along."
            : "There is one so far. Find the topics anew under Import to have another; you can go back to this one."}
        </Text>
        <ul className={classes.steps}>
          {builds.data.map((build) => (
            <li key={build.id} className={classes.step}>
              <div className={classes.stepText}>
                <Text>
                  Built {formatAgo(build.built_at)}{" "}
                  {build.live && (
                    <Badge variant="light" tt="none">
                      shown now
                    </Badge>
                  )}
                </Text>
                <Text size="sm" c="dimmed">
                  By {build.model}, version {build.version}
                </Text>
                <Parameters build={build} others={builds.data} />
              </div>
              {!build.live && (
                <Button size="compact-sm" variant="default" onClick={() => setAsked(build)}>
                  Go back to it
                </Button>
              )}
            </li>
          ))}
        </ul>
      </section>
      <Modal
        opened={asked !== null}
        onClose={() => setAsked(null)}
        title="Go back to this build?"
        closeButtonProps={{ "aria-label": "Close" }}
      >
        {asked && <Switch build={asked} hierarchy={hierarchy} close={() => setAsked(null)} />}
      </Modal>
    </Stack>
  );
}

/** What was asked of a build, where that differs from the others. */
function Parameters({ build, others }: { build: Build; others: readonly Build[] }) {
  const own = Object.entries(build.parameters).filter(([name, value]) =>
    others.some((other) => other.parameters[name] !== value),
  );
  if (own.length === 0) {
    return null;
  }
  return (
    <Text size="sm" c="dimmed">
      {own.map(([name, value]) => `${name.replaceAll("_", " ")} ${String(value)}`).join(", ")}
    </Text>
  );
}

function Switch({ build, hierarchy, close }: { build: Build; hierarchy: Hierarchy; close: () => void }) {
  const client = useQueryClient();
  const turn = useMutation({
    mutationFn: async () => {
      const params = {
        path: { hierarchy_id: hierarchy.id, build_id: build.id },
        header: { "If-Match": `"${hierarchy.version}"`, "Idempotency-Key": newKey() },
      };
      return body(await api.POST("/api/v1/hierarchies/{hierarchy_id}/builds/{build_id}/switch", { params }));
    },
    onSuccess: async (found) => {
      await readAllAnew(client, hierarchy.id);
      close();
      const left = found.orphans.length;
      toastNote(
        `Back at the build of ${formatAgo(build.built_at)}: ${countOf(found.n_obeyed, "correction")} obeyed` +
          (left > 0 ? `, ${left} could not be` : ""),
      );
    },
    onError: () => void client.invalidateQueries({ queryKey: treeKey(hierarchy.id) }),
  });
  return (
    <Stack>
      <Text>
        Everybody sees the topics of the build of {formatAgo(build.built_at)} then, with all corrections that
        hold now. Those that it cannot obey are listed here. You can come back to the present build in the
        same way.
      </Text>
      {turn.error && <ProblemView error={turn.error} retry={() => turn.mutate()} />}
      <Group justify="space-between">
        <ApiCall
          call={{
            method: "POST",
            path: `/api/v1/hierarchies/${hierarchy.id}/builds/${build.id}/switch`,
            headers: { "If-Match": `"${hierarchy.version}"`, "Idempotency-Key": "a-new-one-each-time" },
          }}
        />
        <Group>
          <Button variant="default" onClick={close}>
            Stay
          </Button>
          <Button onClick={() => turn.mutate()} loading={turn.isPending} data-autofocus>
            Go back to it
          </Button>
        </Group>
      </Group>
    </Stack>
  );
}

/** Another build is another tree: nothing that was read of it holds. */
async function readAllAnew(client: ReturnType<typeof useQueryClient>, hierarchyId: string): Promise<void> {
  await client.refetchQueries({ queryKey: treeKey(hierarchyId) });
  await client.invalidateQueries({
    predicate: ({ queryKey }) => queryKey[0] !== "tree" && queryKey[0] !== "jobs" && queryKey[0] !== "job",
  });
}
