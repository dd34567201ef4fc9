/** Takes papers and topics away as files that other programs read. */
import { Select, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";

import type { Schemas } from "../../api/client";
import { corpusQuery, treeQuery } from "../../api/queries";
import { ProblemView } from "../../app/problem-view";
import type { Hierarchy } from "../../parts/edits/edit";
import { countOf } from "../../parts/numbers";
import { pickHierarchy } from "../../parts/shown-hierarchy";
import { indexTree, pathOf } from "../../parts/tree/tree-index";
import { useTitle } from "../../parts/use-title";
import { Downloads } from "./downloads";
import classes from "./export.module.css";
import { HIERARCHY_FORMATS, hierarchyPath, PAPER_FORMATS, papersPath } from "./formats";

export function Export() {
  const { corpusId } = useParams({ from: "/corpora/$corpusId/export" });
  const { h } = useSearch({ from: "/corpora/$corpusId/export" });
  const corpus = useQuery(corpusQuery(corpusId)).data;
  useTitle(corpus ? `Export · ${corpus.name}` : "Export");
  if (!corpus) {
    return null; // The frame says that it is being opened, or what went wrong.
  }
  const shown = pickHierarchy(corpus, h);
  return (
    <div className={classes.page}>
      <Title order={1}>Export</Title>
      {shown ? <WithTopics corpus={corpus} hierarchyId={shown.id} /> : <WithoutTopics corpus={corpus} />}
    </div>
  );
}

function WithoutTopics({ corpus }: { corpus: Schemas["CorpusOut"] }) {
  if (corpus.n_papers === 0) {
    return <Text mt="xs">There are no papers to export yet. Bring some in first.</Text>;
  }
  return (
    <>
      <Papers corpus={corpus} />
      <Text c="dimmed">The topics can be exported when they have been found.</Text>
    </>
  );
}

function WithTopics({ corpus, hierarchyId }: { corpus: Schemas["CorpusOut"]; hierarchyId: string }) {
  const tree = useQuery(treeQuery(hierarchyId));
  return (
    <>
      {tree.isError && !tree.data && <ProblemView error={tree.error} retry={() => void tree.refetch()} />}
      <Papers corpus={corpus} hierarchyId={hierarchyId} hierarchy={tree.data} />
      <Title order={2}>Topics</Title>
      <Text size="sm" mt={4}>
        The whole hierarchy as it is now, with all corrections.
      </Text>
      <Downloads
        label="Topics as files"
        formats={HIERARCHY_FORMATS}
        makePath={(format) => hierarchyPath(hierarchyId, format)}
        stem="topics"
      />
    </>
  );
}

interface PapersProps {
  corpus: Schemas["CorpusOut"];
  hierarchyId?: string;
  /** Absent while it is read. */
  hierarchy?: Hierarchy | undefined;
}

function Papers({ corpus, hierarchyId, hierarchy }: PapersProps) {
  const { topic } = useSearch({ from: "/corpora/$corpusId/export" });
  const chosen = hierarchy?.topics.find((one) => one.id === topic);
  const count = chosen?.n_papers ?? corpus.n_papers;
  return (
    <>
      <Title order={2} mt="md">
        Papers
      </Title>
      {hierarchy && <Scope hierarchy={hierarchy} />}
      <Text size="sm" mt="xs" role="status">
        {chosen
          ? `${countOf(count, "paper")} of “${chosen.label}” and the topics below it.`
          : `${countOf(count, "paper")}: the whole corpus.`}
      </Text>
      <Downloads
        label="Papers as files"
        formats={PAPER_FORMATS}
        makePath={(format) => papersPath(corpus.id, format, hierarchyId, chosen?.id)}
        stem="papers"
      />
    </>
  );
}

/** Enough to find a topic by typing; thousands of options would be slow to show. */
const OPTIONS = 100;

function Scope({ hierarchy }: { hierarchy: Hierarchy }) {
  const { topic } = useSearch({ from: "/corpora/$corpusId/export" });
  const navigate = useNavigate({ from: "/corpora/$corpusId/export" });
  const options = useMemo(() => {
    const index = indexTree(hierarchy);
    return hierarchy.topics
      .filter((one) => one.parent_id !== null)
      .map((one) => ({ value: one.id, label: pathOf(index, one.id).join(" › ") }));
  }, [hierarchy]);
  return (
    <Select
      mt="xs"
      maw={480}
      label="Which papers?"
      description="Type part of a topic's name, or leave it empty for the whole corpus."
      placeholder="The whole corpus"
      data={options}
      value={topic ?? null}
      onChange={(value) =>
        void navigate({ search: ({ topic: _, ...rest }) => (value ? { ...rest, topic: value } : rest) })
      }
      limit={OPTIONS}
      searchable
      clearable
      clearButtonProps={{ "aria-label": "Take the whole corpus" }}
      nothingFoundMessage="No topic of this name. Try other words."
    />
  );
}
