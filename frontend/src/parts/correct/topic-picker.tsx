/** Finds a topic by typing part of its path; arrows choose, Enter takes. */
import { Text, TextInput } from "@mantine/core";
import { useId, useMemo, useState, type KeyboardEvent } from "react";

import { Icon } from "../icons";
import { countOf } from "../numbers";
import { pathOf, UNASSIGNED, ORIGIN, type TreeIndex } from "../tree/tree-index";
import classes from "./topic-picker.module.css";

interface Props {
  index: TreeIndex;
  /** Whether a topic may be chosen. */
  mayTake: (topicId: string) => boolean;
  value: string | null;
  choose: (topicId: string) => void;
  label?: string;
}

const SHOWN = 50;

export function TopicPicker({ index, mayTake, value, choose, label = "Which topic?" }: Props) {
  const [typed, setTyped] = useState("");
  const listId = useId();
  const options = useMemo(() => {
    const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
    return [...index.rows.values()]
      .filter((row) => row.id !== ORIGIN && row.id !== UNASSIGNED)
      .map((row) => ({ row, path: pathOf(index, row.id).join(" › ") }))
      .filter(({ path }) => words.every((word) => path.toLowerCase().includes(word)));
  }, [index, typed]);
  const shown = options.filter(({ row }) => mayTake(row.id)).slice(0, SHOWN);
  const at = shown.findIndex(({ row }) => row.id === value);

  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && shown.length > 0) {
      event.preventDefault();
      const next = shown[(at + step + shown.length) % shown.length];
      choose(next?.row.id as string);
      document.getElementById(`${listId}-${next?.row.id}`)?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (at < 0 && shown[0]) {
        choose(shown[0].row.id);
      } else {
        event.currentTarget.closest("[role=dialog]")?.querySelector<HTMLElement>("[data-confirm]")?.click();
      }
    }
  };
  return (
    <div>
      <TextInput
        label={label}
        description="Type part of its name; arrows choose, Enter takes it."
        placeholder="Name of a topic"
        leftSection={<Icon name="search" />}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={press}
        role="combobox"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={at >= 0 ? `${listId}-${value}` : undefined}
        autoComplete="off"
        data-autofocus
      />
      <ul id={listId} role="listbox" aria-label={label} className={classes.list}>
        {shown.map(({ row, path }) => (
          <li
            key={row.id}
            id={`${listId}-${row.id}`}
            role="option"
            aria-selected={row.id === value}
            className={classes.option}
            onClick={() => choose(row.id)}
          >
            <span dir="auto">{path}</span>
            <Text span size="xs" c="dimmed">
              {countOf(row.nPapers, "paper")}
            </Text>
          </li>
        ))}
      </ul>
      {shown.length === 0 && (
        <Text size="sm" c="dimmed">
          No topic of this name can take it. Try other words.
        </Text>
      )}
    </div>
  );
}
