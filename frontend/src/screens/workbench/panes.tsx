/** The three panes; on a narrow screen one at a time. */
import { SegmentedControl } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useMemo, useState } from "react";

import type { Hierarchy } from "../../parts/edits/edit";
import { indexTree } from "../../parts/tree/tree-index";
import { Unseen } from "../../parts/unseen";
import { DetailsPane } from "./details-pane";
import { ListPane } from "./list-pane";
import classes from "./panes.module.css";
import { TreePane } from "./tree-pane";
import { useView } from "./use-view";

export type Pane = "topics" | "papers" | "details";

export function Panes({ hierarchy }: { hierarchy: Hierarchy }) {
  const [view] = useView();
  const index = useMemo(() => indexTree(hierarchy), [hierarchy]);
  const isNarrow = useMediaQuery("(max-width: 62em)") ?? false;
  const [pane, setPane] = useState<Pane>(view.paper ? "details" : view.topic ? "papers" : "topics");
  const known = (view.topic ?? []).filter((id) => index.rows.has(id));
  const topics = known.length > 0 ? known : [hierarchy.topics[0]?.id ?? ""];
  const show = (wanted: Pane) => isNarrow && setPane(wanted);
  const shared = { hierarchy, index, topics, show };
  return (
    <div className={classes.bench} data-narrow={isNarrow || undefined}>
      <Unseen>
        <h1>Topics and papers</h1>
      </Unseen>
      {isNarrow && (
        <SegmentedControl
          fullWidth
          aria-label="What to show"
          value={pane}
          onChange={(value) => setPane(value as Pane)}
          data={[
            { value: "topics", label: "Topics" },
            { value: "papers", label: "Papers" },
            { value: "details", label: "Details" },
          ]}
        />
      )}
      {(!isNarrow || pane === "topics") && <TreePane {...shared} />}
      {(!isNarrow || pane === "papers") && <ListPane {...shared} />}
      {(!isNarrow || pane === "details") && <DetailsPane {...shared} />}
    </div>
  );
}
