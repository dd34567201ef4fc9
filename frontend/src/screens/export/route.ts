import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { corpusRoute } from "../../app/root-routes";
import { readView } from "./view";

export const exportRoute = createRoute({
  getParentRoute: () => corpusRoute,
  path: "/export",
  validateSearch: readView,
  component: lazyRouteComponent(() => import("./export"), "Export"),
});
