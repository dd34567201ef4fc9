import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { corpusRoute } from "../../app/root-routes";

export interface ImportView {
  /** The import whose report is open, by the id of its job. */
  report?: string;
}

export const importRoute = createRoute({
  getParentRoute: () => corpusRoute,
  path: "/import",
  validateSearch: (search: Record<string, unknown>): ImportView =>
    typeof search.report === "string" ? { report: search.report } : {},
  component: lazyRouteComponent(() => import("./import"), "Import"),
});
