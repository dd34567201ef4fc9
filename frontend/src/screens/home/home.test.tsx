import { serve, writes } from "../../test/fake-server";
import { showPage } from "../../test/show-page";

import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";

import { makeCorpus, makeJob } from "../../test/factories";

const page = (items: unknown[]) => ({ json: { items, next_cursor: null } });

describe("Home", () => {
  it("says what to do where there is nothing yet", async () => {
    serve({ "GET /api/v1/corpora": page([]), "GET /api/v1/jobs": page([]) });
    showPage("/");
    expect(await screen.findByRole("heading", { name: "Begin here" })).toBeVisible();
    expect(screen.getByRole("button", { name: "Look around in the sample" })).toBeEnabled();
  });

  it("shows what runs, and names of any length and writing as they are", async () => {
    const name = "<b>مراجع</b> " + "long ".repeat(30);
    serve({
      "GET /api/v1/corpora": page([makeCorpus({ name })]),
      "GET /api/v1/jobs": (request) =>
        page(new URL(request.url).searchParams.get("state") === "running" ? [makeJob()] : []),
    });
    showPage("/");
    expect(await screen.findByRole("link", { name: name.trim() })).toHaveAttribute("dir", "auto");
    expect(await screen.findByText(/Read what each paper is about, 40 %, 12 seconds left/)).toBeVisible();
    expect(screen.getByRole("link", { name: /Finding the topics/ })).toHaveAttribute("href", "/jobs/j");
  });

  it("deletes a corpus only after its name was typed", async () => {
    serve({
      "GET /api/v1/corpora": page([makeCorpus()]),
      "GET /api/v1/jobs": page([]),
      "DELETE /api/v1/corpora/c": { status: 204 },
    });
    showPage("/");
    const user = userEvent.setup();
    await user.click(await screen.findByRole("button", { name: "Delete the corpus Lakes" }));
    const press = await screen.findByRole("button", { name: "Delete it" });
    expect(press).toBeDisabled();
    await user.type(screen.getByLabelText(/Type the name/), "Lakes");
    await user.click(press);
    await waitFor(() => expect(writes().map((one) => one.route)).toEqual(["DELETE /api/v1/corpora/c"]));
  });

  it("says what to do when the server fails", async () => {
    serve({ "GET /api/v1/corpora": { status: 503, json: { title: "The database is busy", status: 503 } } });
    showPage("/");
    expect(await screen.findByRole("alert")).toHaveTextContent(/passes in a few seconds/);
  });
});
