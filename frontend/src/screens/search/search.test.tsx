import { fireEvent, screen, waitFor } from "@testing-library/react";
import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from "@tanstack/react-router";
import { useState } from "react";
import { describe, expect, it, vi } from "vitest";

import type { Schemas } from "../../api/client";
import { makePaper } from "../../test/factories";
import { renderWith } from "../../test/render";
import { SearchPapers } from "./search";
import type { SearchView } from "./view";

// What jsdom lacks and a field that grows asks for.
Object.defineProperty(document, "fonts", { configurable: true, value: new EventTarget() });

const tree = { hierarchy_id: "h", corpus_id: "c", facet: "topic", version: 1, n_papers: 9, n_unassigned: 0 };
const corpus = {
  id: "c",
  name: "Mine",
  n_papers: 9,
  hierarchies: [{ id: "h", facet: "topic" }],
} as unknown as Schemas["CorpusOut"];
const found = {
  items: [
    {
      rank: 1,
      similarity: null,
      paper: makePaper({ id: "p", title: "Sodium <b>cells</b>" }),
      path: ["Optics"],
    },
    { rank: 2, similarity: 0.5, paper: makePaper({ id: "q", title: "Other" }), path: [] },
  ],
};

function setUp(first: SearchView, answer: object = found, status = 200) {
  const asked: { url: string; sent: unknown }[] = [];
  vi.stubGlobal(
    "fetch",
    vi.fn(async (request: Request) => {
      const { url } = request;
      const isSearch = /\/(search|neighbours|hierarchies\/h\/papers)/.test(url);
      if (isSearch) {
        asked.push({ url, sent: request.method === "POST" ? await request.json() : null });
      }
      const json = isSearch
        ? answer
        : url.includes("/tree")
          ? { ...tree, n_papers_since: 0, topics: [] }
          : { abstract: "Sodium again." };
      return new Response(JSON.stringify(json), {
        status: isSearch ? status : 200,
        headers: {
          "Content-Type": isSearch && status > 200 ? "application/problem+json" : "application/json",
        },
      });
    }),
  );
  function Page() {
    const [view, setView] = useState(first);
    return (
      <SearchPapers corpus={corpus} view={view} change={(changes) => setView({ ...view, ...changes })} />
    );
  }
  const history = createMemoryHistory({ initialEntries: ["/"] });
  const router = createRouter({ routeTree: createRootRoute({ component: Page }), history });
  renderWith(<RouterProvider router={router as never} />);
  return asked;
}

const box = () => screen.findByRole("textbox", { name: "Search the papers" });

describe("search", () => {
  it("finds words, marks them, and shows markup as text", async () => {
    const asked = setUp({});
    fireEvent.change(await box(), { target: { value: "sodium" } });
    fireEvent.keyDown(await box(), { key: "Enter" });
    expect(await screen.findByText("Sodium", { selector: "mark" })).toBeVisible();
    expect(screen.getByRole("link", { name: "Sodium <b>cells</b>" })).toBeVisible();
    expect(asked[0]?.sent).toEqual({ query: "sodium", mode: "words", k: 200 });
    expect(screen.getByRole("heading", { name: /^Optics/ })).toBeVisible();
    expect(screen.getByRole("heading", { name: /^In no topic/ })).toBeVisible();
    fireEvent.click(screen.getByRole("button", { name: /^Abstract of Sodium/ }));
    expect(await screen.findByText(/again/)).toBeVisible();
  });

  it("takes a pasted abstract by its meaning", async () => {
    const asked = setUp({ q: "word ".repeat(900) });
    await screen.findByText("2 papers");
    expect(asked[0]?.sent).toMatchObject({ mode: "meaning" });
    expect((asked[0]?.sent as { query: string }).query.length).toBeLessThanOrEqual(2000);
  });

  it("shows more like a paper, and the way back", async () => {
    const asked = setUp({ q: "sodium" });
    fireEvent.click(await screen.findByRole("button", { name: "More like this: Other" }));
    await waitFor(() => expect(asked.at(-1)?.url).toMatch(/papers\/q\/neighbours\?k=50$/));
    fireEvent.click(screen.getByRole("button", { name: "Back to what was typed" }));
    expect(await screen.findByText("2 papers")).toBeVisible();
  });

  it("asks the hierarchy for words of some years", async () => {
    const asked = setUp({ q: "sodium", from: 2000 }, { items: [], total: 0 });
    expect(await screen.findByText(/Nothing of these years/)).toBeVisible();
    expect(asked.at(-1)?.url).toMatch(/hierarchies\/h\/papers\?q=sodium&year_from=2000/);
  });

  it("says what to do when nothing is found", async () => {
    setUp({ q: "10.1000/none" }, { items: [] });
    expect(await screen.findByText(/has this DOI/)).toBeVisible();
  });

  it("says what went wrong", async () => {
    setUp({ q: "sodium" }, { title: "There are no vectors yet", status: 409 }, 409);
    expect(await screen.findByText("There are no vectors yet")).toBeVisible();
  });
});
