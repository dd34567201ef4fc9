/** Search: by words, by meaning, by DOI, or by being like a paper; what is found stands under its topics. */
import { Alert, Button, Loader, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";

import type { Schemas } from "../../api/client";
import { corpusQuery, paperQuery } from "../../api/queries";
import { ProblemView } from "../../app/problem-view";
import { countOf } from "../../parts/numbers";
import { readable } from "../../parts/papers/latex";
import { useTitle } from "../../parts/use-title";
import { MOST_FOUND } from "./queries";
import { Results } from "./results";
import { SearchForm } from "./search-form";
import classes from "./search.module.css";
import { useFound, type FoundPapers } from "./use-found";
import { isDoi, type SearchView } from "./view";

export function Search() {
  const { corpusId } = useParams({ from: "/corpora/$corpusId/search" });
  const view = useSearch({ from: "/corpora/$corpusId/search" });
  const navigate = useNavigate({ from: "/corpora/$corpusId/search" });
  const change = (changes: Partial<SearchView>) =>
    void navigate({
      search: (old) => {
        const kept = Object.entries({ ...old, ...changes }).filter(([, value]) => value !== undefined);
        return Object.fromEntries(kept) as SearchView;
      },
    });
  const corpus = useQuery(corpusQuery(corpusId)).data;
  // While there is none the frame says that it is being opened, or what went wrong.
  return corpus && <SearchPapers corpus={corpus} view={view} change={change} />;
}

interface Props {
  corpus: Schemas["CorpusOut"];
  view: SearchView;
  change: (changes: Partial<SearchView>) => void;
}

export function SearchPapers({ corpus, view, change }: Props) {
  const corpusId = corpus.id;
  const built = corpus.hierarchies ?? [];
  const hierarchyId = (built.find((one) => one.facet === "topic") ?? built[0])?.id;
  const asked = useFound(corpusId, hierarchyId, view);
  useTitle(`Search · ${corpus.name}`);
  return (
    <div className={classes.page}>
      <Title order={1} size="h2" mb="xs">
        Search
      </Title>
      <SearchForm view={view} change={change} />
      {view.like && <LikePaper paperId={view.like} close={() => change({ like: undefined })} />}
      {asked.error ? (
        <ProblemView error={asked.error} retry={asked.retry} />
      ) : asked.isAsked && !asked.found ? (
        <Loader m="lg" size="sm" aria-label="Searching" />
      ) : null}
      <Text role="status" size="sm" c="dimmed" mt="sm">
        {tell(asked, view, corpus.n_papers)}
      </Text>
      {asked.found && asked.found.length > 0 && (
        <Results
          corpusId={corpusId}
          found={asked.found}
          topicAt={asked.topicAt}
          words={view.like ? undefined : view.q}
          showLike={(like) => change({ like })}
        />
      )}
    </div>
  );
}

function LikePaper({ paperId, close }: { paperId: string; close: () => void }) {
  const paper = useQuery(paperQuery(paperId)).data;
  return (
    <Alert variant="light" color="leaf" mt="md" title="More like this" className={classes.like}>
      <Text size="sm" dir="auto">
        {paper ? readable(paper.title) : "…"}
      </Text>
      <Button size="compact-sm" variant="default" mt="xs" onClick={close}>
        Back to what was typed
      </Button>
    </Alert>
  );
}

/** What was found, and what to do where nothing was. */
function tell(asked: FoundPapers, view: SearchView, nPapers: number): string {
  if (nPapers === 0) {
    return "There are no papers yet. Bring some in first.";
  }
  if (!asked.isAsked) {
    return "Type what you look for, then press Enter.";
  }
  const { found } = asked;
  if (!found) {
    return "";
  }
  if (found.length === 0) {
    return tellNothing(asked, view);
  }
  const isCut = asked.nBefore >= MOST_FOUND;
  const count = countOf(found.length, "paper");
  return isCut ? `${count}, of the first ${MOST_FOUND}. Say more to find what is behind them.` : count;
}

function tellNothing({ way, nBefore }: FoundPapers, view: SearchView): string {
  if (nBefore > 0 || view.from !== undefined || view.to !== undefined) {
    return "Nothing of these years. Widen them, or empty both fields.";
  }
  if (view.like) {
    return "No other paper is near it.";
  }
  if (isDoi(view.q ?? "")) {
    return "No paper of this corpus has this DOI. Try words of its title.";
  }
  return way === "words"
    ? "No paper holds these words. Try fewer or other words, or look for the meaning."
    : "Nothing is near that. Say it in other words.";
}
