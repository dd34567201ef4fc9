import { serve, writes } from "../../test/fake-server";
import { showPage } from "../../test/show-page";

import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";

import { makeCorpus } from "../../test/factories";

const SUMMARY = { id: "h", facet: "topic", version: 3, built_at: "2026-01-01T00:00:00Z", n_topics: 1 };
const TOPIC = {
  id: "t",
  parent_id: null,
  label: "Optics",
  n_own: 1,
  n_second: 0,
  n_papers: 1,
  keyphrases: [],
};
const STEP = {
  based_on: 1,
  kind: "correct",
  actor: "ada",
  actor_id: null,
  at: "2026-01-01T00:00:00Z",
  undone: false,
  not_undoable: null,
  n_operations: 1,
};
const ITEMS = [
  {
    ...STEP,
    operation_id: "two",
    version: 3,
    operations: [{ op: "rename_topic", topic: "t", label: "Optics" }],
  },
  {
    ...STEP,
    operation_id: "one",
    version: 2,
    not_undoable: "“Light” was renamed since.",
    operations: [{ op: "rename_topic", topic: "t", label: "Light" }],
  },
];
const ROUTES = {
  "GET /api/v1/corpora/c": { json: makeCorpus({ hierarchies: [SUMMARY] }) },
  "GET /api/v1/hierarchies/h/tree": {
    json: { hierarchy_id: "h", corpus_id: "c", facet: "topic", version: 3, topics: [TOPIC], n_papers: 1 },
  },
  "GET /api/v1/hierarchies/h/history": { json: { items: ITEMS, next_cursor: null } },
  "GET /api/v1/hierarchies/h/orphans": { json: { items: [] } },
  "GET /api/v1/hierarchies/h/snapshots": { json: { items: [] } },
};

describe("History", () => {
  it("says who did what, and takes one change back", async () => {
    serve({
      ...ROUTES,
      "POST /api/v1/hierarchies/h/undo": { status: 201, json: { operation_id: "three", version: 4 } },
    });
    showPage("/corpora/c/history");
    await userEvent.click(await screen.findByRole("button", { name: /^Undo: Renamed “Optics” to “Optics”/ }));
    await waitFor(() => expect(writes()).toHaveLength(1));
    expect(JSON.parse(writes()[0]?.body ?? "")).toEqual({ operation_id: "two" });
  });

  it("gives the reason where a change cannot be taken back", async () => {
    serve(ROUTES);
    showPage("/corpora/c/history");
    const item = (await screen.findByText(/Cannot be undone now: “Light” was renamed since/)).closest("li");
    expect(within(item as HTMLElement).queryByRole("button", { name: /^Undo/ })).toBeNull();
  });

  it("says that a version is gone", async () => {
    const gone = { title: "There is no such version of the hierarchy", status: 404 };
    serve({ ...ROUTES, "GET /api/v1/hierarchies/h/diff": { status: 404, json: gone } });
    showPage("/corpora/c/history?part=versions&from=99");
    expect(await screen.findByRole("alert")).toHaveTextContent(/no such version/);
  });

  it("says when there is none yet", async () => {
    serve({ "GET /api/v1/corpora/c": { json: makeCorpus() } });
    showPage("/corpora/c/history");
    expect(await screen.findByRole("heading", { name: "No history yet" })).toBeVisible();
  });
});
