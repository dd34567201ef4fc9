/**
 * What a hierarchy looks like once operations are made: shown until the server has answered, and thrown away
 * then. It need not know what the server knows: counts of papers are right, second homes are left as they are.
 */
import type { Edit, FormerHomes, Hierarchy, Operation, Topic } from "./edit";

/** Apply the edits that are not saved yet to what the server said. */
export function applyEdits(hierarchy: Hierarchy, edits: readonly Edit[]): Hierarchy {
  return edits.reduce(
    (shown, edit) =>
      edit.step.kind === "correct" && edit.state !== "stale"
        ? applyOperations(shown, edit.step.operations, edit.former)
        : shown,
    hierarchy,
  );
}

export function applyOperations(
  hierarchy: Hierarchy,
  operations: readonly Operation[],
  former: FormerHomes = {},
): Hierarchy {
  const draft = new Draft(hierarchy, former);
  for (const operation of operations) {
    draft.apply(operation);
  }
  return draft.finish();
}

/** A copy of a hierarchy that may be changed; topics are copied when they first change. */
class Draft {
  private topics: Topic[];
  private nUnassigned: number;
  private readonly homes: FormerHomes;

  constructor(
    private readonly hierarchy: Hierarchy,
    former: FormerHomes,
  ) {
    this.topics = hierarchy.topics;
    this.nUnassigned = hierarchy.n_unassigned;
    this.homes = { ...former };
  }

  finish(): Hierarchy {
    const topics = inReadingOrder(this.topics);
    return { ...this.hierarchy, topics, n_unassigned: this.nUnassigned };
  }

  apply(operation: Operation): void {
    switch (operation.op) {
      case "rename_topic":
        return this.change(operation.topic, { label: operation.label, named_by: "person", edited: true });
      case "describe_topic":
        return this.change(operation.topic, { edited: true });
      case "lock":
      case "unlock":
        return operation.topic
          ? this.change(operation.topic, { locked: operation.op === "lock" })
          : undefined;
      case "move_topic":
        return this.move(operation.topic, operation.parent);
      case "create_topic":
        this.create(operation.topic ?? temporaryId(operation.label), operation.parent, operation.label);
        return;
      case "delete_topic":
        return this.remove(operation.topic, operation.papers_to);
      case "merge_topics":
        return this.merge(operation.topics, operation.into);
      case "split_topic":
        return this.split(operation.topic, operation.groups ?? []);
      case "reorder_children":
        return this.reorder(operation.topic, operation.children);
      case "assign_paper":
        return this.assign(operation.paper, operation.topic);
      default:
        return; // Further homes and marks do not show in the tree.
    }
  }

  private find(id: string | null | undefined): Topic | undefined {
    return this.topics.find((topic) => topic.id === id);
  }

  private change(id: string, changes: Partial<Topic>): void {
    this.topics = this.topics.map((topic) => (topic.id === id ? { ...topic, ...changes } : topic));
  }

  /** Count papers in or out of a topic and all above it. */
  private count(id: string | null | undefined, change: number): void {
    let topic = this.find(id);
    if (topic) {
      this.change(topic.id, { n_papers_direct: topic.n_papers_direct + change });
    }
    while (topic && change !== 0) {
      this.change(topic.id, { n_papers: topic.n_papers + change });
      topic = this.find(topic.parent_id);
    }
  }

  private countAbove(parentId: string | null, change: number): void {
    for (let topic = this.find(parentId); topic; topic = this.find(topic.parent_id)) {
      this.change(topic.id, { n_papers: topic.n_papers + change });
    }
  }

  private move(id: string, parentId: string): void {
    const topic = this.find(id);
    if (!topic || !this.find(parentId) || this.isBelow(parentId, id)) {
      return;
    }
    this.countAbove(topic.parent_id, -topic.n_papers);
    this.countAbove(parentId, topic.n_papers);
    const moved = { ...(this.find(id) as Topic), parent_id: parentId, edited: true };
    this.topics = [...this.topics.filter((one) => one.id !== id), moved];
  }

  private isBelow(id: string, above: string): boolean {
    for (let topic = this.find(id); topic; topic = this.find(topic.parent_id)) {
      if (topic.id === above) {
        return true;
      }
    }
    return false;
  }

  private create(id: string, parentId: string, label: string): void {
    const parent = this.find(parentId);
    if (!parent || this.find(id)) {
      return;
    }
    const made: Topic = {
      id,
      parent_id: parentId,
      label,
      named_by: "person",
      depth: parent.depth + 1,
      keyphrases: [],
      n_papers: 0,
      n_papers_direct: 0,
      n_second_papers: 0,
      n_doubtful: 0,
      locked: false,
      edited: true,
    };
    this.topics = [...this.topics, made];
  }

  private remove(id: string, papersTo: "parent" | "unassigned"): void {
    const topic = this.find(id);
    if (!topic?.parent_id) {
      return;
    }
    const direct = topic.n_papers_direct;
    this.count(id, -direct);
    if (papersTo === "parent") {
      this.count(topic.parent_id, direct);
    } else {
      this.nUnassigned += direct;
    }
    this.topics = this.topics
      .filter((one) => one.id !== id)
      .map((one) => (one.parent_id === id ? { ...one, parent_id: topic.parent_id } : one));
  }

  private merge(ids: readonly string[], into: string): void {
    for (const id of ids) {
      const topic = this.find(id);
      if (!topic || id === into || !this.find(into)) {
        continue;
      }
      const direct = topic.n_papers_direct;
      this.count(id, -direct);
      this.count(into, direct);
      for (const child of this.topics.filter((one) => one.parent_id === id)) {
        this.move(child.id, into);
      }
      this.topics = this.topics.filter((one) => one.id !== id);
    }
  }

  private split(
    id: string,
    groups: readonly { label: string; papers?: string[]; children?: string[]; topic?: string | null }[],
  ): void {
    for (const group of groups) {
      const part = group.topic ?? temporaryId(group.label);
      this.create(part, id, group.label);
      const nPapers = group.papers?.length ?? 0;
      this.count(id, -nPapers);
      this.count(part, nPapers);
      for (const child of group.children ?? []) {
        this.move(child, part);
      }
    }
  }

  private reorder(id: string, children: readonly string[]): void {
    const named = children.map((child) => this.find(child)).filter((one) => one?.parent_id === id) as Topic[];
    const places = new Set(named.map((one) => one.id));
    const rest = [...named];
    this.topics = this.topics.map((one) => (places.has(one.id) ? (rest.shift() as Topic) : one));
  }

  private assign(paper: string, topicId: string): void {
    const from = this.homes[paper];
    if (from === undefined || from === topicId || !this.find(topicId)) {
      return;
    }
    if (from === null) {
      this.nUnassigned -= 1;
    }
    this.count(from, -1);
    this.count(topicId, 1);
    this.homes[paper] = topicId;
  }
}

function temporaryId(label: string): string {
  return `new:${label}`;
}

/** Parents before children, siblings in the order they stand in; depths anew. */
function inReadingOrder(topics: readonly Topic[]): Topic[] {
  const children = new Map<string | null, Topic[]>();
  for (const topic of topics) {
    const siblings = children.get(topic.parent_id);
    if (siblings) {
      siblings.push(topic);
    } else {
      children.set(topic.parent_id, [topic]);
    }
  }
  const ordered: Topic[] = [];
  const walk = (parent: string | null, depth: number) => {
    for (const topic of children.get(parent) ?? []) {
      ordered.push(topic.depth === depth ? topic : { ...topic, depth });
      walk(topic.id, depth + 1);
    }
  };
  walk(null, 0);
  return ordered;
}
