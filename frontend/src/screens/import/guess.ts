/**
 * Guesses the format of a file from how it begins, so that it can be shown before it is sent. The server
 * guesses again, from the same marks; what a person chose here goes before both.
 */
import { readTable, type Table } from "./table";

export const FORMATS = [
  ["ris", "RIS"],
  ["bibtex", "BibTeX"],
  ["csv", "CSV"],
  ["tsv", "TSV (tab-separated)"],
  ["nbib", "PubMed (nbib)"],
  ["jsonl", "JSON Lines"],
  ["csl-json", "JSON (CSL)"],
] as const;

export type Format = (typeof FORMATS)[number][0];

export interface Guess {
  format: Format | null;
  /** Why the file will not be read, or what is known instead of a format. */
  note: string;
  /** Whether there is no use in sending it. */
  isHopeless: boolean;
}

const SAMPLE_BYTES = 65_536;

export async function readBeginning(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.slice(0, SAMPLE_BYTES).arrayBuffer());
  if ((bytes[0] === 0x1f && bytes[1] === 0x8b) || (bytes[0] === 0xfd && bytes[1] === 0x37)) {
    return PACKED;
  }
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const encoding = isUtf16 ? (bytes[0] === 0xff ? "utf-16le" : "utf-16be") : "utf-8";
  return new TextDecoder(encoding).decode(bytes).replaceAll("\r\n", "\n").replaceAll("\r", "\n");
}

/** Stands for the beginning of a file that only the server can unpack. */
export const PACKED = "\u0000packed";

const HOPELESS: [RegExp, string][] = [
  [/^%PDF/, "A PDF is not read. Export the list of references from where it is kept."],
  [/^(<!doctype html|<html)/i, "This is a web page; perhaps a login page was saved instead of the export."],
  [/^</, "XML is not read. Export it as RIS or BibTeX."],
  [/^PK[^ -~]{2}/, "An archive or spreadsheet is not read. Unpack it, or save it as CSV."],
  [/^\{\\rtf/, "A word processor's file is not read. Export the references as RIS or BibTeX."],
];

export function guessFormat(beginning: string): Guess {
  if (beginning === PACKED) {
    return { format: null, note: "Packed: the server unpacks it and finds out.", isHopeless: false };
  }
  const text = beginning.replace(/^[\ufeff\s]+/, "");
  if (text === "") {
    return { format: null, note: "The file is empty.", isHopeless: true };
  }
  const hopeless = HOPELESS.find(([mark]) => mark.test(text));
  if (hopeless) {
    return { format: null, note: hopeless[1], isHopeless: true };
  }
  const format = formatOf(text);
  return { format, note: format ? "" : "Not recognized: choose its format.", isHopeless: false };
}

function formatOf(text: string): Format | null {
  if (text.startsWith("[")) {
    return "csl-json";
  }
  if (text.startsWith("{")) {
    return /^\{.*\}\s*$/m.test(text.split("\n")[0] ?? "") ? "jsonl" : "csl-json";
  }
  if (/^[ \t]{0,8}TY {1,2}-/m.test(text)) {
    return "ris";
  }
  if (/^(PMID|OWN |STAT|FAU |DCOM)- /m.test(text)) {
    return "nbib";
  }
  if (/^[ \t]*@[ \t]*[A-Za-z]\w*[ \t]*[{(]/m.test(text)) {
    return "bibtex";
  }
  const table = readTable(text);
  return table ? (table.delimiter === "\t" ? "tsv" : "csv") : null;
}

export function tableOf(beginning: string, format: Format | null): Table | null {
  return format === "csv" || format === "tsv" ? readTable(beginning) : null;
}
