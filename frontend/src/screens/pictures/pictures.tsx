/** The hierarchy as a picture whose areas are numbers of papers. */
import { Button, Loader, NativeSelect, SegmentedControl, Text, Title } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";

import type { Schemas } from "../../api/client";
import { corpusQuery } from "../../api/queries";
import { ProblemView } from "../../app/problem-view";
import type { Hierarchy } from "../../parts/edits/edit";
import { useShownHierarchy } from "../../parts/edits/use-edits";
import { Icon } from "../../parts/icons";
import { countOf } from "../../parts/numbers";
import { pickHierarchy } from "../../parts/shown-hierarchy";
import { useTitle } from "../../parts/use-title";
import { focusOn, type Branch, type Focus } from "./branch";
import { layOut } from "./cells";
import { makeScale, type Scale } from "./colours";
import { Picture } from "./picture";
import classes from "./pictures.module.css";
import { yearsQuery } from "./queries";
import { savePng, saveSvg, type Drawing } from "./save-picture";
import { ShownList } from "./shown-list";
import type { ColourBy, Kind, PicturesView } from "./view";

const KIND_NAMES: { value: Kind; label: string }[] = [
  { value: "icicle", label: "Icicle" },
  { value: "treemap", label: "Treemap" },
  { value: "sunburst", label: "Sunburst" },
];
const COLOUR_NAMES: { value: ColourBy; label: string }[] = [
  { value: "size", label: "Number of papers" },
  { value: "doubt", label: "Papers in doubt" },
  { value: "growth", label: "Growth by year" },
];

export function Pictures() {
  const { corpusId } = useParams({ from: "/corpora/$corpusId/pictures" });
  const { h } = useSearch({ from: "/corpora/$corpusId/pictures" });
  const corpus = useQuery(corpusQuery(corpusId)).data;
  useTitle(corpus ? `Pictures · ${corpus.name}` : "Pictures");
  if (!corpus) {
    return null; // The frame says that it is being opened, or what went wrong.
  }
  const shown = pickHierarchy(corpus, h);
  return shown ? (
    <OneHierarchy key={shown.id} hierarchyId={shown.id} corpus={corpus} />
  ) : (
    <div className={classes.page}>
      <Title order={1}>Nothing to show yet</Title>
      <Text mt="xs">
        The pictures are of topics.{" "}
        <Link to="/corpora/$corpusId" params={{ corpusId }}>
          Find the topics first
        </Link>
        .
      </Text>
    </div>
  );
}

function OneHierarchy({ hierarchyId, corpus }: { hierarchyId: string; corpus: Schemas["CorpusOut"] }) {
  const { shown, error, refetch } = useShownHierarchy(hierarchyId);
  const { topic } = useSearch({ from: "/corpora/$corpusId/pictures" });
  const focus = useMemo(() => shown && focusOn(shown, topic), [shown, topic]);
  if (!shown || !focus) {
    return error ? (
      <ProblemView error={error} retry={() => void refetch()} />
    ) : (
      <Loader m="lg" aria-label="Reading the topics" />
    );
  }
  return <Shown hierarchy={shown} focus={focus} corpus={corpus} />;
}

interface ShownProps {
  hierarchy: Hierarchy;
  focus: Focus;
  corpus: Schemas["CorpusOut"];
}

