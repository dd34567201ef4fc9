import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { corpusRoute } from "../../app/root-routes";
import { readView } from "./view";

export const workbenchRoute = createRoute({
  getParentRoute: () => corpusRoute,
  path: "/",
  validateSearch: readView,
  component: lazyRouteComponent(() => import("./workbench"), "Workbench"),
});
