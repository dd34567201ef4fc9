"""States of hierarchies to correct: read from the rows that readers see, or from what a build gave."""

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session, undefer

from app.corrections.carry_out import Needs
from app.corrections.state import Home, Placement, State, Topic
from app.db.bulk import driver_connection
from app.db.tables import BuildRow, TopicRow


@dataclass(frozen=True, slots=True)
class Shown:
    """What a topic's row holds beside the topic itself: derived from the state, for those who read it."""

    depth: int
    n_papers: int
    n_direct: int
    n_second: int


@dataclass(frozen=True, slots=True)
class Loaded:
    """A state with all topics and some papers, and how the topics are shown."""

    state: State
    shown: dict[UUID, Shown]


_TOPICS = """SELECT id, parent_id, rank, label, description, named_by, locked,
    depth, n_papers, n_papers_direct, n_second_papers FROM topic WHERE build_id = %s"""
_RESIDENTS = """SELECT paper_id FROM assignment WHERE build_id = %(build)s AND topic_id = ANY(%(topics)s)
    UNION SELECT paper_id FROM second_home WHERE build_id = %(build)s AND topic_id = ANY(%(topics)s)"""
_PLACES = """SELECT paper_id, topic_id, confidence, placed_by, locked FROM assignment
    WHERE build_id = %(build)s AND (%(papers)s::uuid[] IS NULL OR paper_id = ANY(%(papers)s::uuid[]))"""
_SECONDS = """SELECT paper_id, topic_id, confidence, placed_by FROM second_home
    WHERE build_id = %(build)s AND (%(papers)s::uuid[] IS NULL OR paper_id = ANY(%(papers)s::uuid[]))
    ORDER BY paper_id, topic_id"""
_REJECTED = """SELECT paper_id, topic_id FROM rejected_home
    WHERE build_id = %(build)s AND (%(papers)s::uuid[] IS NULL OR paper_id = ANY(%(papers)s::uuid[]))"""
_NEWCOMERS = "SELECT id FROM paper WHERE corpus_id = %s AND id = ANY(%s::uuid[])"


def load_state(session: Session, build_id: UUID, needs: Needs, *, corpus_id: UUID) -> Loaded:
    """Read as much of a build's present state as some operations need."""
    with driver_connection(session).cursor() as cursor:
        wanted = set(needs.papers)
        if needs.residents_of:
            topics = {"build": build_id, "topics": list(needs.residents_of)}
            wanted.update(row[0] for row in cursor.execute(_RESIDENTS, topics))
        if needs.moves:
            marked = cursor.execute(_REJECTED, {"build": build_id, "papers": None})
            wanted.update(row[0] for row in marked)
        loaded = _read(session, build_id, wanted)
        strangers = list(needs.papers - loaded.state.papers.keys())
        if strangers:
            found = cursor.execute(_NEWCOMERS, (corpus_id, strangers))
            loaded.state.newcomers.update(row[0] for row in found)
    return loaded


def load_whole(session: Session, build_id: UUID) -> Loaded:
    """Read all of a build's present state."""
    return _read(session, build_id, None)


def keep_output(session: Session, build_id: UUID) -> None:
    """Keep what a build is before anybody corrects it, once; the database lets nobody change it."""
    if session.scalars(select(BuildRow.output.is_not(None)).where(BuildRow.id == build_id)).one():
        return
    session.flush()
    state = load_whole(session, build_id).state
    evidence = select(
        TopicRow.id, TopicRow.keyphrases, TopicRow.exemplars, TopicRow.llm_call_id, TopicRow.number
    )
    rows = session.execute(evidence.where(TopicRow.build_id == build_id))
    document = {
        "topics": [[one, *_topic_values(topic)] for one, topic in state.topics.items()],
        "papers": [_paper_values(one, placement) for one, placement in state.papers.items()],
        "evidence": {str(one): list(others) for one, *others in rows},
    }
    packed = zlib.compress(json.dumps(document, default=str).encode(), level=1)
    session.execute(update(BuildRow).where(BuildRow.id == build_id).values(output=packed))


def load_output(session: Session, build_id: UUID, newcomers: Iterable[UUID] = ()) -> State:
    """Give the state that a build was in before it was corrected."""
    document = _read_output(session, build_id)
    if document is None:
        return load_whole(session, build_id).state
    topics = {
        UUID(one): Topic(parent and UUID(parent), *others) for one, parent, *others in document["topics"]
    }
    papers = {
        UUID(one): Placement(
            topic and UUID(topic),
            sure,
            seconds=tuple(Home(UUID(home), how_sure, "machine") for home, how_sure in seconds),
        )
        for one, topic, sure, seconds in document["papers"]
    }
    return State(topics, papers, newcomers=newcomers)


def labels_of_output(session: Session, build_id: UUID) -> list[str]:
    """List the labels that a build gave its topics, in the order of its arrays."""
    topics = load_output(session, build_id).topics.values()
    return [topic.label for topic in sorted(topics, key=lambda topic: topic.rank)]


def load_evidence(session: Session, build_id: UUID) -> dict[str, list[Any]]:
    """Give, by the id of a topic, its keyphrases, exemplars, language model's call and number in a build."""
    document = _read_output(session, build_id)
    return {} if document is None else dict(document["evidence"])


def _read_output(session: Session, build_id: UUID) -> Any:  # noqa: ANN401 - JSON.
    query = select(BuildRow).options(undefer(BuildRow.output)).where(BuildRow.id == build_id)
    output = session.scalars(query).one().output
    return None if output is None else json.loads(zlib.decompress(output))


def _read(session: Session, build_id: UUID, wanted: set[UUID] | None) -> Loaded:
    these = {"build": build_id, "papers": None if wanted is None else list(wanted)}
    topics: dict[UUID, Topic] = {}
    shown: dict[UUID, Shown] = {}
    papers: dict[UUID, Placement] = {}
    rejected: list[tuple[UUID, UUID]] = []
    with driver_connection(session).cursor() as cursor:
        for row in cursor.execute(_TOPICS, (build_id,)):
            topics[row[0]], shown[row[0]] = Topic(*row[1:7]), Shown(*row[7:])
        if wanted is None or wanted:
            seconds: dict[UUID, list[Home]] = {}
            for paper, topic, sure, by in cursor.execute(_SECONDS, these):
                seconds.setdefault(paper, []).append(Home(topic, sure, by))
            for paper, topic, sure, by, locked in cursor.execute(_PLACES, these):
                homes = tuple(seconds.get(paper, ()))
                papers[paper] = Placement(topic, sure, by, homes, locked)
            rejected += cursor.execute(_REJECTED, these).fetchall()
    return Loaded(State(topics, papers, rejected), shown)


def _topic_values(topic: Topic) -> tuple[object, ...]:
    return (topic.parent, topic.rank, topic.label, topic.description, topic.named_by)


def _paper_values(paper: UUID, placement: Placement) -> tuple[object, ...]:
    seconds = [(home.topic, home.confidence) for home in placement.seconds]
    return (paper, placement.topic, placement.confidence, seconds)
