import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { corpusRoute } from "../../app/root-routes";
import { readView } from "./view";

export const mapRoute = createRoute({
  getParentRoute: () => corpusRoute,
  path: "/map",
  validateSearch: readView,
  component: lazyRouteComponent(() => import("./map"), "PaperMap"),
});
