"""Brings the rows that readers see up to a corrected state, a few statements for any number of changes."""

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb
from sqlalchemy.orm import Session

from app.corrections.operations import Change
from app.corrections.state import State
from app.db.bulk import driver_connection
from app.services.correction_states import Loaded, Shown, load_evidence
from app.services.topic_gains import SecondHomes, changed_topics

_Cursor = psycopg.Cursor[tuple[object, ...]]

_DELETE_TOPICS = "DELETE FROM topic WHERE build_id = %s AND id = ANY(%s::uuid[])"
_WRITE_TOPICS = """INSERT INTO topic (build_id, workspace_id, keyphrases, exemplars, llm_call_id, number, id,
    parent_id, rank, label, description, named_by, locked, depth, n_papers, n_papers_direct, n_second_papers)
    SELECT %s, %s, ARRAY(SELECT jsonb_array_elements_text(evidence -> 0)),
        ARRAY(SELECT jsonb_array_elements_text(evidence -> 1)::uuid), (evidence ->> 2)::uuid,
        (evidence ->> 3)::int, id, parent_id, rank, label, description, named_by, locked, depth, n_papers,
        n_direct, n_second
    FROM unnest(%s::jsonb[], %s::uuid[], %s::uuid[], %s::int[], %s::text[], %s::text[], %s::text[],
        %s::bool[], %s::int[], %s::int[], %s::int[], %s::int[])
        AS new (evidence, id, parent_id, rank, label, description, named_by, locked, depth, n_papers,
            n_direct, n_second)
    ON CONFLICT (build_id, id) DO UPDATE SET parent_id = excluded.parent_id, rank = excluded.rank,
        label = excluded.label, description = excluded.description, named_by = excluded.named_by,
        locked = excluded.locked, depth = excluded.depth, n_papers = excluded.n_papers,
        n_papers_direct = excluded.n_papers_direct, n_second_papers = excluded.n_second_papers"""
_DELETE_PAPERS = "DELETE FROM assignment WHERE build_id = %s AND paper_id = ANY(%s::uuid[])"
# The best guess of a paper that stands somewhere is where it stands; of one taken out, what was next. A guess
# may be a topic that is gone: readers leave it out, and it is there again if the topic comes back.
_WRITE_PAPERS = """INSERT INTO assignment (build_id, workspace_id, paper_id, position, topic_id,
    best_guess_id, confidence, placed_by, locked, arrived)
    SELECT %(build)s, %(workspace)s, paper_id, %(last)s + n, topic_id, topic_id, confidence, placed_by,
        locked, true
    FROM unnest(%(papers)s::uuid[], %(topics)s::uuid[], %(sure)s::float8[], %(by)s::text[],
        %(locked)s::bool[]) WITH ORDINALITY AS new (paper_id, topic_id, confidence, placed_by, locked, n)
    ON CONFLICT (build_id, paper_id) DO UPDATE SET topic_id = excluded.topic_id,
        confidence = excluded.confidence, placed_by = excluded.placed_by, locked = excluded.locked,
        best_guess_id = CASE WHEN excluded.topic_id IS NOT NULL THEN excluded.topic_id
            WHEN assignment.topic_id = assignment.best_guess_id THEN assignment.runner_up_id
            ELSE assignment.best_guess_id END"""
_LAST_POSITION = "SELECT coalesce(max(position), -1) FROM assignment WHERE build_id = %s"
_DELETE_SECONDS = "DELETE FROM second_home WHERE build_id = %s AND paper_id = ANY(%s::uuid[])"
_WRITE_SECONDS = """INSERT INTO second_home (build_id, workspace_id, paper_id, position, topic_id, confidence,
    placed_by)
    SELECT a.build_id, a.workspace_id, a.paper_id, a.position, new.topic_id, new.confidence, new.placed_by
    FROM unnest(%s::uuid[], %s::uuid[], %s::float8[], %s::text[])
        AS new (paper_id, topic_id, confidence, placed_by)
    JOIN assignment a ON a.build_id = %s AND a.paper_id = new.paper_id"""
_DELETE_MARKS = """DELETE FROM rejected_home WHERE build_id = %s AND (paper_id, topic_id) IN
    (SELECT * FROM unnest(%s::uuid[], %s::uuid[]))"""
_WRITE_MARKS = """INSERT INTO rejected_home (build_id, workspace_id, paper_id, topic_id)
    SELECT %s, %s, paper_id, topic_id FROM unnest(%s::uuid[], %s::uuid[]) AS new (paper_id, topic_id)"""
_SECONDS_AROUND = """SELECT h.topic_id, h.paper_id, a.topic_id FROM second_home h
    JOIN assignment a ON a.build_id = h.build_id AND a.paper_id = h.paper_id
    WHERE h.build_id = %(build)s AND h.paper_id IN (
        SELECT paper_id FROM second_home WHERE build_id = %(build)s AND topic_id = ANY(%(topics)s)
        UNION SELECT paper_id FROM assignment WHERE build_id = %(build)s AND topic_id = ANY(%(topics)s))"""


