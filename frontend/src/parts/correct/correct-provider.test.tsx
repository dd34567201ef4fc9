import { fireEvent, screen, waitFor } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { makeHierarchy } from "../../test/factories";
import { renderWith } from "../../test/render";
import type { Edit } from "../edits/edit";
import { CorrectProvider } from "./correct-provider";
import { useCorrect, type Dialog } from "./dialogs";

const hierarchy = makeHierarchy([
  ["root", null, 0],
  ["a", "root", 3],
  ["b", "root", 4],
]);
const nothing = { n_papers_moved: 0, n_papers_carried: 0, topics_touched: [], topics_created: [] };
const effect = { ...nothing, n_papers_carried: 3, topics_carried: [], locked_carried: [] };

function answer(preview: object, status = 200) {
  const json = JSON.stringify(preview);
  vi.stubGlobal(
    "fetch",
    vi.fn(async () => new Response(json, { status, headers: { "Content-Type": "application/json" } })),
  );
}

function setUp(dialog: Dialog) {
  function Ask() {
    const { ask } = useCorrect();
    return <button onClick={() => ask(dialog)}>ask</button>;
  }
  const send = vi.fn((_: Edit) => new Promise<never>(() => undefined));
  const shown = renderWith(
    <CorrectProvider hierarchy={hierarchy}>
      <Ask />
    </CorrectProvider>,
    send,
  );
  fireEvent.click(screen.getByText("ask"));
  return { ...shown, send };
}

const sent = (send: ReturnType<typeof setUp>["send"]) => {
  const step = send.mock.calls[0]?.[0].step;
  return step?.kind === "correct" ? step.operations : undefined;
};

describe("CorrectProvider", () => {
  beforeEach(() => answer({ version: 1, effect, conflicts: [] }));

  it("shows the effect before anything is done", async () => {
    const { send } = setUp({
      kind: "confirm",
      title: "Move?",
      verb: "Move",
      operations: [{ op: "move_topic", topic: "a", parent: "b" }],
    });
    await screen.findByText("3 papers go along with their topics.");
    expect(send).not.toHaveBeenCalled();
    fireEvent.click(screen.getByRole("button", { name: "Move" }));
    await waitFor(() => expect(sent(send)).toEqual([{ op: "move_topic", topic: "a", parent: "b" }]));
  });

  it("says what stands against it, and does not let it be done", async () => {
    answer({
      version: 1,
      effect,
      conflicts: [{ operation: 0, reason: "locked", detail: "“a” is locked.", topics: [], papers: [] }],
    });
    setUp({ kind: "delete", topic: "a" });
    await screen.findByText("“a” is locked.");
    expect(screen.getByRole("button", { name: "Delete" })).toBeDisabled();
  });

  it("lets a person go on when the server is away: the edit is kept", async () => {
    answer({ title: "Busy", status: 503 }, 503);
    setUp({ kind: "delete", topic: "a" });
    await screen.findByText("What this would do is not known now");
    expect(screen.getByRole("button", { name: "Delete" })).toBeEnabled();
  });

  it("merges into the largest unless told otherwise, and takes another name", async () => {
    const { send } = setUp({ kind: "merge", topics: ["a", "b"] });
    expect(screen.getByRole("radio", { name: /^b/ })).toBeChecked();
    fireEvent.change(screen.getByRole("textbox", { name: "Name" }), { target: { value: "Both" } });
    await screen.findByText(/go along/);
    fireEvent.click(screen.getByRole("button", { name: "Merge" }));
    await waitFor(() =>
      expect(sent(send)).toEqual([
        { op: "merge_topics", topics: ["a"], into: "b" },
        { op: "rename_topic", topic: "b", label: "Both" },
      ]),
    );
  });

  it("finds a topic by typing, and offers none that cannot take it", async () => {
    const { send } = setUp({ kind: "move-papers", papers: { p: "a" }, how: "assign_paper" });
    const field = screen.getByRole("combobox", { name: "Which topic?" });
    fireEvent.change(field, { target: { value: "b" } });
    fireEvent.keyDown(field, { key: "Enter" });
    expect(screen.getByRole("option", { selected: true })).toHaveTextContent("b");
    await screen.findByText(/go along/);
    fireEvent.keyDown(field, { key: "Enter" });
    await waitFor(() => expect(sent(send)).toEqual([{ op: "assign_paper", paper: "p", topic: "b" }]));
  });

  it("undoes by Ctrl+Z, but not while a person types", async () => {
    const { send } = setUp({ kind: "create", parent: "a", papers: {} });
    fireEvent.keyDown(screen.getByRole("textbox", { name: "Name" }), { key: "z", ctrlKey: true });
    expect(send).not.toHaveBeenCalled();
    fireEvent.keyDown(document.body, { key: "z", ctrlKey: true });
    await waitFor(() => expect(send.mock.calls[0]?.[0].step.kind).toBe("undo"));
  });
});
