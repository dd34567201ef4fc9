/** What the address asks for, found in the way that can answer it. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { treeQuery } from "../../api/queries";
import { ofYears, pathsOf, type FoundPaper } from "./found";
import { foundQuery, neighboursQuery, ofYearsQuery } from "./queries";
import { guessWay, isDoi, type SearchView, type Way } from "./view";

export interface FoundPapers {
  way: Way;
  /** Undefined before the answer, and where nothing was asked. */
  found: FoundPaper[] | undefined;
  /** How many there were before the years were looked at. */
  nBefore: number;
  isAsked: boolean;
  error: unknown;
  retry: () => void;
  topicAt: (path: readonly string[]) => string | undefined;
}

/** `hierarchyId`: the tree whose topics the papers are shown under; undefined where none was built. */
export function useFound(corpusId: string, hierarchyId: string | undefined, view: SearchView): FoundPapers {
  const { q = "", like, from, to } = view;
  const way = view.by ?? guessWay(q);
  const tree = useQuery({ ...treeQuery(hierarchyId ?? ""), enabled: hierarchyId !== undefined });
  const paths = useMemo(() => pathsOf(tree.data), [tree.data]);
  const hasYears = from !== undefined || to !== undefined;
  // Words of some years are asked of the hierarchy, which knows years; all else is sifted here.
  const isByTree = !like && hasYears && way === "words" && hierarchyId !== undefined && !isDoi(q);
  const typed = useQuery({ ...foundQuery(corpusId, q, way), enabled: q !== "" && !like && !isByTree });
  const near = useQuery({ ...neighboursQuery(like ?? ""), enabled: like !== undefined });
  const filed = useQuery({
    ...ofYearsQuery(hierarchyId ?? "", q, from, to),
    enabled: isByTree && q !== "",
  });
  const hasTree = tree.data !== undefined;
  const asked = like ? near : isByTree ? filed : typed;
  const all = useMemo<FoundPaper[] | undefined>(() => {
    if (isByTree) {
      const items = hasTree ? filed.data : undefined;
      return items?.map(({ paper, topic_id }) => ({ paper, similarity: null, path: paths.pathOf(topic_id) }));
    }
    return like ? near.data : typed.data;
  }, [isByTree, like, hasTree, filed.data, near.data, typed.data, paths]);
  return {
    way,
    found: useMemo(() => all && ofYears(all, from, to), [all, from, to]),
    nBefore: all?.length ?? 0,
    isAsked: q !== "" || like !== undefined,
    error: all ? null : (asked.error ?? (isByTree ? tree.error : null)),
    retry: () => void (asked.error ? asked.refetch() : tree.refetch()),
    topicAt: paths.topicAt,
  };
}