def write_changes(
    session: Session,
    build_id: UUID,
    loaded: Loaded,
    changes: Sequence[Change],
    *,
    workspace_id: UUID,
    restores: bool,
) -> None:
    """Write what a state went through into the rows of its build.

    Parameters
    ----------
    session : Session
        The transaction; it holds the lock on the hierarchy's row.
    build_id, workspace_id : UUID
        The live build, whose.
    loaded : Loaded
        The state after the changes, and how topics were shown before them.
    changes : sequence of dict
        All of them, in their order.
    restores : bool
        Whether topics that come are such as were there before, with the evidence for their labels.
    """
    if not changes:
        return
    state = loaded.state
    papers = {UUID(change["paper"]) for change in changes if "paper" in change and "field" in change}
    topics = {UUID(change["topic"]) for change in changes if "topic" in change}
    gone = [topic for topic in topics if topic not in state.topics]
    with driver_connection(session).cursor() as cursor:
        _write_papers(cursor, state, papers, build_id, workspace_id)
        _write_marks(cursor, state, changes, build_id, workspace_id)
        shown = changed_topics(loaded, changes, partial(_seconds_around, cursor, build_id))
        if gone:
            cursor.execute(_DELETE_TOPICS, (build_id, gone))
        there = [topic for topic in topics if topic in state.topics]
        shown = {**{topic: loaded.shown[topic] for topic in there if topic in loaded.shown}, **shown}
        written = [topic for topic in shown if topic in topics or shown[topic] != loaded.shown.get(topic)]
        comes_back = restores and any(topic not in loaded.shown for topic in written)
        evidence = load_evidence(session, build_id) if comes_back else {}
        if written:
            columns = _topic_columns(state, written, shown, evidence)
            cursor.execute(_WRITE_TOPICS, (build_id, workspace_id, *columns))


def _seconds_around(cursor: _Cursor, build_id: UUID, topics: list[UUID]) -> SecondHomes:
    rows: Any = cursor.execute(_SECONDS_AROUND, {"build": build_id, "topics": topics})
    found: SecondHomes = rows.fetchall()
    return found


def _topic_columns(
    state: State, topics: Sequence[UUID], shown: dict[UUID, Shown], evidence: dict[str, list[object]]
) -> list[list[object]]:
    rows = []
    for one in topics:
        topic, own = state.topics[one], shown[one]
        known = Jsonb(evidence.get(str(one), [[], [], None, -1]))
        named = (topic.parent, topic.rank, topic.label, topic.description, topic.named_by, topic.locked)
        counts = (own.depth, own.n_papers, own.n_direct, own.n_second)
        rows.append((known, one, *named, *counts))
    return [list(column) for column in zip(*rows, strict=True)]


def _write_papers(
    cursor: _Cursor, state: State, papers: set[UUID], build_id: UUID, workspace_id: UUID
) -> None:
    if not papers:
        return
    cursor.execute(_DELETE_SECONDS, (build_id, list(papers)))
    gone = [paper for paper in papers if paper not in state.papers]
    if gone:
        cursor.execute(_DELETE_PAPERS, (build_id, gone))
    left = sorted(papers - set(gone))
    places = [state.papers[paper] for paper in left]
    last: object = 0
    if not state.newcomers.isdisjoint(left):
        last = (cursor.execute(_LAST_POSITION, (build_id,)).fetchone() or (0,))[0]
    columns = {
        "last": last,
        "papers": left,
        "topics": [place.topic for place in places],
        "sure": [place.confidence for place in places],
        "by": [place.placed_by for place in places],
        "locked": [place.locked for place in places],
    }
    cursor.execute(_WRITE_PAPERS, {"build": build_id, "workspace": workspace_id, **columns})
    seconds = [
        (paper, home.topic, home.confidence, home.placed_by)
        for paper, place in zip(left, places, strict=True)
        for home in place.seconds
    ]
    if seconds:
        cursor.execute(_WRITE_SECONDS, (*map(list, zip(*seconds, strict=True)), build_id))


def _write_marks(
    cursor: _Cursor, state: State, changes: Sequence[Change], build_id: UUID, workspace_id: UUID
) -> None:
    touched = {
        (UUID(change["paper"]), UUID(change["rejected"])) for change in changes if "rejected" in change
    }
    if not touched:
        return
    papers, topics = map(list, zip(*touched, strict=True))
    cursor.execute(_DELETE_MARKS, (build_id, papers, topics))
    marked = [(paper, topic) for paper, topic in touched if topic in state.rejected.get(paper, ())]
    if marked:
        cursor.execute(_WRITE_MARKS, (build_id, workspace_id, *map(list, zip(*marked, strict=True))))
