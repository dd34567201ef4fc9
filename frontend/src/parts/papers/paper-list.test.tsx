import { fireEvent, screen } from "@testing-library/react";
import { useState } from "react";
import { describe, expect, it, vi } from "vitest";

import { makePaper } from "../../test/factories";
import { renderWith } from "../../test/render";
import { PaperList } from "./paper-list";
import type { PaperRow } from "./rows";

const rows: PaperRow[] = ["one", "two", "three", "four"].map((id, at) => ({
  paper: makePaper({ id, title: `Title ${id} <b>$x^2$</b>` }),
  home: "t",
  confidence: at === 3 ? 0.2 : 0.9,
}));

function setUp() {
  const calls = { choose: vi.fn(), open: vi.fn(), chooseAll: vi.fn(), command: vi.fn() };
  function List() {
    const [chosen, setChosen] = useState<string[]>([]);
    const [active, setActive] = useState("one");
    calls.choose.mockImplementation(setChosen);
    calls.open.mockImplementation(setActive);
    const shown = { rows, total: 4, chosen: new Set(chosen), active, words: "title", label: "Papers" };
    return <PaperList {...shown} {...calls} more={() => undefined} />;
  }
  renderWith(<List />);
  return calls;
}

const list = () => screen.getByRole("listbox");
const option = (id: string) => screen.getByRole("option", { name: new RegExp(`Title ${id}`) });

describe("PaperList", () => {
  it("shows titles as text, with formulas that can be read and words marked", () => {
    setUp();
    expect(option("one")).toHaveTextContent("Title one <b>x²</b>");
    expect(option("one").querySelector("mark")).toHaveTextContent("Title");
    expect(option("one").querySelector("b")).toBeNull();
  });

  it("opens by click, chooses by box, and a range by Shift", () => {
    const calls = setUp();
    fireEvent.click(option("two"));
    expect(calls.open).toHaveBeenLastCalledWith("two");
    fireEvent.click(option("two").querySelector("[data-box]") as Element);
    expect(calls.choose).toHaveBeenLastCalledWith(["two"]);
    fireEvent.click(option("four"), { shiftKey: true });
    expect(calls.choose).toHaveBeenLastCalledWith(["two", "three", "four"]);
    expect(option("three")).toHaveAttribute("aria-selected", "true");
  });

  it("is worked by keyboard alone", () => {
    const calls = setUp();
    fireEvent.keyDown(list(), { key: "ArrowDown" });
    expect(calls.open).toHaveBeenLastCalledWith("two");
    fireEvent.keyDown(list(), { key: " " });
    expect(calls.choose).toHaveBeenLastCalledWith(["two"]);
    fireEvent.keyDown(list(), { key: "ArrowDown", shiftKey: true });
    expect(calls.choose).toHaveBeenLastCalledWith(["two", "three"]);
    fireEvent.keyDown(list(), { key: "a", ctrlKey: true });
    expect(calls.chooseAll).toHaveBeenCalledOnce();
    fireEvent.keyDown(list(), { key: "m" });
    expect(calls.command).toHaveBeenLastCalledWith("m");
    fireEvent.keyDown(list(), { key: "Escape" });
    expect(calls.choose).toHaveBeenLastCalledWith([]);
  });

  it("carries the chosen papers, and where they stand", () => {
    setUp();
    fireEvent.click(option("one").querySelector("[data-box]") as Element);
    fireEvent.click(option("two").querySelector("[data-box]") as Element);
    const setData = vi.fn();
    fireEvent.dragStart(option("one"), { dataTransfer: { setData } });
    expect(JSON.parse(setData.mock.calls[0]?.[1] as string)).toEqual({ papers: { one: "t", two: "t" } });
    fireEvent.dragStart(option("four"), { dataTransfer: { setData } });
    expect(JSON.parse(setData.mock.calls[1]?.[1] as string)).toEqual({ papers: { four: "t" } });
  });
});
