"""Finds the parts of a topic from the vectors of its papers, and names them by keyphrases.

It needs libraries that the web server does not load before somebody asks for parts.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.corrections.state import State
from app.db.bulk import driver_connection
from app.db.tables import BuildRow, PaperRow
from app.hierarchy.parts import divide_papers, join_children
from app.hierarchy.tree import NO_TOPIC, Hierarchy, Indices
from app.index.embedder import Vectors
from app.index.neighbours import find_neighbours
from app.labelling.grounds import same_words
from app.labelling.keyphrases import label_topics
from app.labelling.label import TopicLabel
from app.services.parts import Part, SplitNeedsGroups

MOST_PAPERS = 2_000
"""Papers right in a topic up to which parts are found: it takes a second, in which others wait."""

MOST_BELOW = 3_000
"""Papers that are looked at of a topic with children: the surest of each topic below it, as many of each."""

MOST_READ = 600
"""Papers that are read for the labels of all parts."""

_SEED = 0

_VECTORS = """SELECT paper.id, embedding.vector FROM paper JOIN embedding
        ON embedding.workspace_id = paper.workspace_id AND embedding.model = %s
        AND embedding.text_hash = paper.text_hash
    WHERE paper.id = ANY(%s::uuid[]) ORDER BY paper.id"""
_SUREST = """SELECT paper_id, topic_id, n_papers FROM (
        SELECT paper_id, topic_id, count(*) OVER (PARTITION BY topic_id) AS n_papers,
            row_number() OVER (PARTITION BY topic_id ORDER BY confidence DESC, paper_id) AS place
        FROM assignment WHERE build_id = %s AND topic_id = ANY(%s::uuid[])) AS filed
    WHERE place <= %s ORDER BY paper_id"""


def find_parts(session: Session, build: BuildRow, state: State, topic: UUID, k: int) -> list[Part]:
    """Find parts of a topic: by its children if it has any, else by its papers.

    Children that are alike are put together into a part; one that is like no other is no part, but stays
    where it is. Locked papers and children stay as well, as do papers right in a topic with children, and
    papers that have no vector.

    Raises
    ------
    SplitNeedsGroups
        If there are too many papers for it, or too few that differ.
    """
    children = [child for child in state.children_of(topic) if not state.topics[child].locked]
    if state.children.get(topic):
        return _by_children(session, build, state, topic, children, k)
    return _by_papers(session, build, state, topic, k)


def _by_papers(session: Session, build: BuildRow, state: State, topic: UUID, k: int) -> list[Part]:
    papers = [paper for paper in state.residents.get(topic, ()) if not state.papers[paper].locked]
    if len(papers) > MOST_PAPERS:
        raise SplitNeedsGroups(
            f"It holds {len(papers):,} papers, and parts are found among at most {MOST_PAPERS:,}: build the "
            "hierarchy again, or name the groups.",
        )
    ids, vectors = _load_vectors(session, build, papers)
    parts = np.zeros(0, dtype=np.int64)
    if len(ids) >= k:
        near = find_neighbours(vectors, max(8, round(14 * (len(ids) / 800) ** 0.5)), seed=_SEED)
        parts = divide_papers(vectors, near, k)
    if len(np.unique(parts)) < k:
        raise SplitNeedsGroups("Too few of its papers differ for so many parts: name the groups.")
    labels = _label(session, state, topic, ids, vectors, parts)
    return [
        _part(label, ids, papers=tuple(ids[row] for row in np.flatnonzero(parts == number)))
        for number, label in enumerate(labels)
    ]


def _by_children(
    session: Session, build: BuildRow, state: State, topic: UUID, children: Sequence[UUID], k: int
) -> list[Part]:
    child_at = {below: child for child in children for below in state.below(child)}
    n_each = max(2, MOST_BELOW // max(1, len(child_at)))
    with driver_connection(session).cursor() as cursor:
        surest = cursor.execute(_SUREST, (build.id, list(child_at), n_each)).fetchall()
    filed = {paper: (child_at[home], n_papers) for paper, home, n_papers in surest}
    ids, vectors = _load_vectors(session, build, filed)
    known = [child for child in children if any(filed[paper][0] == child for paper in ids)]
    if len(known) <= k:
        raise SplitNeedsGroups(
            f"{len(known)} topics right below it can be told apart by their papers: ask for fewer parts than "
            "that, or name the groups."
        )
    child_of = np.array([known.index(filed[paper][0]) for paper in ids], dtype=np.int64)
    weights = np.array([filed[paper][1] / n_each for paper in ids])
    groups = join_children(vectors, np.maximum(weights, 1.0), child_of, k)
    labels = _label(session, state, topic, ids, vectors, groups[child_of])
    members = [tuple(known[row] for row in np.flatnonzero(groups == number)) for number in range(k)]
    return [
        _part(label, ids, children=own) for label, own in zip(labels, members, strict=True) if len(own) > 1
    ]


def _part(
    label: TopicLabel, ids: Sequence[UUID], *, papers: tuple[UUID, ...] = (), children: tuple[UUID, ...] = ()
) -> Part:
    exemplars = tuple(ids[row] for row in label.exemplars)
    return Part(label.label, label.description, papers, children, label.keyphrases, exemplars)


def _load_vectors(session: Session, build: BuildRow, papers: Iterable[UUID]) -> tuple[list[UUID], Vectors]:
    with driver_connection(session).cursor(binary=True) as cursor:
        rows = cursor.execute(_VECTORS, (build.model, list(papers))).fetchall()
    if not rows:
        return [], np.zeros((0, 1), np.float32)
    return [paper for paper, _ in rows], np.stack([vector.to_numpy() for _, vector in rows]).astype(
        np.float32
    )


def _label(
    session: Session, state: State, topic: UUID, ids: Sequence[UUID], vectors: Vectors, parts: Indices
) -> list[TopicLabel]:
    """Name parts by what sets them apart from each other; exemplars are rows of ``ids``."""
    n_parts = int(parts.max()) + 1
    members = [np.flatnonzero(parts == number) for number in range(n_parts)]
    read = np.sort(np.concatenate([_some(own, MOST_READ // n_parts) for own in members]))
    chosen = [ids[row] for row in read]
    rows = session.execute(
        select(PaperRow.id, PaperRow.title, PaperRow.abstract).where(PaperRow.id.in_(chosen))
    )
    texts = {paper: (title, abstract) for paper, title, abstract in rows}
    labels = label_topics([texts[paper] for paper in chosen], _flat_tree(parts[read], n_parts), vectors[read])
    taken = {same_words(state.topics[one].label) for one in (*state.up_from(topic), *state.below(topic))}
    found = []
    for number, label in enumerate(labels[1:], start=1):
        offers = (label.label, *label.keyphrases, f"{state.topics[topic].label} ({number})")
        name = next((one for one in offers if same_words(one) not in taken), offers[-1])
        taken.add(same_words(name))
        exemplars = tuple(read[list(label.exemplars)].tolist())
        found.append(TopicLabel(name, label.keyphrases, label.description, exemplars))
    return found


def _some(rows: Indices, most: int) -> Indices:
    """Take evenly of many."""
    if len(rows) <= most:
        return rows
    return rows[np.linspace(0, len(rows) - 1, most).astype(np.int64)]


def _flat_tree(parts: Indices, n_parts: int) -> Hierarchy:
    return Hierarchy(
        parents=np.array([NO_TOPIC, *[0] * n_parts], dtype=np.int64),
        assignments=parts + 1,
        confidences=np.ones(len(parts), dtype=np.float32),
        best_guesses=parts + 1,
        runners_up=np.full(len(parts), NO_TOPIC, dtype=np.int64),
    )
