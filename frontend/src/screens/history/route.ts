import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { corpusRoute } from "../../app/root-routes";
import { readView } from "./view";

export const historyRoute = createRoute({
  getParentRoute: () => corpusRoute,
  path: "/history",
  validateSearch: readView,
  component: lazyRouteComponent(() => import("./history"), "History"),
});
