/** The part of a hierarchy that a picture shows: a topic and what is near below it. */
import type { Hierarchy, Topic } from "../../parts/edits/edit";

/** How many levels below the topic in focus are drawn; deeper ones are too small to read. */
export const LEVELS = 3;

export interface Branch {
  topic: Topic;
  /** How many papers the area stands for beside that of `children`. */
  own: number;
  /** Those that are drawn. */
  children: Branch[];
  /** Whether there are topics below, drawn or not. */
  isOpenable: boolean;
}

export interface Focus {
  branch: Branch;
  /** From the root down to what is looked at: the way back. */
  trail: Topic[];
  /** What is looked at: the focus, or a topic without others below it, drawn within its parent. */
  chosen: Topic;
}

/** Cut out what a picture shows; null of a hierarchy without topics. A topic that is gone counts as the root. */
export function focusOn(hierarchy: Hierarchy, topicId: string | undefined, levels = LEVELS): Focus | null {
  const byId = new Map(hierarchy.topics.map((topic) => [topic.id, topic]));
  const below = new Map<string | null, Topic[]>();
  for (const topic of hierarchy.topics) {
    const siblings = below.get(topic.parent_id);
    if (siblings) {
      siblings.push(topic);
    } else {
      below.set(topic.parent_id, [topic]);
    }
  }
  const chosen = byId.get(topicId ?? "") ?? hierarchy.topics[0];
  if (!chosen) {
    return null;
  }
  const trail = [chosen];
  for (let up = chosen.parent_id; up; up = trail[0]?.parent_id ?? null) {
    const topic = byId.get(up);
    if (!topic) {
      break;
    }
    trail.unshift(topic);
  }
  const parent = byId.get(chosen.parent_id ?? "");
  const top = below.has(chosen.id) || !parent ? chosen : parent;
  return { branch: cut(top, below, levels), trail, chosen };
}

function cut(topic: Topic, below: ReadonlyMap<string | null, Topic[]>, levels: number): Branch {
  const under = below.get(topic.id) ?? [];
  const children = levels > 0 ? under.map((one) => cut(one, below, levels - 1)) : [];
  // Papers right in the topic leave a gap beside its children: their area is theirs.
  const own = children.length > 0 ? topic.n_papers_direct : topic.n_papers;
  return { topic, own, children, isOpenable: under.length > 0 };
}
