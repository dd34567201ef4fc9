import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { corpusRoute } from "../../app/root-routes";
import { readView } from "./view";

export const picturesRoute = createRoute({
  getParentRoute: () => corpusRoute,
  path: "/pictures",
  validateSearch: readView,
  component: lazyRouteComponent(() => import("./pictures"), "Pictures"),
});
