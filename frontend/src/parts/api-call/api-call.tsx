/** A button that shows what is done here as a request to the API. */
import { Button, CopyButton, Modal, Stack, Tabs, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";

import { type Call, writeCurl, writePython } from "./call";
import classes from "./api-call.module.css";

interface Props {
  call: Call;
  /** What the call does, where several are offered beside each other. */
  label?: string;
}

export function ApiCall({ call, label }: Props) {
  const [opened, { open, close }] = useDisclosure();
  return (
    <>
      <Button size="compact-sm" variant="subtle" color="gray" c="dimmed" onClick={open} aria-label={label}>
        Show as API call
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        title="The same, from a program"
        size="lg"
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <Stack gap="sm">
          <Tabs defaultValue="curl">
            <Tabs.List aria-label="Language">
              <Tabs.Tab value="curl">curl</Tabs.Tab>
              <Tabs.Tab value="python">Python</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="curl">
              <Written text={writeCurl(call, location.origin)} />
            </Tabs.Panel>
            <Tabs.Panel value="python">
              <Written text={writePython(call, location.origin)} />
            </Tabs.Panel>
          </Tabs>
          <Text size="sm">
            Put a key into the environment variable PAPERTREE_KEY first; yours is in the file local.key of the
            data directory. All requests are described under <a href="/docs">/docs</a>.
          </Text>
        </Stack>
      </Modal>
    </>
  );
}

function Written({ text }: { text: string }) {
  return (
    <div className={classes.written}>
      <pre tabIndex={0} aria-label="The request" dir="ltr">
        {text}
      </pre>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Button size="compact-sm" variant="default" onClick={copy}>
            {copied ? "Copied" : "Copy"}
          </Button>
        )}
      </CopyButton>
    </div>
  );
}
