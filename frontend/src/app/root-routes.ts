/** The two frames that screens stand in: every page, and every page of a corpus. */
import { createRootRoute, createRoute } from "@tanstack/react-router";

import { CorpusLayout } from "./corpus-layout";
import { Shell } from "./shell";

export const rootRoute = createRootRoute({ component: Shell });

export const corpusRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/corpora/$corpusId",
  component: CorpusLayout,
});
