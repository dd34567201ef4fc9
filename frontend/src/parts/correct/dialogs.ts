/** The questions a person is asked before a correction is made. */
import { createContext, use } from "react";

import type { FormerHomes, Operation } from "../edits/edit";

export type Dialog =
  | { kind: "confirm"; title: string; verb: string; operations: Operation[]; former?: FormerHomes }
  | { kind: "move-topics"; topics: string[] }
  | { kind: "move-papers"; papers: FormerHomes; how: "assign_paper" | "add_home" }
  | { kind: "merge"; topics: string[] }
  | { kind: "split"; topic: string }
  | { kind: "create"; parent: string; papers: FormerHomes }
  | { kind: "delete"; topic: string };

export interface Correct {
  /** Ask, showing the effect first. */
  ask: (dialog: Dialog) => void;
  /** Make a correction whose effect needs no showing: a name, a lock. */
  make: (operations: Operation[], former?: FormerHomes) => void;
  undo: () => void;
  redo: () => void;
}

export const CorrectContext = createContext<Correct | null>(null);

export function useCorrect(): Correct {
  const correct = use(CorrectContext);
  if (!correct) {
    throw new Error("useCorrect outside of CorrectProvider");
  }
  return correct;
}
