import { serve, writes } from "../../test/fake-server";
import { showPage } from "../../test/show-page";

import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";

import { makeCorpus, makeJob } from "../../test/factories";

const CORPUS = { "GET /api/v1/corpora/c": { json: makeCorpus() } };

describe("Progress", () => {
  it("shows the stages with counts and the time left, and the share in the title", async () => {
    serve({ ...CORPUS, "GET /api/v1/jobs/j": { json: makeJob({ stage: "label", done: 5, total: 10 }) } });
    showPage("/jobs/j");
    expect(await screen.findByText("5 of 10 topics")).toBeVisible();
    expect(screen.getByText("About 12 seconds left in this step.")).toBeVisible();
    expect(document.title).toBe("62 % Finding the topics · papertree");
  });

  it("cancels, and says so until it has stopped", async () => {
    serve({
      ...CORPUS,
      "GET /api/v1/jobs/j": { json: makeJob() },
      "DELETE /api/v1/jobs/j": { status: 202, json: makeJob({ cancel_requested: true }) },
    });
    showPage("/jobs/j");
    await userEvent.click(await screen.findByRole("button", { name: "Cancel" }));
    expect(await screen.findByRole("button", { name: "Stopping…" })).toBeDisabled();
  });

  it("goes to the tree when it is there", async () => {
    const result = { hierarchy_id: "h", n_topics: 3, n_papers: 12 };
    const states = [makeJob(), makeJob({ state: "succeeded", result })];
    serve({
      ...CORPUS,
      "GET /api/v1/jobs/j": () => ({ json: states.length > 1 ? states.shift() : states[0] }),
    });
    const page = showPage("/jobs/j");
    await screen.findByText("40 of 100 papers");
    await waitFor(() => expect(page.address()).toBe("/corpora/c"), { timeout: 4000 });
  });

  it("asks for the topics once the file is read, where that was the wish", async () => {
    serve({
      ...CORPUS,
      "GET /api/v1/jobs/j": {
        json: makeJob({
          kind: "import_file",
          state: "succeeded",
          result: { taken: 3, merged: 0, rejected: 1 },
        }),
      },
      "GET /api/v1/jobs/k": { json: makeJob({ id: "k" }) },
      "POST /api/v1/corpora/c/hierarchies": { status: 202, json: makeJob({ id: "k" }) },
    });
    const page = showPage("/jobs/j?then=build");
    await waitFor(() => expect(page.address()).toBe("/jobs/k"));
    expect(writes()).toHaveLength(1);
  });

  it.each([
    ["urn:papertree:no-title-column", /which column holds the titles/],
    ["urn:papertree:never-heard-of", /Try again/],
  ])("says what to do about a file that failed with %s", async (type, advice) => {
    const problem = { type, title: "It failed", detail: "<i>line 3</i>" };
    serve({
      ...CORPUS,
      "GET /api/v1/jobs/j": {
        json: makeJob({ kind: "import_file", state: "failed", stage: "read", problem }),
      },
    });
    showPage("/jobs/j");
    const told = await screen.findByRole("alert");
    expect(told).toHaveTextContent(advice);
    expect(told).toHaveTextContent("<i>line 3</i>");
    expect(screen.getByRole("link", { name: "Bring in a file" })).toBeVisible();
  });

  it("says what stays after a job was cancelled", async () => {
    serve({ ...CORPUS, "GET /api/v1/jobs/j": { json: makeJob({ state: "cancelled" }) } });
    showPage("/jobs/j");
    expect(await screen.findByText(/the topics are as they were/)).toBeVisible();
    expect(screen.getByRole("button", { name: "Try again" })).toBeEnabled();
  });
});
