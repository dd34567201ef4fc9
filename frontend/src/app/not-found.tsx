import { Anchor, Stack, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";

export function NotFound() {
  return (
    <Stack p="lg" gap="xs">
      <Title order={1}>There is no page at this address</Title>
      <Text>
        <Anchor component={Link} to="/" underline="always">
          Go to your corpora
        </Anchor>
      </Text>
    </Stack>
  );
}
