import { render, screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import { makeHierarchy } from "../../test/factories";
import { focusOn, type Focus } from "./branch";
import { layOut } from "./cells";
import { makeScale } from "./colours";
import { Picture } from "./picture";

const HIERARCHY = makeHierarchy([
  ["root", null, 0],
  ["a", "root", 10],
  ["b", "root", 30],
  ["c", "b", 20],
]);

it("is walked by arrows, looked into by Enter, and left by Escape", async () => {
  const { branch } = focusOn(HIERARCHY, undefined) as Focus;
  const cells = layOut(branch, "icicle", 400, 300, makeScale("size", HIERARCHY.topics, undefined));
  const choose = vi.fn();
  const leave = vi.fn();
  render(
    <Picture
      title="Topics"
      width={400}
      height={300}
      cells={cells}
      chosen="root"
      choose={choose}
      leave={leave}
    />,
  );
  const user = userEvent.setup();
  await user.tab();
  expect(document.activeElement).toHaveAccessibleName("root, 60 papers");
  await user.keyboard("{ArrowRight}{ArrowDown}");
  expect(document.activeElement).toBe(screen.getByRole("treeitem", { name: "b, 50 papers" }));
  await user.keyboard("{Enter}");
  expect(choose).toHaveBeenCalledWith("b");
  await user.keyboard("{Escape}");
  expect(leave).toHaveBeenCalledOnce();
  await user.click(screen.getByRole("treeitem", { name: "a, 10 papers" }));
  expect(choose).toHaveBeenLastCalledWith("a");
});
