/** What the review queue reads. */
import { queryOptions } from "@tanstack/react-query";

import { api, body } from "../../api/client";
import { Problem } from "../../api/problem";

/** The most that the server gives at once. */
export const MOST_ITEMS = 200;

/** The assignments most worth an answer; asked for again, since they are ordered anew after answers. */
export const reviewQuery = (hierarchyId: string) =>
  queryOptions({
    queryKey: ["review", hierarchyId],
    queryFn: async ({ signal }) => {
      const params = { path: { hierarchy_id: hierarchyId }, query: { limit: MOST_ITEMS } };
      return body(await api.GET("/api/v1/hierarchies/{hierarchy_id}/review", { params, signal }));
    },
    refetchInterval: 20_000,
  });

/** Whether nobody has looked for doubtful papers since the hierarchy was built. */
export function isNotScored(error: unknown): boolean {
  return error instanceof Problem && error.slug === "review-not-found";
}
