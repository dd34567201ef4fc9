"""Why a paper is in a topic, or might be: told from what is stored, for one paper at a time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.corrections.state import PERSON
from app.db.tables import AssignmentRow, BuildRow, PaperRow, TopicRow
from app.errors import NotFoundError
from app.index.embedder import Vectors
from app.labelling.plain_text import normal_form, plain_text, tokens
from app.services.hierarchies import get_hierarchy
from app.services.homes import Home, TopicPath, homes_of
from app.services.papers import get_paper
from app.services.review import chances_of
from app.services.topics import TopicNotFound
from app.services.why_evidence import PutBy, exemplars_of, put_by, vectors_of

MOST_EXEMPLARS = 3
MOST_RUNNERS_UP = 3


class PaperNotInHierarchy(NotFoundError):
    """The paper came to the corpus after the build, or belongs to another corpus."""

    slug = "paper-not-in-hierarchy"
    title = "The hierarchy does not know the paper"


class NowhereToExplain(NotFoundError):
    """The paper stands in no topic, and there is none that it nearly stands in."""

    slug = "no-topic-to-explain"
    title = "The paper stands in no topic: name one"


@dataclass(frozen=True, slots=True)
class Level:
    """A topic of the path, or one beside it, and what speaks for the paper's being in it.

    ``similarity`` is the cosine to the middle of the topic's exemplars; None where it has no others than the
    paper itself. ``chance`` is what was learnt from answers, None before that: of a broader topic the sum
    over the likely ones below it, so that it never rises on the way down.
    """

    topic: TopicPath
    similarity: float | None
    chance: float | None


@dataclass(frozen=True, slots=True)
class Exemplar:
    """A representative paper of the topic, and the cosine similarity to it."""

    paper: PaperRow
    similarity: float


@dataclass(frozen=True, slots=True)
class Why:
    """What speaks for a paper's being in a topic.

    ``home`` is how it stands there or below; None where it does not. ``put_by`` is the step by which a person
    put it there; None where that was the machine. ``path`` leads down from below the root to the topic;
    ``runners_up`` are the likeliest of its siblings and of what else was thought of, and the nearest where
    nothing was learnt yet.
    """

    paper: PaperRow
    topic: TopicPath
    home: Home | None
    put_by: PutBy | None
    exemplars: tuple[Exemplar, ...]
    shared_terms: tuple[str, ...]
    path: tuple[Level, ...]
    runners_up: tuple[Level, ...]


def explain(
    session: Session, hierarchy_id: UUID, paper_id: UUID, *, topic_id: UUID | None, workspace_id: UUID
) -> Why:
    """Explain why a paper is in a topic, or would be; in its first home if none is named.

    Of an unassigned paper its best guess is explained.

    Raises
    ------
    HierarchyNotFound, PaperNotFound, TopicNotFound
        If there is none of this id; a topic of another hierarchy is none.
    PaperNotInHierarchy
        If the build does not know the paper.
    NowhereToExplain
        If no topic is named, and the paper is near none.
    """
    hierarchy, build = get_hierarchy(session, hierarchy_id, workspace_id=workspace_id)
    paper = get_paper(session, paper_id, workspace_id=workspace_id)
    own = select(AssignmentRow).where(AssignmentRow.build_id == build.id)
    assignment = session.scalar(own.where(AssignmentRow.paper_id == paper.id))
    if assignment is None:
        raise PaperNotInHierarchy("It came after the build, or is in another corpus: build again.")
    topics = _topics_of(session, build)
    guess = assignment.best_guess_id if assignment.best_guess_id in topics else None
    wanted = topic_id or assignment.topic_id or guess
    if wanted is None:
        raise NowhereToExplain("The paper is unassigned, and no topic is near it: name the topic you mean.")
    if wanted not in topics or topics[wanted].parent_id is None:
        raise TopicNotFound("No topic of this id is below the root of the hierarchy.")
    chances = chances_of(session, build, paper.id)
    path, beside = _up_from(topics, wanted), _beside(topics, wanted, assignment, chances or {})
    exemplars = exemplars_of(session, build, topics, (*path, *beside))
    quoted = {paper.id, *(one for some in exemplars.values() for one in some)}
    vectors = vectors_of(session, build, quoted)
    levels = [
        Level(
            topic=_path_to(topics, one),
            similarity=_similarity(exemplars[one], paper.id, vectors),
            chance=None if chances is None else _chance(topics, one, chances),
        )
        for one in (*path, *beside)
    ]
    homes = [home for home in homes_of(session, [paper.id])[paper.id] if home.hierarchy_id == hierarchy.id]
    home = next((home for home in homes if wanted in _up_from(topics, home.topic.topic_id)), None)
    is_persons = home is not None and home.placed_by == PERSON
    about = topics[wanted]
    return Why(
        paper=paper,
        topic=levels[len(path) - 1].topic,
        home=home,
        put_by=put_by(session, hierarchy.id, paper.id) if is_persons else None,
        exemplars=_nearest(session, exemplars[wanted], paper.id, vectors),
        shared_terms=tuple(shared_terms(paper, about.keyphrases or [about.label])),
        path=tuple(levels[: len(path)]),
        runners_up=tuple(sorted(levels[len(path) :], key=_by_merit)[:MOST_RUNNERS_UP]),
    )


def shared_terms(paper: PaperRow, terms: Sequence[str]) -> Iterator[str]:
    """Give those terms that a paper's title or abstract uses, in whichever form of the words."""
    text = _in_one_form(f"{paper.title}\n{paper.abstract}")
    return (term for term in terms if _in_one_form(term) in text)


