/** All that stands around the screens. */
import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";

import { Edits } from "../parts/edits/edits";
import { EditsContext } from "../parts/edits/edits-context";
import { StaleDialog } from "../parts/edits/stale-dialog";
import { nonce } from "./nonce";
import { makeQueryClient } from "./query-client";
import { makeRouter } from "./router";
import { resolveVariables, theme } from "./theme";

const queryClient = makeQueryClient();
const edits = new Edits(queryClient);
const router = makeRouter();

void edits.queue.restore();

export function App() {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={resolveVariables}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <Notifications position="bottom-center" limit={4} />
      <QueryClientProvider client={queryClient}>
        <EditsContext value={edits}>
          <RouterProvider router={router} />
          <StaleDialog />
        </EditsContext>
      </QueryClientProvider>
    </MantineProvider>
  );
}
