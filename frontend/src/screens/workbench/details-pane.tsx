import { Text } from "@mantine/core";

import type { Hierarchy } from "../../parts/edits/edit";
import { UNASSIGNED, type TreeIndex } from "../../parts/tree/tree-index";
import { PaperDetails } from "./paper-details";
import type { Pane } from "./panes";
import classes from "./panes.module.css";
import { SeveralTopics } from "./several-topics";
import { TopicDetails } from "./topic-details";
import { useView } from "./use-view";

interface Props {
  hierarchy: Hierarchy;
  index: TreeIndex;
  topics: readonly string[];
  show: (pane: Pane) => void;
}

export function DetailsPane({ hierarchy, index, topics, show }: Props) {
  const [view] = useView();
  const topic = topics.at(-1) as string;
  return (
    <section className={classes.pane} aria-label="Details">
      <div className={classes.body}>
        {view.paper ? (
          <PaperDetails
            key={view.paper}
            paperId={view.paper}
            hierarchy={hierarchy}
            index={index}
            words={view.find}
            show={show}
          />
        ) : topics.length > 1 ? (
          <SeveralTopics topics={topics} index={index} />
        ) : topic === UNASSIGNED ? (
          <Text>
            These papers fit no topic well. Look at one: its best guess is offered there. Or drag papers onto
            a topic, or choose some and make a new topic of them.
          </Text>
        ) : (
          <TopicDetails key={topic} topicId={topic} index={index} />
        )}
      </div>
    </section>
  );
}
