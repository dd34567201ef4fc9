import { createContext, use } from "react";

import type { Edits } from "./edits";

export const EditsContext = createContext<Edits | null>(null);

export function useEditsService(): Edits {
  const edits = use(EditsContext);
  if (!edits) {
    throw new Error("useEditsService outside of EditsContext");
  }
  return edits;
}
