/** What operations would do, asked of the server before they are made. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { api, body, type Schemas } from "../../api/client";
import { LARGEST_STEP, type Hierarchy, type Operation } from "../edits/edit";

export interface Part {
  label: string;
  papers: string[];
  children?: string[];
  keyphrases?: string[];
  exemplars?: Schemas["PaperBrief"][];
}

export type Preview = Schemas["PreviewOut"];

/** Ask for the effect of operations on a hierarchy; null asks nothing. */
export function usePreview(hierarchy: Hierarchy, operations: Operation[] | null) {
  return useQuery({
    queryKey: ["preview", hierarchy.id, hierarchy.version, operations],
    queryFn: async ({ signal }) => {
      const params = { path: { hierarchy_id: hierarchy.id } };
      const asked = { params, body: { operations: (operations ?? []).slice(0, LARGEST_STEP) }, signal };
      return body(await api.POST("/api/v1/hierarchies/{hierarchy_id}/corrections/preview", asked));
    },
    enabled: operations !== null && operations.length > 0,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
}

/** The effect in sentences, such as “41 papers move.”. */
export function tellEffect(effect: Preview["effect"], labelOf: (id: string) => string): string[] {
  const told: string[] = [];
  const say = (count: number, one: string, many: string) => {
    if (count > 0) {
      told.push(count === 1 ? one : many.replace("%", count.toLocaleString("en")));
    }
  };
  say(effect.n_papers_moved, "1 paper changes its place.", "% papers change their places.");
  say(effect.n_papers_carried, "1 paper goes along with its topic.", "% papers go along with their topics.");
  say(effect.topics_carried.length, "1 topic below goes along.", "% topics below go along.");
  say(effect.topics_created.length, "1 topic is made.", "% topics are made.");
  const locked = effect.locked_carried;
  say(
    locked.length,
    `“${labelOf(locked[0] ?? "")}” is locked and goes along as it is.`,
    "% of them are locked and go along as they are.",
  );
  if (effect.n_papers_moved === 0 && effect.n_papers_carried === 0) {
    told.unshift("No paper changes its place.");
  }
  return told;
}
