/** The frame of a corpus's screens: its name and the way from one screen to the next, in the bar on top. */
import { Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, Outlet, useParams } from "@tanstack/react-router";
import { use } from "react";
import { createPortal } from "react-dom";

import { corpusQuery } from "../api/queries";
import { Icon } from "../parts/icons";
import { BarSlot } from "./bar-slot";
import classes from "./corpus-layout.module.css";
import { CORPUS_TABS } from "./corpus-tabs";
import { ProblemView } from "./problem-view";
import { useSearchKeys } from "./search-keys";

export function CorpusLayout() {
  const { corpusId } = useParams({ strict: false }) as { corpusId: string };
  const corpus = useQuery(corpusQuery(corpusId));
  const slot = use(BarSlot);
  useSearchKeys(corpusId);
  if (corpus.isError && !corpus.data) {
    return <ProblemView error={corpus.error} retry={() => void corpus.refetch()} />;
  }
  return (
    <>
      {slot && createPortal(<CorpusBar corpusId={corpusId} name={corpus.data?.name ?? ""} />, slot)}
      {corpus.data ? <Outlet /> : <Loader m="lg" aria-label="Opening the corpus" />}
    </>
  );
}

function CorpusBar({ corpusId, name }: { corpusId: string; name: string }) {
  return (
    <>
      <span className={classes.name} title={name}>
        {name}
      </span>
      <nav aria-label="Screens of this corpus" className={classes.tabs}>
        {CORPUS_TABS.map((tab) => (
          <Link
            key={tab.path}
            to={`/corpora/$corpusId/${tab.path}` as "/corpora/$corpusId"}
            params={{ corpusId }}
            className={classes.tab}
            aria-label={tab.label}
            activeOptions={{ exact: true, includeSearch: false }}
          >
            <Icon name={tab.icon} />
            <span>{tab.label}</span>
          </Link>
        ))}
      </nav>
    </>
  );
}
