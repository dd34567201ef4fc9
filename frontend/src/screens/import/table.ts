/** The beginning of a table: its columns, a few rows, and which column holds what. */

export interface Table {
  delimiter: string;
  names: string[];
  /** The first rows, as many cells as there are columns. */
  rows: string[][];
}

export const FIELDS = [
  ["title", "Title"],
  ["abstract", "Abstract"],
  ["year", "Year"],
  ["authors", "Authors"],
  ["venue", "Journal or venue"],
  ["keywords", "Keywords"],
  ["doi", "DOI"],
  ["arxiv_id", "arXiv id"],
  ["pmid", "PMID"],
  ["url", "Link"],
  ["id", "Its id in the source"],
] as const;

export type Field = (typeof FIELDS)[number][0];
export type Mapping = Partial<Record<Field, string>>;

/** The commonest names; the server knows more, and finds them by itself where nothing is chosen here. */
const USUAL: Record<Field, readonly string[]> = {
  title: ["title", "article title", "document title", "primary title", "paper title", "ti", "display name"],
  abstract: ["abstract", "abstract note", "ab", "abstract text", "summary", "description"],
  year: ["year", "publication year", "pub year", "py", "date", "publication date", "published"],
  authors: ["authors", "author", "author full names", "author names", "af", "au"],
  venue: ["venue", "journal", "source title", "publication title", "journal book", "source", "so"],
  keywords: ["keywords", "author keywords", "keyword", "manual tags", "de", "tags"],
  doi: ["doi", "di", "doi link", "digital object identifier"],
  arxiv_id: ["arxiv id", "arxiv", "eprint"],
  pmid: ["pmid", "pubmed id", "pm"],
  url: ["url", "link", "article url", "ur"],
  id: ["id", "key", "paper id", "source id", "eid", "ut"],
};

const DELIMITERS = [",", "\t", ";", "|"];
const HEADER_LINES = 12;
export const ROWS_SHOWN = 5;

/** Read the beginning of a table; null where the text does not divide into columns. */
export function readTable(text: string): Table | null {
  const lines = text.split("\n");
  const start = headerLine(lines);
  const header = lines[start] ?? "";
  const delimiter = DELIMITERS.reduce((best, one) =>
    readRows(header, one, 1)[0]!.length > readRows(header, best, 1)[0]!.length ? one : best,
  );
  const [names, ...rows] = readRows(lines.slice(start).join("\n"), delimiter, ROWS_SHOWN + 1);
  if (!names || names.length < 2 || rows.length === 0 || (rows[0]?.length ?? 0) < 2) {
    return null;
  }
  return {
    delimiter,
    names: distinct(names),
    rows: rows.map((row) => names.map((_, index) => row[index] ?? "")),
  };
}

/** Some exports begin with lines about themselves: the header is the first line with a title column. */
function headerLine(lines: readonly string[]): number {
  const titled = lines
    .slice(0, HEADER_LINES)
    .findIndex((line) =>
      DELIMITERS.some((one) => readRows(line, one, 1)[0]?.some((name) => USUAL.title.includes(plain(name)))),
    );
  return titled >= 0
    ? titled
    : Math.max(
        0,
        lines.findIndex((line) => line.trim() !== ""),
      );
}

export function guessMapping(names: readonly string[]): Mapping {
  const mapping: Mapping = {};
  for (const [field] of FIELDS) {
    const usual = USUAL[field].find((one) => names.some((name) => plain(name) === one));
    const column = usual && names.find((name) => plain(name) === usual);
    if (column) {
      mapping[field] = column;
    }
  }
  return mapping;
}

/** Divide a text into rows of cells; a cell in quotation marks may hold delimiters and line ends. */
export function readRows(text: string, delimiter: string, most: number): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let isQuoted = false;
  const endRow = () => {
    row.push(cell);
    if (row.some((one) => one.trim() !== "") || rows.length === 0) {
      rows.push(row);
    }
    row = [];
    cell = "";
  };
  for (let at = 0; at < text.length && rows.length < most; at += 1) {
    const sign = text[at] as string;
    if (isQuoted) {
      if (sign !== '"') {
        cell += sign;
      } else if (text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else {
        isQuoted = false;
      }
    } else if (sign === '"' && cell === "") {
      isQuoted = true;
    } else if (sign === delimiter) {
      row.push(cell);
      cell = "";
    } else if (sign === "\n") {
      endRow();
    } else {
      cell += sign;
    }
  }
  if (rows.length < most && (row.length > 0 || cell !== "" || rows.length === 0)) {
    endRow();
  }
  return rows;
}

function plain(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/** The server gives columns of one name a number, in this way. */
function distinct(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((given) => {
    const name = given.trim() || "column";
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name} (${count})`;
  });
}
