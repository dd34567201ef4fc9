import { fireEvent, screen } from "@testing-library/react";
import { useState } from "react";
import { describe, expect, it, vi } from "vitest";

import { makeHierarchy } from "../../test/factories";
import { renderWith } from "../../test/render";
import { TopicTree } from "./topic-tree";
import { indexTree } from "./tree-index";

const hierarchy = makeHierarchy([
  ["root", null, 0],
  ["optics", "root", 3],
  ["lasers", "optics", 2],
  ["lenses", "optics", 1],
  ["biology", "root", 4],
]);
hierarchy.topics[4] = { ...hierarchy.topics[4]!, locked: true, edited: true, n_doubtful: 3 };

function setUp(filter = "") {
  const actions = {
    select: vi.fn(),
    rename: vi.fn(),
    move: vi.fn(),
    takePapers: vi.fn(),
    command: vi.fn(),
  };
  const index = indexTree(hierarchy, filter);
  function Tree() {
    const [selected, setSelected] = useState(["optics"]);
    const [expanded, setExpanded] = useState(["root", "optics"]);
    actions.select.mockImplementation(setSelected);
    const shared = { index, selected, expanded, setExpanded, actions };
    return <TopicTree {...shared} unsaved={new Set(["lasers"])} />;
  }
  renderWith(<Tree />);
  return actions;
}

const row = (label: string) => screen.getByRole("treeitem", { name: new RegExp(`^${label}`) });
const press = (code: string, key = code, modifiers = {}) =>
  fireEvent.keyDown(document.activeElement ?? document.body, { code, key, ...modifiers });
const lift = (code: string, key = code) =>
  fireEvent.keyUp(document.activeElement ?? document.body, { code, key });

describe("TopicTree", () => {
  it("says how many papers, and what is marked", () => {
    setUp();
    expect(row("biology")).toHaveTextContent(
      /4 papers, edited by a person, locked, 75 % of its papers are in doubt/,
    );
    expect(row("lasers")).toHaveTextContent(/2 papers, not saved yet/);
    expect(row("Unassigned")).toHaveTextContent(/2 papers, papers that fit no topic well/);
  });

  it("tells a screen reader where a row is", () => {
    setUp();
    expect(row("lenses")).toHaveAttribute("aria-level", "3");
    expect(row("lenses")).toHaveAttribute("aria-posinset", "2");
    expect(row("lenses")).toHaveAttribute("aria-setsize", "2");
    expect(row("optics")).toHaveAttribute("aria-selected", "true");
  });

  it("chooses by click, more by Ctrl and Shift, and hides nothing by it", () => {
    const actions = setUp();
    fireEvent.click(row("lasers"));
    expect(actions.select).toHaveBeenLastCalledWith(["lasers"]);
    fireEvent.click(row("biology"), { ctrlKey: true });
    expect(actions.select).toHaveBeenLastCalledWith(["lasers", "biology"]);
    fireEvent.click(row("optics"));
    fireEvent.click(row("lenses"), { shiftKey: true });
    expect(actions.select).toHaveBeenLastCalledWith(["optics", "lasers", "lenses"]);
    expect(row("lasers")).toBeVisible();
  });

  it("renames by F2, and not to the same name or to none", () => {
    const actions = setUp();
    row("lasers").focus();
    press("F2");
    lift("F2");
    const field = screen.getByRole("textbox", { name: "New name of lasers" });
    fireEvent.change(field, { target: { value: "  Masers " } });
    fireEvent.keyDown(field, { code: "Enter", key: "Enter" });
    expect(actions.rename).toHaveBeenCalledExactlyOnceWith("lasers", "Masers");
  });

  it("asks for what one key stands for, of what is in focus", () => {
    const actions = setUp();
    row("biology").focus();
    press("KeyM", "m");
    expect(actions.command).toHaveBeenLastCalledWith("move", ["biology"]);
    lift("KeyM", "m");
    row("optics").focus();
    press("KeyG", "g");
    expect(actions.command).toHaveBeenLastCalledWith("merge", ["optics"]);
  });

  it("moves by Ctrl+Shift+D and arrows, never into itself", () => {
    const actions = setUp();
    row("optics").focus();
    press("ControlLeft", "Control");
    press("ShiftLeft", "Shift");
    press("KeyD", "D");
    lift("KeyD", "D");
    lift("ShiftLeft", "Shift");
    lift("ControlLeft", "Control");
    press("Enter", "Enter");
    expect(actions.move).toHaveBeenCalledExactlyOnceWith(["optics"], "biology");
  });

  it("keeps the way down to what a filter finds", () => {
    setUp("LÁS");
    expect(row("lasers")).toBeVisible();
    expect(row("optics")).toBeVisible();
    expect(screen.queryByRole("treeitem", { name: /^biology/ })).toBeNull();
  });
});
