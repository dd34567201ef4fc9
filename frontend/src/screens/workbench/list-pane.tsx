import { Loader, NativeSelect, Text, TextInput, Title } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useMemo, useState } from "react";

import { ProblemView } from "../../app/problem-view";
import { useCorrect } from "../../parts/correct/dialogs";
import type { FormerHomes, Hierarchy } from "../../parts/edits/edit";
import { Icon } from "../../parts/icons";
import { countOf } from "../../parts/numbers";
import { PaperList } from "../../parts/papers/paper-list";
import type { PaperRow } from "../../parts/papers/rows";
import { UNASSIGNED, type TreeIndex } from "../../parts/tree/tree-index";
import { ChosenBar } from "./chosen-bar";
import type { Pane } from "./panes";
import classes from "./panes.module.css";
import { usePapers } from "./use-papers";
import { useView } from "./use-view";
import { SORTS, type Sort } from "./view";

const SORT_LABELS: Record<Sort, string> = {
  given: "Order: as imported",
  title: "Order: title",
  year: "Order: newest first",
  sure: "Order: surest first",
  unsure: "Order: most doubtful first",
};

interface Props {
  hierarchy: Hierarchy;
  index: TreeIndex;
  topics: readonly string[];
  show: (pane: Pane) => void;
}

export function ListPane({ hierarchy, index, topics, show }: Props) {
  const [view, change] = useView();
  const { ask } = useCorrect();
  const topic = topics.at(-1) as string;
  const find = view.find ?? "";
  const papers = usePapers(hierarchy, index, topic, find, view.sort ?? "given");
  const { rows, total } = papers;
  const chosen = useMemo(
    () => new Set(view.papers === "all" ? rows.map((row) => row.paper.id) : (view.papers ?? [])),
    [view.papers, rows],
  );
  const choose = (ids: string[]) => change({ papers: ids.length ? ids : undefined }, { replace: true });
  const readChosen = async (): Promise<FormerHomes> =>
    homesOf(view.papers === "all" ? await papers.readIds() : [...chosen], rows);
  const command = async (key: string) => {
    const some = chosen.size > 0 ? await readChosen() : homesOf(view.paper ? [view.paper] : [], rows);
    if (key === "m" && Object.keys(some).length > 0) {
      ask({ kind: "move-papers", papers: some, how: "assign_paper" });
    }
  };
  const count = view.papers === "all" ? total : chosen.size;
  return (
    <section className={classes.pane} aria-label="Papers">
      <div className={classes.head}>
        <Title order={2} size="h3" lineClamp={2} dir="auto">
          {index.rows.get(topic)?.label}
        </Title>
        <div style={{ display: "flex", gap: "0.5rem" }}>
          <Find
            key={topic}
            value={find}
            change={(words) => change({ find: words, papers: undefined }, { replace: true })}
          />
          <NativeSelect
            size="xs"
            aria-label="Order of the papers"
            value={view.sort ?? "given"}
            onChange={(event) => change({ sort: sortOf(event.currentTarget.value) }, { replace: true })}
            data={SORTS.map((sort) => ({ value: sort, label: SORT_LABELS[sort] }))}
          />
        </div>
        {chosen.size > 0 && (
          <ChosenBar
            count={count}
            isAll={view.papers === "all"}
            total={total}
            chooseAll={() => change({ papers: "all" }, { replace: true })}
            clear={() => choose([])}
            readChosen={readChosen}
            topic={topic}
            index={index}
          />
        )}
      </div>
      {papers.error && rows.length === 0 ? (
        <ProblemView error={papers.error} retry={papers.retry} />
      ) : papers.isPending ? (
        <Loader m="lg" size="sm" aria-label="Reading the papers" />
      ) : rows.length === 0 ? (
        <Nothing find={find} topic={topic} />
      ) : (
        <PaperList
          rows={rows}
          total={total}
          chosen={chosen}
          active={view.paper}
          words={find}
          label={`Papers of ${index.rows.get(topic)?.label ?? "the topic"}`}
          choose={choose}
          chooseAll={() => change({ papers: "all" }, { replace: true })}
          open={(paper) => {
            change({ paper }, { replace: view.paper !== undefined });
            show("details");
          }}
          more={papers.more}
          command={(key) => void command(key)}
        />
      )}
      <div className={classes.foot} role="status">
        {tellCount(total, find)}
      </div>
    </section>
  );
}

function Find({ value, change }: { value: string; change: (words: string | undefined) => void }) {
  const [typed, setTyped] = useState(value);
  const send = useDebouncedCallback((words: string) => change(words.trim() || undefined), 250);
  return (
    <TextInput
      style={{ flex: 1, minWidth: "8rem" }}
      size="xs"
      placeholder="Words in these papers"
      aria-label="Words in these papers"
      leftSection={<Icon name="search" size={14} />}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        send(event.currentTarget.value);
      }}
    />
  );
}

function Nothing({ find, topic }: { find: string; topic: string }) {
  const text = find
    ? "No paper here holds these words. Try fewer or other words, or look in a broader topic."
    : topic === UNASSIGNED
      ? "Every paper stands in a topic."
      : "No paper stands here yet. Drag papers onto the topic, or choose some and press “Move to…”.";
  return (
    <Text p="md" c="dimmed" style={{ flex: 1 }}>
      {text}
    </Text>
  );
}

/** Where papers stand, as far as the rows tell. */
function homesOf(ids: readonly string[], rows: readonly PaperRow[]): FormerHomes {
  const homes = new Map(rows.map((row) => [row.paper.id, row.home]));
  return Object.fromEntries(ids.map((id) => [id, homes.get(id)]));
}

function tellCount(total: number, find: string): string {
  return countOf(total, "paper") + (find ? " with these words" : "");
}

function sortOf(value: string): Sort | undefined {
  return value === "given" ? undefined : (value as Sort);
}
