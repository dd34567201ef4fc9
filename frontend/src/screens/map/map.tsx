/** All papers in the plane: near ones speak of the same. */
import { Loader, Text, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useMemo, useState } from "react";

import { Problem } from "../../api/problem";
import { corpusQuery, paperQuery, treeQuery } from "../../api/queries";
import { ProblemView } from "../../app/problem-view";
import type { Hierarchy, Topic } from "../../parts/edits/edit";
import { countOf } from "../../parts/numbers";
import { readable } from "../../parts/papers/latex";
import { pickHierarchy } from "../../parts/shown-hierarchy";
import { useTitle } from "../../parts/use-title";
import { FAINT, HUES, type Painted } from "./draw";
import { type Hovered, MapCanvas } from "./map-canvas";
import classes from "./map.module.css";
import { NoMap } from "./no-map";
import { findBroad, groupBy, makeGrid, placeTopics, type Points, readId, type TopicPlace } from "./points";
import { pointIdsQuery, pointsQuery } from "./queries";

export function PaperMap() {
  const { corpusId } = useParams({ from: "/corpora/$corpusId/map" });
  const { h } = useSearch({ from: "/corpora/$corpusId/map" });
  const corpus = useQuery(corpusQuery(corpusId)).data;
  useTitle(corpus ? `Map · ${corpus.name}` : "Map");
  if (!corpus) {
    return null; // The frame says that it is being opened, or what went wrong.
  }
  const shown = pickHierarchy(corpus, h);
  return shown ? (
    <OneHierarchy key={shown.id} hierarchyId={shown.id} />
  ) : (
    <div className={classes.page}>
      <Title order={1}>No map yet</Title>
      <Text mt="xs">
        It is coloured by topics.{" "}
        <Link to="/corpora/$corpusId" params={{ corpusId }}>
          Find the topics first
        </Link>
        .
      </Text>
    </div>
  );
}

function OneHierarchy({ hierarchyId }: { hierarchyId: string }) {
  const tree = useQuery(treeQuery(hierarchyId));
  const version = tree.data?.version;
  const points = useQuery({
    ...pointsQuery(hierarchyId, version ?? 0),
    enabled: version !== undefined,
    // A correction changes colours, not places: the old ones stay until the new ones are there.
    placeholderData: (before: Points | undefined) => before,
  });
  if (points.error instanceof Problem && points.error.slug === "map-not-found") {
    return <NoMap hierarchyId={hierarchyId} retry={() => void points.refetch()} />;
  }
  const error = tree.error ?? points.error;
  if (!tree.data || !points.data) {
    return error ? (
      <ProblemView error={error} retry={() => void (tree.error ? tree.refetch() : points.refetch())} />
    ) : (
      <Loader m="lg" aria-label="Reading the map" />
    );
  }
  return <Shown hierarchy={tree.data} points={points.data} />;
}

function Shown({ hierarchy, points }: { hierarchy: Hierarchy; points: Points }) {
  const { topic: chosen } = useSearch({ from: "/corpora/$corpusId/map" });
  const navigate = useNavigate({ from: "/corpora/$corpusId/map" });
  const [hovered, setHovered] = useState<Hovered | null>(null);
  const [picked, setPicked] = useState<number | null>(null);
  const places = useMemo(() => placeTopics(points, hierarchy.topics), [points, hierarchy.topics]);
  const grid = useMemo(() => makeGrid(points), [points]);
  const painted = useMemo(() => paint(points, hierarchy.topics, chosen), [points, hierarchy.topics, chosen]);
  const topic = hierarchy.topics.find((one) => one.id === chosen);
  const choose = (id: string) =>
    void navigate({
      search: ({ topic: before, ...rest }) => (before === id ? rest : { ...rest, topic: id }),
      replace: true,
    });
  return (
    <div className={classes.page}>
      <div className={classes.head}>
        <Title order={1} className={classes.title}>
          Map
        </Title>
        <Text size="sm" role="status">
          {topic
            ? `“${topic.label}”, ${countOf(topic.n_papers, "paper")}`
            : `${countOf(points.topics.length, "paper")}; near ones speak of the same. A label lights up its topic.`}
        </Text>
        {topic && <TopicLink hierarchy={hierarchy} topic={topic} />}
      </div>
      <div className={classes.stage}>
        <MapCanvas
          painted={painted}
          grid={grid}
          places={places}
          chosen={chosen}
          choose={choose}
          hover={setHovered}
          pick={setPicked}
        />
        {hovered && <HoverCard hierarchy={hierarchy} at={hovered} />}
      </div>
      {picked !== null && <Picked hierarchy={hierarchy} points={points} point={picked} />}
      <PlaceList hierarchy={hierarchy} places={places} />
    </div>
  );
}

