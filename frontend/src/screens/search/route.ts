import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { corpusRoute } from "../../app/root-routes";
import { readView } from "./view";

export const searchRoute = createRoute({
  getParentRoute: () => corpusRoute,
  path: "/search",
  validateSearch: readView,
  component: lazyRouteComponent(() => import("./search"), "Search"),
});
