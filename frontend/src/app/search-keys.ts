/** `/` and Ctrl+K lead to the search of the corpus, or to its box where it is shown already. */
import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";

import { isTyping } from "../parts/keyboard";

export function useSearchKeys(corpusId: string): void {
  const navigate = useNavigate();
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!isSearchKey(event) || document.querySelector("[role=dialog]")) {
        return;
      }
      event.preventDefault();
      const box = document.querySelector<HTMLTextAreaElement>("[data-search-box]");
      if (box) {
        box.focus();
        box.select();
      } else {
        void navigate({ to: "/corpora/$corpusId/search", params: { corpusId } });
      }
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [corpusId, navigate]);
}

export function isSearchKey(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.altKey) {
    return false;
  }
  const isWithControl = event.ctrlKey || event.metaKey;
  return isWithControl
    ? event.key.toLowerCase() === "k" && !event.shiftKey
    : event.key === "/" && !isTyping(event);
}
