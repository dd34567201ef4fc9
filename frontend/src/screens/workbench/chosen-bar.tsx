/** What can be done with the chosen papers. */
import { Button, Text } from "@mantine/core";

import { useCorrect } from "../../parts/correct/dialogs";
import { placePapers } from "../../parts/correct/operations";
import type { FormerHomes } from "../../parts/edits/edit";
import { Icon } from "../../parts/icons";
import { countOf } from "../../parts/numbers";
import { UNASSIGNED, type TreeIndex } from "../../parts/tree/tree-index";
import classes from "./panes.module.css";

interface Props {
  count: number;
  isAll: boolean;
  /** How many the list holds. */
  total: number;
  chooseAll: () => void;
  clear: () => void;
  readChosen: () => Promise<FormerHomes>;
  /** Whose papers they are. */
  topic: string;
  index: TreeIndex;
}

export function ChosenBar(props: Props) {
  const { count, isAll, total, chooseAll, clear, readChosen, topic, index } = props;
  const { ask } = useCorrect();
  const label = index.rows.get(topic)?.label ?? "";
  const parent = topic === UNASSIGNED ? [...index.rows.values()].find((row) => row.topic)?.id : topic;
  const move = async (how: "assign_paper" | "add_home") =>
    ask({ kind: "move-papers", papers: await readChosen(), how });
  const make = async () => ask({ kind: "create", parent: parent as string, papers: await readChosen() });
  const reject = async () => {
    const papers = await readChosen();
    ask({
      kind: "confirm",
      title: `Mark ${countOf(Object.keys(papers).length, "paper")} as wrong in “${label}”?`,
      verb: "Mark as wrong",
      operations: placePapers(papers, topic, "reject_assignment"),
    });
  };
  return (
    <div className={classes.chosen} role="group" aria-label="Chosen papers">
      <Text size="sm" fw={600} mr="auto">
        {countOf(count, "paper")} chosen
      </Text>
      {!isAll && count < total && (
        <Button size="compact-xs" variant="subtle" c="inherit" onClick={chooseAll}>
          Choose all {total.toLocaleString("en")}
        </Button>
      )}
      <Button
        size="compact-xs"
        leftSection={<Icon name="move" size={13} />}
        onClick={() => void move("assign_paper")}
      >
        Move to…
      </Button>
      <Button size="compact-xs" variant="default" onClick={() => void move("add_home")}>
        Second home…
      </Button>
      <Button size="compact-xs" variant="default" onClick={() => void make()}>
        New topic…
      </Button>
      {topic !== UNASSIGNED && index.rows.get(topic)?.topic?.parent_id && (
        <Button size="compact-xs" variant="default" onClick={() => void reject()}>
          Wrong here…
        </Button>
      )}
      <Button size="compact-xs" variant="subtle" c="inherit" onClick={clear}>
        Clear
      </Button>
    </div>
  );
}
