/** The one box, and how it is understood. */
import { Button, Group, NumberInput, SegmentedControl, Textarea } from "@mantine/core";
import { useState, type KeyboardEvent } from "react";

import { Icon } from "../../parts/icons";
import classes from "./search.module.css";
import { guessWay, year, type SearchView, type Way } from "./view";

interface Props {
  view: SearchView;
  change: (changes: Partial<SearchView>) => void;
}

export function SearchForm({ view, change }: Props) {
  const [typed, setTyped] = useState(view.q ?? "");
  const [seen, setSeen] = useState(view.q);
  if (view.q !== seen) {
    setSeen(view.q); // A step back in the browser.
    setTyped(view.q ?? "");
  }
  const send = () => change({ q: typed.trim() || undefined, like: undefined });
  const press = (event: KeyboardEvent) => {
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      send();
    }
  };
  return (
    <form
      role="search"
      aria-label="Papers of this corpus"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div className={classes.box}>
        <Textarea
          className={classes.grow}
          label="Search the papers"
          description="Words, a question, a DOI, or a whole abstract. Keys: / or Ctrl+K from anywhere."
          autosize
          minRows={1}
          maxRows={6}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onKeyDown={press}
          data-search-box
          autoFocus
        />
        <Button type="submit" leftSection={<Icon name="search" />}>
          Search
        </Button>
      </div>
      <Group mt="xs" gap="md" align="end">
        <SegmentedControl
          size="xs"
          aria-label="Look for"
          value={view.by ?? guessWay(typed)}
          onChange={(by) => change({ by: by as Way, ...(typed.trim() ? { q: typed.trim() } : {}) })}
          data={[
            { value: "words", label: "These words" },
            { value: "meaning", label: "The meaning" },
          ]}
        />
        <Year label="From year" value={view.from} change={(from) => change({ from })} />
        <Year label="To year" value={view.to} change={(to) => change({ to })} />
      </Group>
    </form>
  );
}

interface YearProps {
  label: string;
  value: number | undefined;
  change: (year: number | undefined) => void;
}

function Year({ label, value, change }: YearProps) {
  const take = (typed: string | number) => {
    if (typed === "" || String(typed).length === 4) {
      change(year(typed));
    }
  };
  return (
    <NumberInput
      className={classes.year}
      size="xs"
      label={label}
      value={value ?? ""}
      onChange={take}
      min={0}
      max={9999}
      allowDecimal={false}
      allowNegative={false}
      hideControls
    />
  );
}
