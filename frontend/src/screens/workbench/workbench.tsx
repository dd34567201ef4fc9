/** Tree, papers and details of a corpus, side by side; all three show one selection. */
import { Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";

import { corpusQuery } from "../../api/queries";
import { ProblemView } from "../../app/problem-view";
import { CorrectProvider } from "../../parts/correct/correct-provider";
import { useShownHierarchy } from "../../parts/edits/use-edits";
import { NotBuilt } from "./not-built";
import { Panes } from "./panes";
import { useView } from "./use-view";

export function Workbench() {
  const { corpusId } = useParams({ from: "/corpora/$corpusId/" });
  const [view] = useView();
  const corpus = useQuery(corpusQuery(corpusId));
  if (!corpus.data) {
    return null; // The frame says that it is being opened, or what went wrong.
  }
  const built = corpus.data.hierarchies ?? [];
  const asked = built.find((one) => one.id === view.h);
  const shown = asked ?? built.find((one) => one.facet === "topic") ?? built[0];
  if (!shown) {
    return <NotBuilt corpus={corpus.data} />;
  }
  return <OneHierarchy key={shown.id} hierarchyId={shown.id} />;
}

function OneHierarchy({ hierarchyId }: { hierarchyId: string }) {
  const { shown, error, refetch } = useShownHierarchy(hierarchyId);
  if (!shown) {
    return error ? (
      <ProblemView error={error} retry={() => void refetch()} />
    ) : (
      <Loader m="lg" aria-label="Reading the topics" />
    );
  }
  return (
    <CorrectProvider hierarchy={shown}>
      <Panes hierarchy={shown} />
    </CorrectProvider>
  );
}
