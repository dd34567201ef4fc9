"""Hierarchies: asked for, published whole, read, exported."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

import numpy as np
from sqlalchemy import func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session, undefer

from app.db.bulk import driver_connection
from app.db.tables import AssignmentRow, BuildRow, CorpusRow, HierarchyRow, PaperRow, TopicRow
from app.errors import InvalidError, NotFoundError
from app.hierarchy.tree import NO_TOPIC, Hierarchy, SecondHomes
from app.labelling.label import TopicLabel
from app.services.jobs import Claim

BUILD_HIERARCHY = "build_hierarchy"
FACETS = ("topic",)


class HierarchyNotFound(NotFoundError):
    """No such hierarchy in this workspace, or it has not been built."""

    slug = "hierarchy-not-found"
    title = "There is no such hierarchy"


class TopicNotFound(NotFoundError):
    """No such topic in a live hierarchy of this workspace."""

    slug = "topic-not-found"
    title = "There is no such topic"


class UnknownFacet(InvalidError):
    """Nobody taught the system to divide papers this way."""

    slug = "unknown-facet"
    title = "The facet is not known"


def check_facet(facet: str) -> str:
    """Give the facet back.

    Raises
    ------
    UnknownFacet
        If it cannot be built.
    """
    if facet not in FACETS:
        raise UnknownFacet(
            f"A hierarchy can be built for the facet {' or '.join(FACETS)}.", facets=list(FACETS)
        )
    return facet


def get_hierarchy(
    session: Session, hierarchy_id: UUID, *, workspace_id: UUID
) -> tuple[HierarchyRow, BuildRow]:
    """Find a hierarchy and its live build.

    Raises
    ------
    HierarchyNotFound
        If the workspace has none of this id, or it was never finished.
    """
    query = select(HierarchyRow, BuildRow).join(BuildRow, BuildRow.id == HierarchyRow.live_build_id)
    query = query.where(HierarchyRow.workspace_id == workspace_id, HierarchyRow.id == hierarchy_id)
    row = session.execute(query).one_or_none()
    if row is None:
        raise HierarchyNotFound("No hierarchy of this id is in your workspace, or it is still being built.")
    return row.HierarchyRow, row.BuildRow


def ensure_hierarchy(session: Session, *, workspace_id: UUID, corpus_id: UUID, facet: str) -> HierarchyRow:
    """Give the hierarchy of a corpus under a facet, and lock it; it is made when there is none."""
    new = {"workspace_id": workspace_id, "corpus_id": corpus_id, "facet": facet}
    statement = (
        upsert(HierarchyRow).values(**new).on_conflict_do_nothing(index_elements=["corpus_id", "facet"])
    )
    session.execute(statement)
    query = select(HierarchyRow).where(HierarchyRow.corpus_id == corpus_id, HierarchyRow.facet == facet)
    return session.scalars(query.with_for_update().execution_options(populate_existing=True)).one()


def save_tree(
    session: Session,
    claim: Claim,
    tree: Hierarchy,
    *,
    facet: str,
    model: str,
    corpus_version: int,
    parameters: Mapping[str, object],
) -> None:
    """Keep the arrays of a build, so that a crash in a later stage need not grow the tree again."""
    hierarchy = ensure_hierarchy(
        session, workspace_id=claim.workspace_id, corpus_id=claim.corpus_id, facet=facet
    )
    values = {
        "hierarchy_id": hierarchy.id,
        "corpus_version": corpus_version,
        "model": model,
        "parameters": dict(parameters),
        "tree": _pack(tree),
    }
    statement = upsert(BuildRow).values(workspace_id=claim.workspace_id, job_id=claim.job_id, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["job_id"], set_=values))


def load_tree(session: Session, job_id: UUID) -> Hierarchy:
    """Give the arrays kept for a build."""
    return _unpack(session.scalars(select(BuildRow.tree).where(BuildRow.job_id == job_id)).one())


def publish(
    session: Session, claim: Claim, paper_ids: Sequence[UUID], labels: Sequence[TopicLabel]
) -> dict[str, object]:
    """Store the topics and assignments of a build and make it the one that readers see, at once.

    Parameters
    ----------
    session : Session
        The transaction that also finishes the job.
    claim : Claim
        The job that built it.
    paper_ids : sequence of UUID
        The papers, row by row as in the tree's arrays.
    labels : sequence of TopicLabel
        One for each topic.

    Returns
    -------
    dict
        What the job tells of it: ``hierarchy_id``, ``version``, ``n_topics``, ``n_unassigned``.
    """
    query = select(BuildRow).options(undefer(BuildRow.tree)).where(BuildRow.job_id == claim.job_id)
    build = session.scalars(query).one()
    hierarchy = session.scalars(
        select(HierarchyRow).where(HierarchyRow.id == build.hierarchy_id).with_for_update()
    ).one()
    tree = _unpack(build.tree)
    topic_ids = _topic_ids(hierarchy.id, tree, paper_ids)
    session.execute(insert(TopicRow), _topic_rows(build, tree, topic_ids, paper_ids, labels))
    _copy_assignments(session, build, tree, topic_ids, paper_ids)
    hierarchy.live_build_id = build.id
    hierarchy.version += 1
    return {
        "hierarchy_id": str(hierarchy.id),
        "version": hierarchy.version,
        "n_topics": len(topic_ids),
        "n_unassigned": int((tree.assignments == NO_TOPIC).sum()),
    }


def list_topics(session: Session, build: BuildRow) -> Sequence[TopicRow]:
    """List the topics of a build, parents before children, siblings in the order they are shown."""
    return session.scalars(
        select(TopicRow).where(TopicRow.build_id == build.id).order_by(TopicRow.number)
    ).all()


def get_topic(session: Session, topic_id: UUID, *, workspace_id: UUID) -> TopicRow:
    """Find a topic of a live hierarchy.

    Raises
    ------
    TopicNotFound
        If the workspace has none of this id.
    """
    live = select(HierarchyRow.live_build_id).where(HierarchyRow.workspace_id == workspace_id)
    row = session.scalar(select(TopicRow).where(TopicRow.id == topic_id, TopicRow.build_id.in_(live)))
    if row is None:
        raise TopicNotFound("No topic of this id is in a current hierarchy of your workspace.")
    return row


@dataclass(frozen=True, slots=True)
class Around:
    """Where a topic stands: its hierarchy, the labels from below the root to it, its children."""

    hierarchy_id: UUID
    path: tuple[str, ...]
    children: Sequence[TopicRow]


def around_topic(session: Session, topic: TopicRow) -> Around:
    """Look around a topic of a live build."""
    same = TopicRow.build_id == topic.build_id
    children = session.scalars(
        select(TopicRow).where(same, TopicRow.parent_id == topic.id).order_by(TopicRow.number)
    ).all()
    start = select(TopicRow.id, TopicRow.parent_id, TopicRow.depth, TopicRow.label)
    up = start.where(same, TopicRow.id == topic.id).cte("up", recursive=True)
    up = up.union_all(start.join(up, same & (TopicRow.id == up.c.parent_id)))
    labels = session.scalars(select(up.c.label).where(up.c.depth > 0).order_by(up.c.depth)).all()
    hierarchy_id = session.scalars(select(BuildRow.hierarchy_id).where(BuildRow.id == topic.build_id)).one()
    return Around(hierarchy_id, tuple(labels), children)


def papers_of_topic(
    session: Session, topic: TopicRow, *, after: int, limit: int, direct: bool
) -> Sequence[tuple[AssignmentRow, PaperRow]]:
    """List the papers in a topic, in corpus order; those of the topics below it too, unless ``direct``."""
    topics = select(TopicRow.id).where(TopicRow.build_id == topic.build_id, TopicRow.id == topic.id)
    if not direct:
        start = topics.cte("below", recursive=True)
        child = (TopicRow.parent_id == start.c.id) & (TopicRow.build_id == topic.build_id)
        topics = select(start.union_all(select(TopicRow.id).join(start, child)).c.id)
    query = (
        select(AssignmentRow, PaperRow)
        .join(PaperRow, PaperRow.id == AssignmentRow.paper_id)
        .where(AssignmentRow.build_id == topic.build_id, AssignmentRow.topic_id.in_(topics))
        .where(AssignmentRow.position > after)
        .order_by(AssignmentRow.position)
        .limit(limit)
    )
    return session.execute(query).all()


def count_papers(session: Session, build: BuildRow) -> tuple[int, int]:
    """Count the papers of a build, and the unassigned ones among them."""
    unassigned = func.count().filter(AssignmentRow.topic_id.is_(None))
    n_papers, n_unassigned = session.execute(
        select(func.count(), unassigned).where(AssignmentRow.build_id == build.id)
    ).one()
    return n_papers, n_unassigned


def export_document(session: Session, hierarchy: HierarchyRow, build: BuildRow) -> dict[str, Any]:
    """Give a hierarchy with its papers as one JSON document.

    Every paper's source id stands once: in its topic's ``papers`` or in ``unassigned``, where those that
    came after the build are too.
    """
    corpus = session.scalars(select(CorpusRow).where(CorpusRow.id == hierarchy.corpus_id)).one()
    papers: dict[UUID | None, list[str]] = {}
    query = (
        select(AssignmentRow.topic_id, PaperRow.source_id)
        .select_from(PaperRow)
        .outerjoin(
            AssignmentRow, (AssignmentRow.paper_id == PaperRow.id) & (AssignmentRow.build_id == build.id)
        )
        .where(PaperRow.corpus_id == corpus.id)
        .order_by(PaperRow.position)
    )
    for topic_id, source_id in session.execute(query):
        papers.setdefault(topic_id, []).append(source_id)
    topics = [
        {
            "id": str(topic.id),
            "parent_id": str(topic.parent_id) if topic.parent_id else None,
            "label": topic.label,
            "keyphrases": topic.keyphrases,
            "description": topic.description,
            "depth": topic.depth,
            "n_papers": topic.n_papers,
            "papers": papers.get(topic.id, []),
        }
        for topic in list_topics(session, build)
    ]
    return {
        "corpus": {
            "id": str(corpus.id),
            "name": corpus.name,
            "notice": corpus.notice,
            "n_papers": corpus.n_papers,
        },
        "hierarchy": {
            "id": str(hierarchy.id),
            "facet": hierarchy.facet,
            "version": hierarchy.version,
            "built_at": build.built_at.isoformat(),
            "parameters": build.parameters,
            "model": build.model,
        },
        "topics": topics,
        "unassigned": papers.get(None, []),
    }


def _topic_ids(hierarchy_id: UUID, tree: Hierarchy, paper_ids: Sequence[UUID]) -> list[UUID]:
    """Name each topic by the papers in it, so that the same topic of another build has the same id."""
    members: list[list[bytes]] = [[] for _ in tree.parents]
    for row, topic in enumerate(tree.assignments.tolist()):
        while topic != NO_TOPIC:
            members[topic].append(paper_ids[row].bytes)
            topic = int(tree.parents[topic])
    seen: dict[str, int] = {}
    ids = [uuid5(hierarchy_id, "root")]
    for papers in members[1:]:
        digest = sha256(b"".join(sorted(papers))).hexdigest()
        seen[digest] = seen.get(digest, 0) + 1
        ids.append(uuid5(hierarchy_id, f"{digest}:{seen[digest]}"))
    return ids


def _topic_rows(
    build: BuildRow,
    tree: Hierarchy,
    topic_ids: Sequence[UUID],
    paper_ids: Sequence[UUID],
    labels: Sequence[TopicLabel],
) -> list[dict[str, object]]:
    direct = np.bincount(tree.assignments[tree.assignments != NO_TOPIC], minlength=len(topic_ids)).tolist()
    below = list(direct)
    depths = [0] * len(topic_ids)
    parents = tree.parents.tolist()
    for topic in range(1, len(topic_ids)):
        depths[topic] = depths[parents[topic]] + 1
    for topic in range(len(topic_ids) - 1, 0, -1):
        below[parents[topic]] += below[topic]
    return [
        {
            "build_id": build.id,
            "id": topic_id,
            "workspace_id": build.workspace_id,
            "parent_id": topic_ids[parents[topic]] if topic else None,
            "number": topic,
            "depth": depths[topic],
            "label": labels[topic].label,
            "keyphrases": list(labels[topic].keyphrases),
            "description": labels[topic].description,
            "exemplars": [paper_ids[paper] for paper in labels[topic].exemplars],
            "n_papers": below[topic],
            "n_papers_direct": direct[topic],
        }
        for topic, topic_id in enumerate(topic_ids)
    ]


def _copy_assignments(
    session: Session, build: BuildRow, tree: Hierarchy, topic_ids: Sequence[UUID], paper_ids: Sequence[UUID]
) -> None:
    named: list[UUID | None] = [*topic_ids, None]  # NO_TOPIC is -1, and so the last.
    statement = (
        "COPY assignment (build_id, paper_id, workspace_id, position, topic_id, best_guess_id, runner_up_id,"
        " confidence) FROM STDIN (FORMAT BINARY)"
    )
    columns = (tree.assignments, tree.best_guesses, tree.runners_up, tree.confidences)
    with driver_connection(session).cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types(["uuid", "uuid", "uuid", "int8", "uuid", "uuid", "uuid", "float8"])
        rows = zip(paper_ids, *(column.tolist() for column in columns), strict=True)
        for position, (paper_id, topic, guess, runner_up, confidence) in enumerate(rows):
            where = (build.id, paper_id, build.workspace_id, position)
            copy.write_row((*where, named[topic], named[guess], named[runner_up], confidence))


_ARRAYS = ("parents", "assignments", "confidences", "best_guesses", "runners_up")
_HOMES = ("papers", "topics", "confidences")


def _pack(tree: Hierarchy) -> bytes:
    file = io.BytesIO()
    arrays = {name: getattr(tree, name) for name in _ARRAYS}
    homes = {f"second_{name}": getattr(tree.second_homes, name) for name in _HOMES}
    np.savez_compressed(file, **arrays, **homes)
    return file.getvalue()


def _unpack(data: bytes) -> Hierarchy:
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        homes = {name: arrays[f"second_{name}"] for name in _HOMES if f"second_{name}" in arrays}
        return Hierarchy(**{name: arrays[name] for name in _ARRAYS}, second_homes=SecondHomes(**homes))
