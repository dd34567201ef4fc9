import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { Downloads } from "./downloads";
import { PAPER_FORMATS, papersPath } from "./formats";

it("each format is a plain link that a browser saves, named for who hears it", () => {
  render(
    <MantineProvider>
      <QueryClientProvider client={new QueryClient()}>
        <Downloads
          label="Papers as files"
          formats={PAPER_FORMATS}
          makePath={(format) => papersPath("c", format)}
          stem="papers"
        />
      </QueryClientProvider>
    </MantineProvider>,
  );
  const link = screen.getByRole("link", { name: "Download papers as BibTeX" });
  expect(link).toHaveAttribute("href", "/api/v1/corpora/c/export?format=bibtex");
  expect(link).toHaveAttribute("download");
  expect(screen.getAllByRole("button", { name: /^Show as API call/ })).toHaveLength(PAPER_FORMATS.length);
});
