/** The screens of a corpus in the order they are offered; a new screen adds a line. */
import type { IconName } from "../parts/icons";

export interface CorpusTab {
  /** Below /corpora/$corpusId. */
  path: string;
  label: string;
  icon: IconName;
}

export const CORPUS_TABS: readonly CorpusTab[] = [
  { path: "", label: "Topics", icon: "tree" },
  { path: "search", label: "Search", icon: "search" },
  { path: "review", label: "Review", icon: "review" },
  { path: "import", label: "Import", icon: "upload" },
  { path: "history", label: "History", icon: "history" },
  { path: "map", label: "Map", icon: "map" },
  { path: "pictures", label: "Pictures", icon: "pictures" },
  { path: "export", label: "Export", icon: "export" },
];
