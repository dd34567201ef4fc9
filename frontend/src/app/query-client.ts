/** The cache of what was read. A request that may succeed later is made again by itself. */
import { QueryClient } from "@tanstack/react-query";

import { Problem } from "../api/problem";

const LONGEST_WAIT_S = 30;

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        networkMode: "always", // The server may be on this machine: no network does not mean no server.
        retry: (failures, error) => error instanceof Problem && error.isPassing && failures < 2,
        retryDelay: (attempt, error) => waitMs(attempt, error),
        // A page that shows a passing problem mends itself.
        refetchInterval: (query) =>
          query.state.error instanceof Problem && query.state.error.isPassing ? 5_000 : false,
      },
    },
  });
}

function waitMs(attempt: number, error: unknown): number {
  const asked = error instanceof Problem ? error.retryAfterS : null;
  return 1000 * Math.min(asked ?? 0.5 * 2 ** attempt, LONGEST_WAIT_S);
}
