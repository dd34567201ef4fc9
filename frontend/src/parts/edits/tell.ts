/** Operations in words: for toasts, the history, and what another person did. */
import { countOf } from "../numbers";

/** An operation as the API gives it back: of `op` and members that depend on it. */
export type LooseOperation = Record<string, unknown>;
type LabelOf = (topicId: string) => string;

export function tellOperations(operations: readonly LooseOperation[], labelOf: LabelOf): string {
  const first = operations[0];
  if (!first) {
    return "Changed nothing";
  }
  const papers = new Set(operations.map((one) => one.paper));
  const isOneMove = operations.every((one) => one.op === first.op && one.topic === first.topic);
  if (operations.length > 1 && isOneMove && first.paper) {
    return tellPapers(String(first.op), papers.size, labelOf(String(first.topic)));
  }
  const more = operations.length - 1;
  return tellOperation(first, labelOf) + (more > 0 ? `, and ${countOf(more, "more change")}` : "");
}

export function tellOperation(operation: LooseOperation, labelOf: LabelOf): string {
  const of = (name: string) => quote(labelOf(String(operation[name] ?? "")));
  const text = (name: string) => quote(String(operation[name] ?? ""));
  switch (operation.op) {
    case "rename_topic":
      return `Renamed ${of("topic")} to ${text("label")}`;
    case "describe_topic":
      return `Described ${of("topic")}`;
    case "move_topic":
      return `Moved ${of("topic")} under ${of("parent")}`;
    case "merge_topics":
      return `Merged ${countOf((operation.topics as string[]).length, "topic")} into ${of("into")}`;
    case "split_topic":
      return `Split ${of("topic")} into ${countOf((operation.groups as unknown[] | null)?.length ?? Number(operation.k ?? 0), "part")}`;
    case "create_topic":
      return `Made the topic ${text("label")}`;
    case "delete_topic":
      return `Deleted ${of("topic")}`;
    case "reorder_children":
      return `Put the topics below ${of("topic")} in another order`;
    case "lock":
    case "unlock": {
      const act = operation.op === "lock" ? "Locked" : "Unlocked";
      return operation.topic ? `${act} ${of("topic")}` : `${act} a paper`;
    }
    default:
      return tellPapers(String(operation.op), 1, labelOf(String(operation.topic ?? "")));
  }
}

function tellPapers(op: string, count: number, label: string): string {
  const papers = count === 1 ? "a paper" : countOf(count, "paper");
  switch (op) {
    case "assign_paper":
      return `Moved ${papers} to ${quote(label)}`;
    case "add_home":
      return `Gave ${papers} a second home in ${quote(label)}`;
    case "remove_paper":
      return `Took ${papers} out of ${quote(label)}`;
    case "reject_assignment":
      return `Marked ${papers} as wrong in ${quote(label)}`;
    default:
      return `${op.replaceAll("_", " ")}, ${papers}`;
  }
}

function quote(label: string): string {
  return `“${label}”`;
}
