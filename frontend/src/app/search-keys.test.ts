import { describe, expect, it } from "vitest";

import { isSearchKey } from "./search-keys";

const press = (init: KeyboardEventInit, target: HTMLElement = document.body) => {
  let taken: boolean | undefined;
  const listen = (event: KeyboardEvent) => (taken = isSearchKey(event));
  document.body.append(target === document.body ? "" : target);
  target.addEventListener("keydown", listen, { once: true });
  target.dispatchEvent(new KeyboardEvent("keydown", init));
  return taken;
};

describe("isSearchKey", () => {
  it("is / and Ctrl+K", () => {
    expect(press({ key: "/" })).toBe(true);
    expect(press({ key: "k", ctrlKey: true })).toBe(true);
    expect(press({ key: "k", metaKey: true })).toBe(true);
    expect(press({ key: "k" })).toBe(false);
    expect(press({ key: "/", ctrlKey: true })).toBe(false);
  });

  it("leaves / to a field, but not Ctrl+K", () => {
    expect(press({ key: "/" }, document.createElement("input"))).toBe(false);
    expect(press({ key: "k", ctrlKey: true }, document.createElement("input"))).toBe(true);
  });
});
