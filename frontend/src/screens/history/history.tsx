/** What was done with a hierarchy, its versions side by side, and its builds. */
import { Loader, Tabs, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";

import { corpusQuery, treeQuery } from "../../api/queries";
import { ProblemView } from "../../app/problem-view";
import type { Hierarchy } from "../../parts/edits/edit";
import { Hint } from "../../parts/hints/hint";
import { useTitle } from "../../parts/use-title";
import { Builds } from "./builds";
import classes from "./history.module.css";
import { orphansQuery } from "./queries";
import { Steps } from "./steps";
import { Versions } from "./versions";
import type { Part } from "./view";

export function History() {
  const { corpusId } = useParams({ from: "/corpora/$corpusId/history" });
  const { h } = useSearch({ from: "/corpora/$corpusId/history" });
  const corpus = useQuery(corpusQuery(corpusId)).data;
  useTitle(corpus ? `History · ${corpus.name}` : "History");
  if (!corpus) {
    return null; // The frame says that it is being opened, or what went wrong.
  }
  const built = corpus.hierarchies ?? [];
  const shown = built.find((one) => one.id === h) ?? built.find((one) => one.facet === "topic") ?? built[0];
  if (!shown) {
    return (
      <div className={classes.page}>
        <Title order={1}>No history yet</Title>
        <Text mt="xs">
          It begins when the topics are found.{" "}
          <Link to="/corpora/$corpusId/import" params={{ corpusId }}>
            Bring papers in and find the topics
          </Link>
          .
        </Text>
      </div>
    );
  }
  return <OneHistory key={shown.id} hierarchyId={shown.id} />;
}

function OneHistory({ hierarchyId }: { hierarchyId: string }) {
  const tree = useQuery(treeQuery(hierarchyId));
  if (!tree.data) {
    return tree.isError ? (
      <ProblemView error={tree.error} retry={() => void tree.refetch()} />
    ) : (
      <Loader m="lg" aria-label="Reading the history" />
    );
  }
  return (
    <div className={classes.page}>
      <Title order={1} mb="xs">
        History
      </Title>
      <Hint name="history">
        Everything that people do is kept here, and can be taken back one by one, in any order. Finding the
        topics anew keeps it all.
      </Hint>
      <Parts hierarchy={tree.data} />
    </div>
  );
}

function Parts({ hierarchy }: { hierarchy: Hierarchy }) {
  const { part = "changes" } = useSearch({ from: "/corpora/$corpusId/history" });
  const navigate = useNavigate({ from: "/corpora/$corpusId/history" });
  const orphans = useQuery(orphansQuery(hierarchy.id)).data?.length ?? 0;
  const show = (value: string | null) =>
    void navigate({ search: (now) => ({ ...now, part: value === "changes" ? undefined : (value as Part) }) });
  return (
    <Tabs value={part} onChange={show} mt="md" keepMounted={false}>
      <Tabs.List aria-label="Parts of the history">
        <Tabs.Tab value="changes">Changes</Tabs.Tab>
        <Tabs.Tab value="versions">Versions</Tabs.Tab>
        <Tabs.Tab value="builds">{orphans > 0 ? `Builds (${orphans} to look at)` : "Builds"}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="changes" pt="md">
        <Steps hierarchy={hierarchy} />
      </Tabs.Panel>
      <Tabs.Panel value="versions" pt="md">
        <Versions hierarchy={hierarchy} />
      </Tabs.Panel>
      <Tabs.Panel value="builds" pt="md">
        <Builds hierarchy={hierarchy} />
      </Tabs.Panel>
    </Tabs>
  );
}
