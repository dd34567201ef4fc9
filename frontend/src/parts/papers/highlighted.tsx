import { useMemo } from "react";

/** A text in which the words that were asked for are marked. */
export function Highlighted({ text, words }: { text: string; words?: string }) {
  const parts = useMemo(() => splitAt(text, words ?? ""), [text, words]);
  return parts.map((part, at) => (at % 2 === 1 ? <mark key={at}>{part}</mark> : part));
}

/** Split a text so that every second part, from the second on, is one of the words. */
export function splitAt(text: string, asked: string): string[] {
  const words = asked.match(/[\p{L}\p{N}]{2,}/gu) ?? [];
  if (words.length === 0) {
    return [text];
  }
  // The search of the server matches stems: “grid” finds “grids”, so what follows is marked as well.
  const stems = words.map((word) => (word.length > 4 ? word.replace(/(?:ies|es|s|ing|ed)$/i, "") : word));
  return text.split(new RegExp(`(?<![\\p{L}\\p{N}])((?:${stems.join("|")})[\\p{L}\\p{N}]*)`, "giu"));
}
