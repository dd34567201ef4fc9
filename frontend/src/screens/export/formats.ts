/** The files that can be taken away, and what each is for. */
export interface Format {
  /** What the API calls it. */
  id: string;
  name: string;
  /** The end of the file's name. */
  suffix: string;
  purpose: string;
}

export const PAPER_FORMATS: readonly Format[] = [
  {
    id: "ris",
    name: "RIS",
    suffix: "ris",
    purpose: "For Zotero, EndNote, Mendeley and most other reference managers; topics come as keywords.",
  },
  {
    id: "bibtex",
    name: "BibTeX",
    suffix: "bib",
    purpose: "For LaTeX, JabRef and BibDesk; topics come as keywords.",
  },
  {
    id: "csl-json",
    name: "CSL-JSON",
    suffix: "json",
    purpose: "For Pandoc and whatever else formats citations; topics come as keywords.",
  },
  {
    id: "csv",
    name: "CSV",
    suffix: "csv",
    purpose: "For spreadsheets, R and pandas: a row for each paper, with its topics.",
  },
  {
    id: "jsonl",
    name: "JSONL",
    suffix: "jsonl",
    purpose: "For programs: a line of JSON for each paper, with the path to each of its topics.",
  },
];

export const HIERARCHY_FORMATS: readonly Format[] = [
  {
    id: "html",
    name: "One-file page (HTML)",
    suffix: "html",
    purpose: "For people: send it to somebody, who opens it in any browser, without a server or network.",
  },
  {
    id: "markdown",
    name: "Markdown",
    suffix: "md",
    purpose: "For reading and for notes: the topics as an outline.",
  },
  {
    id: "csv",
    name: "CSV",
    suffix: "csv",
    purpose: "For spreadsheets: a row for each topic, with its counts.",
  },
  {
    id: "json",
    name: "JSON",
    suffix: "json",
    purpose: "For programs: all topics, with the ids of their papers and how the hierarchy was built.",
  },
  {
    id: "skos-turtle",
    name: "SKOS (Turtle)",
    suffix: "ttl",
    purpose: "For vocabulary tools and triple stores: the topics as SKOS concepts, with their papers.",
  },
  {
    id: "skos-jsonld",
    name: "SKOS (JSON-LD)",
    suffix: "jsonld",
    purpose: "The same SKOS concepts, for programs that read JSON.",
  },
  {
    id: "graphml",
    name: "GraphML",
    suffix: "graphml",
    purpose: "For Gephi, yEd, Cytoscape and NetworkX: the topics as a graph.",
  },
];

export function papersPath(corpusId: string, format: string, hierarchy?: string, topic?: string): string {
  const query = new URLSearchParams({ format });
  if (hierarchy) {
    query.set("hierarchy", hierarchy);
  }
  if (topic) {
    query.set("topic", topic);
  }
  return `/api/v1/corpora/${corpusId}/export?${query}`;
}

export function hierarchyPath(hierarchyId: string, format: string): string {
  return `/api/v1/hierarchies/${hierarchyId}/export?${new URLSearchParams({ format })}`;
}