def _in_one_form(text: str) -> str:
    return f" {' '.join(normal_form(token) for token in tokens(plain_text(text)))} "


def _topics_of(session: Session, build: BuildRow) -> dict[UUID, TopicRow]:
    rows = session.scalars(select(TopicRow).where(TopicRow.build_id == build.id))
    return {row.id: row for row in rows}


def _up_from(topics: dict[UUID, TopicRow], topic_id: UUID) -> list[UUID]:
    """List the topics from below the root down to one."""
    path: list[UUID] = []
    here: UUID | None = topic_id
    while here is not None and topics[here].parent_id is not None:
        path.append(here)
        here = topics[here].parent_id
    return path[::-1]


def _path_to(topics: dict[UUID, TopicRow], topic_id: UUID) -> TopicPath:
    labels = tuple(topics[one].label for one in _up_from(topics, topic_id))
    return TopicPath(topic_id, topics[topic_id].label, labels)


def _beside(
    topics: dict[UUID, TopicRow], wanted: UUID, assignment: AssignmentRow, chances: Mapping[UUID, float]
) -> list[UUID]:
    """List the siblings of a topic and what else was thought of, without those above it and below it."""
    thought_of = {assignment.topic_id, assignment.best_guess_id, assignment.runner_up_id, *chances}
    parent, path = topics[wanted].parent_id, _up_from(topics, wanted)
    return [
        one.id
        for one in topics.values()
        if (one.parent_id == parent or one.id in thought_of)
        and one.parent_id is not None
        and one.id not in path
        and wanted not in _up_from(topics, one.id)
    ]


def _chance(topics: dict[UUID, TopicRow], topic_id: UUID, chances: Mapping[UUID, float]) -> float:
    """Sum the chances of the likely topics at or below one that are still there."""
    return sum(
        chance for one, chance in chances.items() if one in topics and topic_id in _up_from(topics, one)
    )


def _similarity(exemplars: Sequence[UUID], paper: UUID, vectors: dict[UUID, Vectors]) -> float | None:
    others = [vectors[one] for one in exemplars if one != paper and one in vectors]
    if paper not in vectors or not others:
        return None
    middle = np.mean(others, axis=0)
    return float(vectors[paper] @ middle / max(float(np.linalg.norm(middle)), 1e-6))


def _nearest(
    session: Session, exemplars: Sequence[UUID], paper: UUID, vectors: dict[UUID, Vectors]
) -> tuple[Exemplar, ...]:
    others = [one for one in exemplars if one != paper and one in vectors and paper in vectors]
    similarities = {one: float(vectors[paper] @ vectors[one]) for one in others}
    nearest = sorted(others, key=lambda one: (-similarities[one], one))[:MOST_EXEMPLARS]
    rows = {row.id: row for row in session.scalars(select(PaperRow).where(PaperRow.id.in_(nearest)))}
    return tuple(Exemplar(rows[one], similarities[one]) for one in nearest)


def _by_merit(level: Level) -> tuple[float, bool, float, UUID]:
    is_unknown = level.similarity is None
    return -(level.chance or 0.0), is_unknown, -(level.similarity or 0.0), level.topic.topic_id
