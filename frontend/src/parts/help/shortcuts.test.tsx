import { MantineProvider } from "@mantine/core";
import { render, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import { ShortcutList } from "./shortcut-list";
import { SHORTCUTS } from "./shortcuts";

describe("the shortcuts", () => {
  it("have one meaning each where they work", () => {
    for (const { shortcuts } of SHORTCUTS) {
      const keys = shortcuts.map((shortcut) => JSON.stringify(shortcut.keys));
      expect(new Set(keys).size).toBe(keys.length);
    }
  });

  it("are listed with what they do", () => {
    render(
      <MantineProvider>
        <ShortcutList />
      </MantineProvider>,
    );
    expect(screen.getByText("Rename")).toBeVisible();
    expect(screen.getByText("F2")).toBeVisible();
  });
});
