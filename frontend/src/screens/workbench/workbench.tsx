/** Tree, papers and details of a corpus, side by side; all three show one selection. */
import { Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useCallback } from "react";

import { corpusQuery } from "../../api/queries";
import { ProblemView } from "../../app/problem-view";
import { CorrectProvider } from "../../parts/correct/correct-provider";
import type { Operation } from "../../parts/edits/edit";
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
  const [, change] = useView();
  // What a person made is what they want to see next.
  const onMade = useCallback(
    (operations: readonly Operation[]) => {
      const made = operations.find((one) => one.op === "create_topic");
      if (made?.op === "create_topic" && made.topic) {
        change({ topic: [made.topic], paper: undefined, papers: undefined });
      } else if (operations.some((one) => "paper" in one && one.op !== "lock" && one.op !== "unlock")) {
        change({ papers: undefined }, { replace: true });
      }
    },
    [change],
  );
  if (!shown) {
    return error ? (
      <ProblemView error={error} retry={() => void refetch()} />
    ) : (
      <Loader m="lg" aria-label="Reading the topics" />
    );
  }
  return (
    <CorrectProvider hierarchy={shown} onMade={onMade}>
      <Panes hierarchy={shown} />
    </CorrectProvider>
  );
}
