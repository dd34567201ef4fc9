import { useEffect } from "react";

import { isTyping } from "../../parts/keyboard";
import { MOST_CHOICES } from "./choices";

export interface Acts {
  /** Take a proposed topic, from 0 on. */
  choose: (at: number) => void;
  keep: () => void;
  reject: () => void;
  move: () => void;
  putOff: () => void;
  undo: () => void;
}

/** The keys of the review queue, wherever the focus is; a field, a dialog and a focused button come first. */
export function useAnswerKeys(acts: Acts): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) {
        return;
      }
      if (isTyping(event) || document.querySelector("[role=dialog]")) {
        return;
      }
      const act = actOf(event, acts);
      if (act) {
        event.preventDefault();
        act();
      }
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [acts]);
}

function actOf(event: KeyboardEvent, acts: Acts): (() => void) | undefined {
  const number = Number(event.key);
  if (number >= 1 && number <= MOST_CHOICES) {
    return () => acts.choose(number - 1);
  }
  if (event.key === "Enter") {
    const isOnControl = (event.target as Element | null)?.closest?.("a, button");
    return isOnControl ? undefined : acts.keep;
  }
  return { x: acts.reject, m: acts.move, s: acts.putOff, u: acts.undo }[event.key.toLowerCase()];
}
