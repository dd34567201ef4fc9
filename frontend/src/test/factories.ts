/** Things of the API as tests want them. */
import type { Schemas } from "../api/client";
import type { Hierarchy, Topic } from "../parts/edits/edit";

/** A hierarchy of topics given as [id, parent, papers right in it]; ids serve as labels. */
export function makeHierarchy(rows: [string, string | null, number][]): Hierarchy {
  const topics = rows.map(([id, parent_id, direct]) => makeTopic({ id, parent_id, n_papers_direct: direct }));
  const byId = new Map(topics.map((topic) => [topic.id, topic]));
  for (const topic of topics) {
    let above = topic.parent_id ? byId.get(topic.parent_id) : undefined;
    topic.depth = above ? above.depth + 1 : 0;
    topic.n_papers += topic.n_papers_direct;
    for (; above; above = above.parent_id ? byId.get(above.parent_id) : undefined) {
      above.n_papers += topic.n_papers_direct;
    }
  }
  return {
    id: "h",
    corpus_id: "c",
    facet: "topic",
    version: 1,
    n_papers: topics[0]?.n_papers ?? 0,
    n_unassigned: 2,
    n_papers_since: 0,
    topics,
  };
}

export function makeTopic(changes: Partial<Topic>): Topic {
  return {
    id: "t",
    parent_id: null,
    label: changes.id ?? "t",
    named_by: "keyphrases",
    keyphrases: [],
    depth: 0,
    n_papers: 0,
    n_papers_direct: 0,
    n_second_papers: 0,
    n_doubtful: 0,
    locked: false,
    edited: false,
    ...changes,
  };
}

export function makePaper(changes: Partial<Schemas["PaperBrief"]>): Schemas["PaperBrief"] {
  return { id: "p", source_id: "s", title: "A title", year: 2020, venue: "A venue", ...changes };
}

export function makeCorpus(changes: Partial<Schemas["CorpusOut"]> = {}): Schemas["CorpusOut"] {
  return {
    id: "c",
    name: "Lakes",
    notice: null,
    n_papers: 12,
    version: 1,
    created_at: "2026-01-01T00:00:00Z",
    hierarchies: [],
    ...changes,
  };
}

export function makeJob(changes: Partial<Schemas["JobOut"]> = {}): Schemas["JobOut"] {
  return {
    id: "j",
    kind: "build_hierarchy",
    corpus_id: "c",
    state: "running",
    stage: "embed",
    done: 40,
    total: 100,
    seconds_left: 12,
    attempts: 1,
    cancel_requested: false,
    problem: null,
    result: null,
    created_at: "2026-01-01T00:00:00Z",
    started_at: null,
    finished_at: null,
    ...changes,
  };
}
