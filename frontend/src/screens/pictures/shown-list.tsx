/** The same as the picture in words, for those who do not see it and those who want the numbers. */
import { Table } from "@mantine/core";
import { useState } from "react";

import { formatCount } from "../../parts/numbers";
import type { Branch } from "./branch";
import type { Scale } from "./colours";
import classes from "./pictures.module.css";

interface Props {
  branch: Branch;
  scale: Scale;
  choose: (topicId: string) => void;
}

export function ShownList({ branch, scale, choose }: Props) {
  const [opened, setOpened] = useState(false);
  return (
    <details className={classes.list} onToggle={(event) => setOpened(event.currentTarget.open)}>
      <summary>As a table</summary>
      {opened && (
        <Table stickyHeader={false} verticalSpacing={2}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Topic</Table.Th>
              <Table.Th>Level</Table.Th>
              <Table.Th>Papers</Table.Th>
              <Table.Th>What the colour says</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            <Rows branch={branch} level={0} scale={scale} choose={choose} />
          </Table.Tbody>
        </Table>
      )}
    </details>
  );
}

function Rows({ branch, level, scale, choose }: Props & { level: number }) {
  const { topic, children, isOpenable } = branch;
  return (
    <>
      <Table.Tr>
        <Table.Th scope="row" style={{ paddingInlineStart: `${level + 0.5}rem` }} fw={400} dir="auto">
          {isOpenable && level > 0 ? (
            <button type="button" className={classes.look} onClick={() => choose(topic.id)}>
              {topic.label}
            </button>
          ) : (
            topic.label
          )}
        </Table.Th>
        <Table.Td>{topic.depth}</Table.Td>
        <Table.Td>{formatCount(topic.n_papers)}</Table.Td>
        <Table.Td>{scale.tell(topic) || formatCount(topic.n_papers)}</Table.Td>
      </Table.Tr>
      {children.map((child) => (
        <Rows key={child.topic.id} branch={child} level={level + 1} scale={scale} choose={choose} />
      ))}
    </>
  );
}
