import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { rootRoute } from "../../app/root-routes";

export interface ProgressView {
  /** What is asked for when the job has succeeded. */
  then?: "build";
}

export const progressRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/jobs/$jobId",
  validateSearch: (search: Record<string, unknown>): ProgressView =>
    search.then === "build" ? { then: "build" } : {},
  component: lazyRouteComponent(() => import("./progress"), "Progress"),
});
