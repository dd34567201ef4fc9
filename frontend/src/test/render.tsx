/** Renders a component inside what the application puts around it. */
import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";

import { theme } from "../app/theme";
import type { Edit } from "../parts/edits/edit";
import type { Saved } from "../parts/edits/edit-queue";
import { Edits } from "../parts/edits/edits";
import { EditsContext } from "../parts/edits/edits-context";

/** An outbox that forgets. */
const noOutbox = { read: async () => [], put: async () => undefined, remove: async () => undefined };

export function renderWith(
  children: ReactNode,
  send: (edit: Edit) => Promise<Saved> = () => new Promise(() => undefined),
) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const edits = new Edits(client, noOutbox, send);
  const shown = render(
    <MantineProvider theme={theme} env="test">
      <QueryClientProvider client={client}>
        <EditsContext value={edits}>{children}</EditsContext>
      </QueryClientProvider>
    </MantineProvider>,
  );
  return { ...shown, edits, client };
}