/** Colour points by the topic right below the root; with a chosen topic all others are faint. */
function paint(points: Points, topics: readonly Topic[], chosen: string | undefined): Painted {
  const broad = findBroad(topics);
  const rank = new Map(
    [...new Set(broad)].filter((topic) => topic >= 0).map((topic, index) => [topic, index]),
  );
  const lit = chosen === undefined ? null : within(topics, chosen);
  const groupOf = (point: number) => {
    const topic = points.topics[point] ?? -1;
    const place = rank.get(broad[topic] ?? -1);
    return place === undefined || (lit && !lit.has(topic)) ? 0 : 1 + (place % HUES.length);
  };
  const colours = [FAINT, ...HUES];
  return { points, colours, groups: groupBy(colours.length, groupOf, points.topics.length) };
}

/** The places in the tree's list of a topic and those below it. */
function within(topics: readonly Topic[], top: string): Set<number> {
  const ids = new Set([top]);
  const found = new Set<number>();
  topics.forEach((topic, index) => {
    if (ids.has(topic.id) || (topic.parent_id && ids.has(topic.parent_id))) {
      ids.add(topic.id);
      found.add(index);
    }
  });
  return found;
}

function TopicLink({ hierarchy, topic }: { hierarchy: Hierarchy; topic: Topic }) {
  return (
    <Link
      to="/corpora/$corpusId"
      params={{ corpusId: hierarchy.corpus_id }}
      search={{ h: hierarchy.id, topic: [topic.id] }}
    >
      Papers of this topic
    </Link>
  );
}

/** So that a pointer on its way asks the server nothing. */
const REST_MS = 120;

function usePaper(hierarchyId: string, point: number) {
  const ids = useQuery(pointIdsQuery(hierarchyId)).data;
  const id = ids && 16 * point < ids.length ? readId(ids, point) : undefined;
  return useQuery({ ...paperQuery(id ?? ""), enabled: id !== undefined }).data;
}

function HoverCard({ hierarchy, at }: { hierarchy: Hierarchy; at: Hovered }) {
  const [point] = useDebouncedValue(at.point, REST_MS);
  const paper = usePaper(hierarchy.id, point);
  return paper && point === at.point ? (
    <div className={classes.card} style={{ left: at.left, top: at.top }} aria-hidden="true">
      {readable(paper.title)}
      {paper.year !== null && ` (${paper.year})`}
    </div>
  ) : null;
}

function Picked({ hierarchy, points, point }: { hierarchy: Hierarchy; points: Points; point: number }) {
  const paper = usePaper(hierarchy.id, point);
  const topic = hierarchy.topics[points.topics[point] ?? -1];
  return (
    <div className={classes.picked} role="status">
      {paper && (
        <Link
          to="/corpora/$corpusId"
          params={{ corpusId: hierarchy.corpus_id }}
          search={{ h: hierarchy.id, topic: [topic?.id ?? "unassigned"], paper: paper.id }}
        >
          {readable(paper.title)}
        </Link>
      )}{" "}
      <Text span size="sm" c="dimmed">
        {topic ? `in “${topic.label}”` : "in no topic"}
      </Text>
    </div>
  );
}

/** The map in words: its broad topics, each with the way to its papers. */
function PlaceList({ hierarchy, places }: { hierarchy: Hierarchy; places: readonly TopicPlace[] }) {
  return (
    <details className={classes.list}>
      <summary>As a list</summary>
      <ul>
        {places
          .filter(({ topic }) => topic.depth === 1)
          .map(({ topic, count }) => (
            <li key={topic.id}>
              <Link
                to="/corpora/$corpusId"
                params={{ corpusId: hierarchy.corpus_id }}
                search={{ h: hierarchy.id, topic: [topic.id] }}
              >
                {topic.label}
              </Link>
              , {countOf(count, "paper")}
            </li>
          ))}
      </ul>
    </details>
  );
}
