import { fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";

import type { Edit } from "../../parts/edits/edit";
import type { Saved } from "../../parts/edits/edit-queue";
import { makePaper } from "../../test/factories";
import { renderWith } from "../../test/render";
import { OneReview } from "./review";

const topicOf = (id: string) => ({ topic_id: id, label: id, path: ["above", id] });
const doubtful = (id: string) => ({
  paper: makePaper({ id, title: `Title ${id} <b>` }),
  topic: topicOf("here"),
  stays: 0.4,
  gain: 1,
  likely: ["near", "far"].map((to) => ({
    topic: topicOf(to),
    chance: 0.3,
    operation: { op: "assign_paper", paper: id, topic: to },
  })),
  keep: { op: "lock", paper: id },
  reject: { op: "reject_assignment", paper: id, topic: "here" },
});
const tree = { hierarchy_id: "h", corpus_id: "c", facet: "topic", version: 1, n_papers: 9, n_unassigned: 0 };

function setUp(papers: readonly string[], status = 200) {
  const items = { now: papers.map(doubtful) };
  const answers = (address: string): [unknown, number] => {
    if (address.includes("/review")) {
      const missing = { type: "urn:papertree:review-not-found", title: "Not scored", status };
      return status === 200 ? [{ items: items.now, version: 1 }, 200] : [missing, status];
    }
    if (address.includes("/tree")) {
      return [{ ...tree, n_papers_since: 0, topics: [] }, 200];
    }
    return address.includes("/papers/")
      ? [{ abstract: "What it says.", homes: [] }, 200]
      : [{ items: [] }, 200];
  };
  vi.stubGlobal(
    "fetch",
    vi.fn(async (request: Request) => {
      const [json, code] = answers(request.url);
      return new Response(JSON.stringify(json), {
        status: code,
        headers: { "Content-Type": "application/json" },
      });
    }),
  );
  const send = vi.fn(async (edit: Edit): Promise<Saved> => {
    const operation = edit.step.kind === "correct" ? edit.step.operations[0] : undefined;
    const paper = operation && "paper" in operation ? operation.paper : undefined;
    items.now =
      edit.step.kind === "undo" ? papers.map(doubtful) : items.now.filter((one) => one.paper.id !== paper);
    return { operation_id: `of ${paper}`, version: 2 };
  });
  renderWith(<OneReview hierarchyId="h" />, send);
  return { send };
}

const title = (id: string) => screen.findByRole("heading", { name: `Title ${id} <b>` });
const press = (key: string) => fireEvent.keyDown(document.activeElement ?? document.body, { key });

describe("the review queue", () => {
  it("shows a paper with its place, and takes its answer by a number", async () => {
    const { send } = setUp(["p", "q"]);
    await title("p");
    expect(screen.getByText("above › here")).toBeVisible();
    expect(screen.getByText(/40 % sure/)).toBeVisible();
    expect(await screen.findByText("What it says.")).toBeVisible();
    press("2");
    expect(await title("q")).toHaveFocus();
    await waitFor(() =>
      expect(send.mock.calls[0]?.[0].step).toEqual({
        kind: "correct",
        operations: [{ op: "assign_paper", paper: "p", topic: "far" }],
      }),
    );
  });

  it("keeps by Enter, rejects by X, and says when nothing is left", async () => {
    const { send } = setUp(["p", "q"]);
    await title("p");
    press("Enter");
    await title("q");
    press("x");
    expect(await screen.findByRole("heading", { name: "Nothing is in doubt" })).toBeVisible();
    await waitFor(() => expect(send).toHaveBeenCalledTimes(2));
    const made = send.mock.calls.map(([edit]) =>
      edit.step.kind === "correct" ? edit.step.operations[0]?.op : "",
    );
    expect(made).toEqual(["lock", "reject_assignment"]);
  });

  it("leaves Enter to a button that has the focus", async () => {
    const { send } = setUp(["p"]);
    await title("p");
    screen.getByRole("button", { name: /near/ }).focus();
    press("Enter");
    expect(send).not.toHaveBeenCalled();
  });

  it("goes back to a paper when its answer is undone", async () => {
    const { send } = setUp(["p", "q"]);
    await title("p");
    press("Enter");
    await title("q");
    await screen.findByText("1 answered, 1 to go");
    await waitFor(() => expect(send).toHaveBeenCalledOnce());
    press("u");
    await title("p");
    expect(await screen.findByText("0 answered, 2 to go")).toBeVisible();
  });

  it("puts a paper off to the end", async () => {
    const { send } = setUp(["p", "q"]);
    await title("p");
    press("s");
    await title("q");
    press("s");
    await title("p");
    expect(send).not.toHaveBeenCalled();
  });

  it("offers to look where nobody has", async () => {
    setUp([], 404);
    expect(await screen.findByRole("button", { name: "Look for doubtful papers" })).toBeEnabled();
  });
});
