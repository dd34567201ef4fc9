import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";

import type { View } from "./view";

type ChangeView = (changes: Partial<View>, options?: { replace?: boolean }) => void;

/** What the address says, and how it is changed; typing replaces, choosing makes a step back possible. */
export function useView(): [View, ChangeView] {
  const view = useSearch({ from: "/corpora/$corpusId/" });
  const navigate = useNavigate({ from: "/corpora/$corpusId/" });
  const change = useCallback<ChangeView>(
    (changes, options) =>
      void navigate({
        search: (old) => {
          const next = { ...old, ...changes };
          return Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined)) as View;
        },
        replace: options?.replace ?? false,
      }),
    [navigate],
  );
  return [view, change];
}
