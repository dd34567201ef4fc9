import { ActionIcon, Menu, Text, TextInput, Tooltip } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";

import { corpusQuery } from "../../api/queries";
import { useCorrect } from "../../parts/correct/dialogs";
import { lockTopics, moveTopics, placePapers } from "../../parts/correct/operations";
import type { Hierarchy } from "../../parts/edits/edit";
import { useUnsavedTopics } from "../../parts/edits/use-edits";
import { Icon } from "../../parts/icons";
import { countOf, formatCount } from "../../parts/numbers";
import { TopicTree } from "../../parts/tree/topic-tree";
import { above, indexTree, openable, type TreeIndex, type TreeSort } from "../../parts/tree/tree-index";
import type { TopicCommand, TreeActions } from "../../parts/tree/use-topic-tree";
import type { Pane } from "./panes";
import classes from "./panes.module.css";
import { useTopicCommands } from "./use-topic-commands";
import { useView } from "./use-view";

interface Props {
  hierarchy: Hierarchy;
  index: TreeIndex;
  topics: readonly string[];
  show: (pane: Pane) => void;
}

export function TreePane({ hierarchy, index, topics, show }: Props) {
  const [view, change] = useView();
  const [sort, setSort] = useState<TreeSort>("given");
  const { expanded, setExpanded } = useExpanded(hierarchy, index, topics);
  const filter = view.tree ?? "";
  const shown = useMemo(
    () => (filter || sort !== "given" ? indexTree(hierarchy, filter, sort) : index),
    [hierarchy, index, filter, sort],
  );
  const open = useMemo(() => (filter ? openable(shown) : expanded), [filter, shown, expanded]);
  const actions = useTreeActions(index, show);
  const corpus = useQuery(corpusQuery(hierarchy.corpus_id));
  return (
    <section className={classes.pane} aria-label="Topics">
      <div className={classes.head}>
        <TextInput
          size="xs"
          placeholder="Filter topics"
          aria-label="Filter topics"
          leftSection={<Icon name="search" size={14} />}
          value={filter}
          onChange={(event) => change({ tree: event.currentTarget.value || undefined }, { replace: true })}
          rightSection={
            <TreeMenu sort={sort} setSort={setSort} unfold={(depth) => setExpanded(upTo(hierarchy, depth))} />
          }
        />
      </div>
      <TopicTree
        index={shown}
        selected={topics}
        expanded={open}
        setExpanded={filter ? ignore : setExpanded}
        unsaved={useUnsavedTopics()}
        actions={actions}
      />
      {shown.matches && (
        <Text size="sm" c="dimmed" p="xs" role="status">
          {shown.rows.size > 1 && shown.children.get("origin")?.length
            ? `${countOf(shown.matches.size, "topic")} of this name`
            : "No topic of this name. Use other words, or search the papers."}
        </Text>
      )}
      <div className={classes.foot}>
        {formatCount(hierarchy.topics.length)} topics, {countOf(hierarchy.n_papers, "paper")}
        {hierarchy.n_papers_since > 0 &&
          `; ${formatCount(hierarchy.n_papers_since)} came since and are in none`}
        {corpus.data?.notice && <div>{corpus.data.notice}</div>}
      </div>
    </section>
  );
}

/** Under a filter all that is left is unfolded. */
function ignore(): void {}

function useTreeActions(index: TreeIndex, show: (pane: Pane) => void): TreeActions {
  const [, change] = useView();
  const correct = useCorrect();
  const run = useTopicCommands(index);
  return {
    select: (ids) => {
      change({ topic: ids.length ? ids : undefined, paper: undefined, papers: undefined, find: undefined });
      if (ids.length === 1) {
        show("papers");
      }
    },
    rename: (topic, label) => correct.make([{ op: "rename_topic", topic, label }]),
    move: (ids, parent) =>
      correct.ask({
        kind: "confirm",
        title: `Move ${nameThem(ids, index)} under “${index.rows.get(parent)?.label}”?`,
        verb: "Move",
        operations: moveTopics(ids, parent),
      }),
    takePapers: ({ papers }, topic) => {
      const operations = placePapers(papers, topic, "assign_paper");
      if (operations.length > 0) {
        correct.ask({
          kind: "confirm",
          title: `Move ${countOf(operations.length, "paper")} to “${index.rows.get(topic)?.label}”?`,
          verb: "Move",
          operations,
          former: papers,
        });
      }
    },
    command: (command: TopicCommand, ids) => {
      if (command === "lock") {
        correct.make(lockTopics(ids, index.rows.get(ids[0] ?? "")?.topic?.locked ?? false));
      } else {
        run(command, ids);
      }
    },
  };
}

function nameThem(ids: readonly string[], index: TreeIndex): string {
  return ids.length === 1 ? `“${index.rows.get(ids[0] as string)?.label}”` : countOf(ids.length, "topic");
}

/** Which topics are unfolded: kept for the tab, and always enough to see what is selected. */
function useExpanded(hierarchy: Hierarchy, index: TreeIndex, topics: readonly string[]) {
  const place = `papertree-unfolded-${hierarchy.id}`;
  const [kept, setKept] = useState<string[]>(() => readKept(place) ?? upTo(hierarchy, 1));
  const [seen, setSeen] = useState("");
  const needed = topics.flatMap((id) => above(index, id));
  if (needed.join() !== seen) {
    setSeen(needed.join());
    setKept([...new Set([...kept, ...needed])]);
  }
  const setExpanded = (ids: string[]) => {
    setKept(ids);
    sessionStorage.setItem(place, JSON.stringify(ids));
  };
  return { expanded: kept, setExpanded };
}

function readKept(place: string): string[] | null {
  try {
    return JSON.parse(sessionStorage.getItem(place) ?? "null") as string[] | null;
  } catch {
    return null;
  }
}

/** The topics above a depth. */
function upTo(hierarchy: Hierarchy, depth: number): string[] {
  return hierarchy.topics.filter((topic) => topic.depth < depth).map((topic) => topic.id);
}

interface MenuProps {
  sort: TreeSort;
  setSort: (sort: TreeSort) => void;
  unfold: (depth: number) => void;
}

const SORTS: [TreeSort, string][] = [
  ["given", "As built"],
  ["size", "Largest first"],
  ["name", "By name"],
  ["doubt", "Most doubtful first"],
];

function TreeMenu({ sort, setSort, unfold }: MenuProps) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Tooltip label="Order and folding">
          <ActionIcon variant="subtle" color="gray" c="inherit" aria-label="Order and folding">
            <Icon name="menu" />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Unfold</Menu.Label>
        {[1, 2, 3].map((depth) => (
          <Menu.Item key={depth} onClick={() => unfold(depth)}>
            {depth === 1 ? "1 level" : `${depth} levels`}
          </Menu.Item>
        ))}
        <Menu.Item onClick={() => unfold(Infinity)}>Everything</Menu.Item>
        <Menu.Label>Order</Menu.Label>
        {SORTS.map(([value, label]) => (
          <Menu.Item
            key={value}
            onClick={() => setSort(value)}
            leftSection={sort === value ? <Icon name="check" /> : <span style={{ width: 16 }} />}
          >
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
