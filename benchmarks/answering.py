"""Lets a made-up person answer, and the corrector learn from it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from app.corrector.afresh import file_by_chance, queue_afresh, score_afresh
from app.corrector.answers import Answers
from app.corrector.chances import Chances, propose_moves, score_corpus
from app.corrector.ground import Ground, lay_ground
from app.corrector.review import queue_review
from app.corrector.scorer import fit_scorer
from app.hierarchy.smooth import Points
from app.hierarchy.tree import NO_TOPIC, Indices, Similarities
from benchmarks.person import Person

BATCH = 50
"""Answers between two lessons."""


@dataclass(frozen=True)
class World:
    """A corpus and a tree over it, as it was before the first answer."""

    vectors: Points
    neighbours: Indices
    parents: Indices
    homes: Indices
    confidences: Similarities
    labels: Points | None = None

    def ground(self, assignments: Indices) -> Ground:
        """Lay the ground with papers filed like this."""
        return lay_ground(
            self.vectors, self.neighbours, self.parents, assignments, self.confidences, self.labels
        )


@dataclass(frozen=True)
class Session:
    """Whom a person was asked about so far, and what follows from it."""

    asked: Indices
    assignments: Indices
    answers: Answers


def answer_random(world: World, person: Person, n_answers: int, *, seed: int) -> Session:
    """Ask about random papers."""
    order = np.random.default_rng(seed).permutation(len(world.vectors))
    return ask(world, person, order[:n_answers])


def answer_queue(world: World, person: Person, n_answers: int) -> Iterator[Session]:
    """Ask about the first papers of the queue, which is made anew after each `BATCH`."""
    session = ask(world, person, np.empty(0, dtype=np.int64))
    while len(session.asked) < n_answers:
        ground = world.ground(session.assignments)
        chances = score_corpus(fit_scorer(ground, session.answers), ground, session.answers)
        queue = queue_review(ground, chances, session.asked, world.homes[session.asked])
        session = ask(world, person, np.concatenate([session.asked, queue.papers[:BATCH]]))
        yield session


def ask(world: World, person: Person, asked: Indices) -> Session:
    """Let the person answer about some papers; nothing else moves."""
    assignments = world.homes.copy()
    assignments[asked] = person.belongs[asked]
    return Session(asked, assignments, person.answer(asked, world.homes))


def apply_proposals(world: World, session: Session) -> Indices:
    """Move what the corrector would move."""
    ground = world.ground(session.assignments)
    chances = score_corpus(fit_scorer(ground, session.answers), ground, session.answers)
    moves = propose_moves(chances, session.asked)
    assignments = session.assignments.copy()
    assignments[moves.papers] = moves.topics
    return assignments


def answer_queue_afresh(world: World, person: Person, n_answers: int) -> Session:
    """Ask about a tree that papers were filed in by its labels alone; what to ask, after each `BATCH`."""
    session = ask(world, person, np.empty(0, dtype=np.int64))
    while len(session.asked) < n_answers:
        ground, chances = _score_afresh(world, session)
        queue = queue_afresh(ground, chances, session.asked)
        next_ones = queue.papers[: min(BATCH, n_answers - len(session.asked))]
        session = ask(world, person, np.concatenate([session.asked, next_ones]))
    return session


def file_afresh(world: World, session: Session) -> Indices:
    """File all papers by the labels and by what was answered."""
    assignments = file_by_chance(world.parents, _score_afresh(world, session)[1])
    assignments[session.asked] = session.assignments[session.asked]
    return assignments


def _score_afresh(world: World, session: Session) -> tuple[Ground, Chances]:
    known = np.full(len(world.homes), NO_TOPIC, dtype=np.int64)
    known[session.asked] = session.assignments[session.asked]
    ground = world.ground(known)
    return ground, score_afresh(ground, session.answers)
