/** The files that were chosen and not sent yet. */
import { useCallback, useState } from "react";

import { newKey } from "../../parts/edits/edit";
import type { ImportOptions } from "../../parts/corpus-requests";
import { type Format, type Guess, guessFormat, readBeginning, tableOf } from "./guess";
import { guessMapping, type Mapping, type Table } from "./table";

export interface ChosenFile {
  key: string;
  file: File;
  beginning: string;
  guess: Guess;
  /** What the person chose; null leaves it to the server. */
  format: Format | null;
  table: Table | null;
  mapping: Mapping;
  isSending: boolean;
  /** Why it could not be sent. */
  problem: unknown;
}

export function useChosenFiles() {
  const [files, setFiles] = useState<readonly ChosenFile[]>([]);
  const change = useCallback((key: string, changes: Partial<ChosenFile>) => {
    setFiles((now) => now.map((one) => (one.key === key ? { ...one, ...changes } : one)));
  }, []);
  const remove = useCallback((key: string) => {
    setFiles((now) => now.filter((one) => one.key !== key));
  }, []);
  const add = useCallback(async (given: readonly File[]) => {
    const looked = await Promise.all(given.map(lookAt));
    setFiles((now) => [...now, ...looked]);
  }, []);
  return { files, add, change, remove };
}

async function lookAt(file: File): Promise<ChosenFile> {
  const beginning = await readBeginning(file);
  const guess = guessFormat(beginning);
  const table = tableOf(beginning, guess.format);
  return {
    key: newKey(),
    file,
    beginning,
    guess,
    format: null,
    table,
    mapping: table ? guessMapping(table.names) : {},
    isSending: false,
    problem: null,
  };
}

/** What changes with the format that a person chose. */
export function withFormat(chosen: ChosenFile, format: Format | null): Partial<ChosenFile> {
  const table = tableOf(chosen.beginning, format ?? chosen.guess.format);
  return { format, table, mapping: table ? guessMapping(table.names) : {} };
}

/** Why a file cannot be sent as it is; empty where it can. */
export function whyNotSent(chosen: ChosenFile): string {
  if (chosen.guess.isHopeless && chosen.format === null) {
    return chosen.guess.note;
  }
  if (chosen.table && !chosen.mapping.title) {
    return "Choose the column that holds the titles.";
  }
  return "";
}

export function optionsOf({ format, table, mapping }: ChosenFile): ImportOptions {
  return {
    ...(format ? { format } : {}),
    ...(table ? { mapping: mapping as Record<string, string> } : {}),
  };
}
