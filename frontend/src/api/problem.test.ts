import { describe, expect, it } from "vitest";

import { explain, Problem } from "./problem";

describe("explain", () => {
  it.each([0, 401, 403, 404, 409, 412, 422, 429, 500, 503, 507])("says what to do about %i", (status) => {
    const { title, advice } = explain(new Problem(status, {}));
    expect(title).not.toBe("");
    expect(advice).toMatch(/[.?]$/);
  });

  it("passes on what the server says", () => {
    const told = explain(
      new Problem(409, { title: "A topic is locked", detail: "Unlock “optics” first.", status: 409 }),
    );
    expect(told.title).toBe("A topic is locked");
    expect(told.detail).toBe("Unlock “optics” first.");
  });

  it("lists the mistakes in a request", () => {
    const errors = [{ detail: "Too long.", pointer: "/name", in: "body" as const }];
    expect(explain(new Problem(422, { title: "Invalid", errors })).detail).toContain("Too long.");
  });

  it("takes anything that was thrown", () => {
    expect(explain("what?").title).toBe("Something went wrong");
  });
});

describe("Problem", () => {
  it("tells what may pass by itself", () => {
    expect([0, 429, 503].every((status) => new Problem(status, {}).isPassing)).toBe(true);
    expect([400, 401, 409, 412, 422, 500].some((status) => new Problem(status, {}).isPassing)).toBe(false);
  });
});
