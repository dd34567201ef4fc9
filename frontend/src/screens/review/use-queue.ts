/** The order in which doubtful papers are shown, and the way back to those that were answered. */
import { useCallback, useMemo, useState } from "react";

import type { Operation } from "../../parts/edits/edit";
import { useWaitingEdits } from "../../parts/edits/use-edits";
import type { Doubtful } from "./choices";

export interface Queue {
  current: Doubtful | undefined;
  /** How many are still to be looked at. */
  nLeft: number;
  /** The papers answered since the screen was opened, the newest last. */
  answered: readonly string[];
  /** Take note of operations that were made: what they are about is answered. */
  note: (operations: readonly Operation[]) => void;
  /** Look at the next one; this one comes again at the end. */
  putOff: () => void;
  /** Show the last answered paper again; its answer is undone elsewhere. */
  goBack: () => void;
}

/**
 * Keep the paper that is looked at while the queue is ordered anew. A paper is out of the queue while its answer
 * waits, and until the queue was read after that; from then on the server says what is open.
 */
export function useQueue(items: readonly Doubtful[], isReading: boolean): Queue {
  const waiting = useWaitingPapers();
  const [made, setMade] = useState<readonly string[]>([]);
  const [settling, setSettling] = useState<readonly string[]>([]);
  const [putOffs, setPutOffs] = useState<readonly string[]>([]);
  const [held, setHeld] = useState<string>();
  const [wanted, setWanted] = useState<string>();
  if (!isReading && settling.some((paper) => !waiting.has(paper))) {
    setSettling(settling.filter((paper) => waiting.has(paper)));
  }
  const open = items.filter(
    ({ paper }) => !waiting.has(paper.id) && !(isReading && settling.includes(paper.id)),
  );
  const order = [
    ...open.filter(({ paper }) => !putOffs.includes(paper.id)),
    ...putOffs.flatMap((id) => open.filter(({ paper }) => paper.id === id)),
  ];
  const find = (id: string | undefined) => order.find(({ paper }) => paper.id === id);
  const current = find(wanted) ?? find(held) ?? order[0];
  if (current && current.paper.id !== held) {
    setHeld(current.paper.id);
  }
  const note = useCallback((operations: readonly Operation[]) => {
    const papers = operations.flatMap((one) => ("paper" in one && one.paper ? [one.paper] : []));
    setMade((old) => [...old.filter((id) => !papers.includes(id)), ...papers]);
    setSettling((old) => [...old, ...papers]);
    setWanted(undefined);
  }, []);
  // One that is open again was undone, or its answer was refused.
  const answered = made.filter((id) => !find(id));
  return {
    current,
    nLeft: order.length,
    answered,
    note,
    putOff: () => {
      const id = current?.paper.id as string;
      setPutOffs([...putOffs.filter((one) => one !== id), id]);
      setWanted(undefined);
      setHeld(undefined);
    },
    goBack: () => {
      const last = answered.at(-1);
      setMade(made.filter((id) => id !== last));
      setSettling(settling.filter((id) => id !== last));
      setWanted(last);
    },
  };
}

function useWaitingPapers(): ReadonlySet<string> {
  const waiting = useWaitingEdits();
  return useMemo(() => {
    const operations = waiting.flatMap((edit) => (edit.step.kind === "correct" ? edit.step.operations : []));
    return new Set(operations.flatMap((one) => ("paper" in one && one.paper ? [one.paper] : [])));
  }, [waiting]);
}
