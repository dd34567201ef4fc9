/** Papers found, under the topics they stand in. */
import { Button, Group, Loader, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useId, useMemo, useState } from "react";

import { paperQuery } from "../../api/queries";
import { explain } from "../../api/problem";
import { countOf } from "../../parts/numbers";
import { Highlighted } from "../../parts/papers/highlighted";
import { readable } from "../../parts/papers/latex";
import { groupByPath, type FoundGroup, type FoundPaper } from "./found";
import classes from "./search.module.css";

interface Shared {
  corpusId: string;
  /** The id of the topic at a path, if the tree that is shown has it. */
  topicAt: (path: readonly string[]) => string | undefined;
  words: string | undefined;
  showLike: (paperId: string) => void;
}

export function Results({ found, ...shared }: Shared & { found: readonly FoundPaper[] }) {
  const groups = useMemo(() => groupByPath(found), [found]);
  return groups.map((group) => <TopicGroup key={group.path.join("\u0000")} group={group} {...shared} />);
}

function TopicGroup({ group, ...shared }: Shared & { group: FoundGroup }) {
  const id = useId();
  const topic = shared.topicAt(group.path);
  const name = group.path.length > 0 ? group.path.join(" › ") : "In no topic";
  return (
    <section aria-labelledby={id} className={classes.group}>
      <Title order={2} id={id} className={classes.path} dir="auto">
        {topic ? (
          <Link to="/corpora/$corpusId" params={{ corpusId: shared.corpusId }} search={{ topic: [topic] }}>
            {name}
          </Link>
        ) : (
          name
        )}{" "}
        <Text span size="sm" c="dimmed">
          {countOf(group.papers.length, "paper")}
        </Text>
      </Title>
      <ul className={classes.papers}>
        {group.papers.map((one) => (
          <Result key={one.paper.id} one={one} topic={topic} {...shared} />
        ))}
      </ul>
    </section>
  );
}

interface ResultProps extends Shared {
  one: FoundPaper;
  topic: string | undefined;
}

function Result({ one, topic, corpusId, words, showLike }: ResultProps) {
  const { paper, similarity } = one;
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const title = readable(paper.title);
  const line = [paper.year, paper.venue, similarity === null ? "" : `nearness ${similarity.toFixed(2)}`];
  return (
    <li className={classes.result}>
      <Link
        to="/corpora/$corpusId"
        params={{ corpusId }}
        search={{ ...(topic ? { topic: [topic] } : {}), paper: paper.id }}
        className={classes.title}
        dir="auto"
      >
        <Highlighted text={title} words={words} />
      </Link>
      <Text size="sm" c="dimmed" dir="auto">
        {line.filter(Boolean).join(" · ")}
      </Text>
      <Group gap="xs" mt={4}>
        <Button
          size="compact-xs"
          variant="default"
          aria-expanded={isOpen}
          aria-controls={isOpen ? id : undefined}
          aria-label={`Abstract of ${title}`}
          onClick={() => setOpen(!isOpen)}
        >
          Abstract
        </Button>
        <Button
          size="compact-xs"
          variant="default"
          aria-label={`More like this: ${title}`}
          onClick={() => showLike(paper.id)}
        >
          More like this
        </Button>
      </Group>
      {isOpen && (
        <div id={id}>
          <Abstract paperId={paper.id} words={words} />
        </div>
      )}
    </li>
  );
}

function Abstract({ paperId, words }: { paperId: string; words: string | undefined }) {
  const { data, error } = useQuery(paperQuery(paperId));
  if (!data) {
    return error ? (
      <Text size="sm" role="alert">
        It cannot be shown. {explain(error).advice}
      </Text>
    ) : (
      <Loader size="xs" aria-label="Reading the abstract" />
    );
  }
  return (
    <p className={classes.abstract} dir="auto">
      {data.abstract ? <Highlighted text={readable(data.abstract)} words={words} /> : "The source gave none."}
    </p>
  );
}
