"""Finds the parts of a topic from the vectors of its papers, and names them by keyphrases.

It needs libraries that the web server does not load before somebody asks for parts.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

import numpy as np
from sqlalchemy.orm import Session

from app.corrections.state import State
from app.db.bulk import driver_connection
from app.db.tables import BuildRow
from app.hierarchy.parts import divide_papers, join_children
from app.index.embedder import Vectors
from app.index.neighbours import find_neighbours
from app.labelling.label import TopicLabel
from app.services.part_labels import Divided, label_parts, name_after
from app.services.parts import Part, SplitNeedsGroups

MOST_PAPERS = 2_000
"""Papers right in a topic up to which parts are found: it takes a second, in which others wait."""

MOST_BELOW = 3_000
"""Papers that are looked at of a topic with children: the surest of each topic below it, as many of each."""

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
    labels = label_parts(session, state, topic, Divided(ids, vectors, parts))
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
    seen = {filed[paper][0] for paper in ids}
    known = [child for child in children if child in seen]
    if len(known) <= k:
        raise SplitNeedsGroups(
            f"{len(known)} topics right below it can be told apart by their papers: ask for fewer parts than "
            "that, or name the groups."
        )
    number = {child: place for place, child in enumerate(known)}
    child_of = np.array([number[filed[paper][0]] for paper in ids], dtype=np.int64)
    weights = np.maximum([filed[paper][1] / n_each for paper in ids], 1.0)
    groups = join_children(vectors, weights, child_of, k)
    sizes = np.bincount(child_of, weights=weights)
    members = [np.flatnonzero(groups == group) for group in range(k)]
    largest = [own[np.argsort(-sizes[own], kind="stable")] for own in members]
    names = [name_after(session, build, state, [known[row] for row in own[:2]]) for own in largest]
    labels = label_parts(session, state, topic, Divided(ids, vectors, groups[child_of], child_of, names))
    return [
        _part(label, ids, children=tuple(known[row] for row in own))
        for label, own in zip(labels, members, strict=True)
        if len(own) > 1
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
    vectors = np.stack([vector.to_numpy() for _, vector in rows]).astype(np.float32)
    return [paper for paper, _ in rows], vectors
