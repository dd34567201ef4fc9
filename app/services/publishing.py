"""Builds, kept while they are made and then put before readers, whole."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import numpy as np
from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session, undefer

from app.corrections.obey import Obeyed
from app.db.bulk import copy_rows
from app.db.tables import BuildRow, CorpusRow, HierarchyRow, TopicRow
from app.hierarchy.members import topic_members
from app.hierarchy.tree import NO_TOPIC, Hierarchy, Indices, SecondHomes, topic_depths
from app.labelling.label import TopicLabel
from app.services.correction_log import MACHINE, Actor
from app.services.correction_states import keep_output
from app.services.inheriting import inherit
from app.services.jobs import Claim
from app.services.kept_trees import pack_neighbours, pack_tree, unpack_tree
from app.services.obeying import GoingLive, go_live, obey_corrections

_WHERE = (("build_id", "uuid"), ("workspace_id", "uuid"), ("paper_id", "uuid"), ("position", "int8"))


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
    neighbours: Indices | None = None,
) -> None:
    """Keep the arrays of a build, so that a crash in a later stage need not grow the tree again.

    The neighbours it was grown over are kept for learning from its corrections.
    """
    hierarchy = ensure_hierarchy(
        session, workspace_id=claim.workspace_id, corpus_id=claim.corpus_id, facet=facet
    )
    values = {
        "hierarchy_id": hierarchy.id,
        "corpus_version": corpus_version,
        "model": model,
        "parameters": dict(parameters),
        "tree": pack_tree(tree),
        "neighbours": None if neighbours is None else pack_neighbours(neighbours),
    }
    statement = upsert(BuildRow).values(workspace_id=claim.workspace_id, job_id=claim.job_id, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["job_id"], set_=values))


def ids_of_topics(session: Session, job_id: UUID, tree: Hierarchy, paper_ids: Sequence[UUID]) -> list[UUID]:
    """Give the ids that the topics of a build will have when it is published."""
    build = session.scalars(select(BuildRow).where(BuildRow.job_id == job_id)).one()
    hierarchy = session.get_one(HierarchyRow, build.hierarchy_id)
    return inherit(session, hierarchy, build, tree, paper_ids).ids


def publish(
    session: Session,
    claim: Claim,
    paper_ids: Sequence[UUID],
    labels: Sequence[TopicLabel],
) -> dict[str, object]:
    """Store a build with the corrections of its hierarchy and make it the one readers see, at once.

    People may go on correcting it until everything is stored; they wait while what they did since is obeyed.

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
        What the job tells of it: ``hierarchy_id``, ``version``, ``n_topics``, ``n_papers``,
        ``n_unassigned``, ``n_papers_since``: how many papers came while it was built, and ``corrections``:
        how many are obeyed, and how many could not be.
    """
    query = select(BuildRow).options(undefer(BuildRow.tree)).where(BuildRow.job_id == claim.job_id)
    build = session.scalars(query).one()
    hierarchy, tree = session.get_one(HierarchyRow, build.hierarchy_id), unpack_tree(build.tree)
    inherited = inherit(session, hierarchy, build, tree, paper_ids)
    labels = inherited.rename(labels)
    session.execute(insert(TopicRow), _topic_rows(build, tree, inherited.ids, paper_ids, labels))
    _copy_assignments(session, build, tree, inherited.ids, paper_ids)
    _copy_second_homes(session, build, tree.second_homes, inherited.ids, paper_ids)
    n_papers = session.scalars(select(CorpusRow.n_papers).where(CorpusRow.id == claim.corpus_id)).one()
    keep_output(session, build.id)
    found = _obey_and_lock(session, hierarchy, build)
    go_live(session, hierarchy, build, found, GoingLive(Actor(None, MACHINE), hierarchy.version))
    return {
        "hierarchy_id": str(hierarchy.id),
        "version": hierarchy.version,
        "n_topics": len(inherited.ids),
        "n_papers": len(paper_ids),
        "n_unassigned": int((tree.assignments == NO_TOPIC).sum()),
        "n_papers_since": n_papers - len(paper_ids),
        "corrections": {"obeyed": found.n_obeyed, "orphaned": len(found.orphans)},
    }


def _obey_and_lock(session: Session, hierarchy: HierarchyRow, build: BuildRow) -> Obeyed:
    """Bring a build up to the corrections there are, and let nobody make more until the transaction ends."""
    while True:
        version = hierarchy.version
        found = obey_corrections(session, hierarchy, build)
        session.refresh(hierarchy, with_for_update=True)
        if hierarchy.version == version:
            return found
        # Somebody was faster. The row is locked from now on, so the second time is the last.


def _topic_rows(
    build: BuildRow,
    tree: Hierarchy,
    topic_ids: Sequence[UUID],
    paper_ids: Sequence[UUID],
    labels: Sequence[TopicLabel],
) -> list[dict[str, object]]:
    direct = np.bincount(tree.assignments[tree.assignments != NO_TOPIC], minlength=len(topic_ids)).tolist()
    below = list(direct)
    parents, depths = tree.parents.tolist(), topic_depths(tree.parents).tolist()
    for topic in range(len(topic_ids) - 1, 0, -1):
        below[parents[topic]] += below[topic]
    either = topic_members(tree, homes=True).sum(axis=1)
    second = (either - topic_members(tree).sum(axis=1)).tolist()
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
            "named_by": labels[topic].named_by,
            "llm_call_id": labels[topic].call_id,
            "n_second_papers": second[topic],
            "rank": topic,
        }
        for topic, topic_id in enumerate(topic_ids)
    ]


def _copy_assignments(
    session: Session, build: BuildRow, tree: Hierarchy, topic_ids: Sequence[UUID], paper_ids: Sequence[UUID]
) -> None:
    named: list[UUID | None] = [*topic_ids, None]  # NO_TOPIC is -1, and so the last.
    arrays = (tree.assignments, tree.best_guesses, tree.runners_up, tree.confidences)
    rows = zip(paper_ids, *(array.tolist() for array in arrays), strict=True)
    columns = (*_WHERE, ("topic_id", "uuid"), ("best_guess_id", "uuid"), ("runner_up_id", "uuid"))
    copy_rows(
        session,
        "assignment",
        (*columns, ("confidence", "float8")),
        (
            (build.id, build.workspace_id, paper_id, row, named[topic], named[guess], named[next_one], sure)
            for row, (paper_id, topic, guess, next_one, sure) in enumerate(rows)
        ),
    )


def _copy_second_homes(
    session: Session,
    build: BuildRow,
    homes: SecondHomes,
    topic_ids: Sequence[UUID],
    paper_ids: Sequence[UUID],
) -> None:
    rows = zip(homes.papers.tolist(), homes.topics.tolist(), homes.confidences.tolist(), strict=True)
    copy_rows(
        session,
        "second_home",
        (*_WHERE, ("topic_id", "uuid"), ("confidence", "float8")),
        (
            (build.id, build.workspace_id, paper_ids[row], row, topic_ids[topic], sure)
            for row, topic, sure in rows
        ),
    )
