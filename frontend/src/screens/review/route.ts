import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { corpusRoute } from "../../app/root-routes";
import { readView } from "./view";

export const reviewRoute = createRoute({
  getParentRoute: () => corpusRoute,
  path: "/review",
  validateSearch: readView,
  component: lazyRouteComponent(() => import("./review"), "Review"),
});