function Shown({ hierarchy, focus, corpus }: ShownProps) {
  const { kind = "icicle", colour = "size" } = useSearch({ from: "/corpora/$corpusId/pictures" });
  const change = useChange();
  const years = useQuery({ ...yearsQuery(hierarchy.id, hierarchy.version), enabled: colour === "growth" });
  const { ref, width, height } = useElementSize<HTMLDivElement>();
  const scale = useMemo(
    () => makeScale(colour, topicsOf(focus.branch), years.data),
    [colour, focus, years.data],
  );
  const cells = useMemo(
    () => (width > 0 && height > 0 ? layOut(focus.branch, kind, width, height, scale) : []),
    [focus, kind, width, height, scale],
  );
  const top = focus.branch.topic;
  const title = `Topics of ${corpus.name}, below ${top.label}`;
  return (
    <div className={classes.page}>
      <Title order={1} className={classes.title}>
        Pictures
      </Title>
      <div className={classes.tools}>
        <SegmentedControl
          size="xs"
          aria-label="Kind of picture"
          data={KIND_NAMES}
          value={kind}
          onChange={(value) => change({ kind: value === "icicle" ? undefined : (value as Kind) })}
        />
        <NativeSelect
          size="xs"
          aria-label="Colour by"
          data={COLOUR_NAMES}
          value={colour}
          onChange={({ currentTarget: { value } }) =>
            change({ colour: value === "size" ? undefined : (value as ColourBy) })
          }
        />
        <Legend scale={scale} />
        <Saving drawing={{ title, width, height, cells }} />
      </div>
      <Trail focus={focus} hierarchy={hierarchy} />
      {years.error && <ProblemView error={years.error} retry={() => void years.refetch()} />}
      <div className={classes.frame} ref={ref}>
        <Picture
          title={`${title}. Arrows lead from topic to topic, Enter looks into one, Escape goes back up.`}
          width={width}
          height={height}
          cells={cells}
          chosen={focus.chosen.id}
          choose={(id) => change({ topic: id })}
          leave={() => change({ topic: top.parent_id ?? undefined })}
        />
      </div>
      <ShownList branch={focus.branch} scale={scale} choose={(id) => change({ topic: id })} />
    </div>
  );
}

function useChange(): (changes: Partial<PicturesView>) => void {
  const navigate = useNavigate({ from: "/corpora/$corpusId/pictures" });
  return (changes) =>
    void navigate({
      search: (old) =>
        Object.fromEntries(
          Object.entries({ ...old, ...changes }).filter(([, value]) => value !== undefined),
        ) as PicturesView,
    });
}

/** The way from the root to what is looked at, and on to its papers. */
function Trail({ focus, hierarchy }: { focus: Focus; hierarchy: Hierarchy }) {
  const { chosen, trail } = focus;
  return (
    <div className={classes.trail}>
      <nav aria-label="From the whole to this topic">
        <ol>
          {trail.map((topic) => (
            <li key={topic.id}>
              {topic === chosen ? (
                <strong aria-current="location" dir="auto">
                  {topic.label}
                </strong>
              ) : (
                <Link
                  from="/corpora/$corpusId/pictures"
                  to="."
                  search={(old) => ({ ...old, topic: topic.id })}
                >
                  {topic.label}
                </Link>
              )}
            </li>
          ))}
        </ol>
      </nav>
      <Text size="sm" role="status">
        {countOf(chosen.n_papers, "paper")}
        {chosen.n_doubtful > 0 && `, ${chosen.n_doubtful} in doubt`}
      </Text>
      <Link
        to="/corpora/$corpusId"
        params={{ corpusId: hierarchy.corpus_id }}
        search={{ h: hierarchy.id, topic: [chosen.id] }}
      >
        Papers of this topic
      </Link>
    </div>
  );
}

function Legend({ scale }: { scale: Scale }) {
  const { low, high, swatches } = scale.legend;
  return (
    <div className={classes.legend}>
      <span>{low}</span>
      <span className={classes.swatches} aria-hidden="true">
        {swatches.map((fill) => (
          <span key={fill} style={{ background: fill }} />
        ))}
      </span>
      <span>{high}</span>
    </div>
  );
}

function Saving({ drawing }: { drawing: Drawing }) {
  const png = useMutation({ mutationFn: () => savePng(drawing, "topics.png") });
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<Icon name="download" />}
        aria-label="Download as SVG"
        onClick={() => saveSvg(drawing, "topics.svg")}
      >
        SVG
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<Icon name="download" />}
        aria-label="Download as PNG"
        loading={png.isPending}
        onClick={() => png.mutate()}
      >
        PNG
      </Button>
      {png.error && (
        <Text size="sm" c="red" role="alert">
          {png.error.message}
        </Text>
      )}
    </>
  );
}

function topicsOf(branch: Branch): Branch["topic"][] {
  return [branch.topic, ...branch.children.flatMap(topicsOf)];
}
