/** Shows what went wrong with a sentence that says what to do; never a blank page. */
import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { useRouter } from "@tanstack/react-router";

import { explain, Problem } from "../api/problem";
import { KeyForm } from "./key-form";

interface Props {
  error: unknown;
  /** Asks again. */
  retry?: () => void;
}

export function ProblemView({ error, retry }: Props) {
  if (error instanceof Problem && error.status === 401) {
    return <KeyForm />;
  }
  const { title, advice, detail } = explain(error);
  return (
    <Alert
      role="alert"
      color={error instanceof Problem && error.isPassing ? "yellow" : "red"}
      title={<h1>{title}</h1>}
      m="md"
      maw={640}
    >
      <Stack gap="xs">
        {detail && detail !== title && <Text size="sm">{detail}</Text>}
        <Text size="sm">{advice}</Text>
        {retry && (
          <Group>
            <Button size="xs" variant="default" onClick={retry}>
              Try again
            </Button>
          </Group>
        )}
      </Stack>
    </Alert>
  );
}

/** What the router shows when a screen throws. */
export function ScreenProblem({ error, reset }: { error: unknown; reset: () => void }) {
  const router = useRouter();
  const retry = () => {
    reset();
    void router.invalidate();
  };
  return <ProblemView error={error} retry={retry} />;
}
