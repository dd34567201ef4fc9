/** Shows the page of an address, all of it but the server. */
import "./fake-server";

import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, RouterProvider } from "@tanstack/react-router";
import { render } from "@testing-library/react";

import { makeRouter } from "../app/router";
import { Edits } from "../parts/edits/edits";
import { EditsContext } from "../parts/edits/edits-context";

export function showPage(address: string) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const router = makeRouter(createMemoryHistory({ initialEntries: [address] }));
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={client}>
        <EditsContext value={new Edits(client)}>
          <RouterProvider router={router} />
        </EditsContext>
      </QueryClientProvider>
    </MantineProvider>,
  );
  return { address: () => router.state.location.href };
}
