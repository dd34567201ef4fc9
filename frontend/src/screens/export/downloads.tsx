/** The formats of one thing: a link that downloads, what it is for, and the request behind it. */
import { Button, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";

import { sessionHeaders } from "../../app/session";
import { ProblemView } from "../../app/problem-view";
import { ApiCall } from "../../parts/api-call/api-call";
import { Icon } from "../../parts/icons";
import { saveAnswer } from "../../parts/save-file";
import classes from "./export.module.css";
import type { Format } from "./formats";

interface Props {
  label: string;
  formats: readonly Format[];
  makePath: (format: string) => string;
  /** The file's name without its end. */
  stem: string;
}

export function Downloads({ label, formats, makePath, stem }: Props) {
  const save = useMutation({
    mutationFn: ({ path, name }: { path: string; name: string }) => saveAnswer(path, name),
  });
  return (
    <>
      <ul className={classes.formats} aria-label={label}>
        {formats.map((format) => {
          const path = makePath(format.id);
          const name = `${stem}.${format.suffix}`;
          return (
            <li key={format.id} className={classes.format}>
              <div className={classes.purpose}>
                <Text fw={600}>{format.name}</Text>
                <Text size="sm" c="dimmed">
                  {format.purpose}
                </Text>
              </div>
              <ApiCall
                call={{ method: "GET", path, saveAs: name }}
                label={`Show as API call: ${stem}, ${format.name}`}
              />
              <Button
                component="a"
                href={path}
                download
                size="compact-md"
                variant="light"
                leftSection={<Icon name="download" />}
                aria-label={`Download ${stem} as ${format.name}`}
                onClick={(event) => {
                  // A link carries the cookie of the session, but not a key that is kept for this tab alone.
                  if ("Authorization" in sessionHeaders()) {
                    event.preventDefault();
                    save.mutate({ path, name });
                  }
                }}
              >
                Download
              </Button>
            </li>
          );
        })}
      </ul>
      {save.error && <ProblemView error={save.error} />}
    </>
  );
}
