/** Which address shows which screen. A screen adds its route to one of the two lists. */
import { createRouter, type RouterHistory } from "@tanstack/react-router";

import { exportRoute } from "../screens/export/route";
import { helpRoute } from "../screens/help/route";
import { historyRoute } from "../screens/history/route";
import { homeRoute } from "../screens/home/route";
import { importRoute } from "../screens/import/route";
import { mapRoute } from "../screens/map/route";
import { picturesRoute } from "../screens/pictures/route";
import { progressRoute } from "../screens/progress/route";
import { reviewRoute } from "../screens/review/route";
import { searchRoute } from "../screens/search/route";
import { workbenchRoute } from "../screens/workbench/route";
import { NotFound } from "./not-found";
import { ScreenProblem } from "./problem-view";
import { corpusRoute, rootRoute } from "./root-routes";

const corpusScreens = [
  workbenchRoute,
  searchRoute,
  reviewRoute,
  mapRoute,
  picturesRoute,
  exportRoute,
  importRoute,
  historyRoute,
] as const;
const screens = [homeRoute, progressRoute, helpRoute] as const;

const routeTree = rootRoute.addChildren([...screens, corpusRoute.addChildren([...corpusScreens])]);

/** Tests give a history of their own; else it is the browser's. */
export function makeRouter(history?: RouterHistory) {
  return createRouter({
    routeTree,
    ...(history ? { history } : {}),
    defaultPreload: "intent",
    defaultNotFoundComponent: NotFound,
    defaultErrorComponent: ScreenProblem,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
