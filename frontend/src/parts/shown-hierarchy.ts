/** Which of a corpus's hierarchies a screen shows. */
import type { Schemas } from "../api/client";

type Built = NonNullable<Schemas["CorpusOut"]["hierarchies"]>[number];

/** The one that is asked for, else that of topics, else the first; undefined before any is built. */
export function pickHierarchy(corpus: Schemas["CorpusOut"], asked: string | undefined): Built | undefined {
  const built = corpus.hierarchies ?? [];
  return built.find((one) => one.id === asked) ?? built.find((one) => one.facet === "topic") ?? built[0];
}
