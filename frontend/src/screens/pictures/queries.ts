import { queryOptions } from "@tanstack/react-query";

import { api, body } from "../../api/client";

/** The papers of each topic by year, as of a version of the hierarchy. */
export const yearsQuery = (hierarchyId: string, version: number) =>
  queryOptions({
    queryKey: ["years", hierarchyId, version],
    queryFn: async ({ signal }) => {
      const params = { path: { hierarchy_id: hierarchyId } };
      return body(await api.GET("/api/v1/hierarchies/{hierarchy_id}/years", { params, signal }));
    },
  });
