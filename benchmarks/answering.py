"""Lets a made-up person answer, and the corrector learn from it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from app.corrector.answers import Answers
from app.corrector.chances import propose_moves, score_corpus
from app.corrector.ground import Ground, lay_ground
from app.corrector.review import queue_review
from app.corrector.scorer import fit_scorer
from app.hierarchy.smooth import Points
from app.hierarchy.tree import Indices, Similarities
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


def apply_proposals(world: World, session: Session, *, least: float, rounds: int) -> Indices:
    """Move what the corrector would move: once on a tree that mostly stands, oftener on a rough one."""
    assignments = session.assignments
    for number in range(rounds):
        ground = world.ground(assignments)
        if number:
            # A place that the corrector gave is not one that the machine had: it speaks for nothing.
            homes = ground.place_of[world.homes]
            ground = replace(ground, seen=replace(ground.seen, homes=homes))
        chances = score_corpus(fit_scorer(ground, session.answers), ground, session.answers)
        moves = propose_moves(replace(chances, present=assignments), session.asked, least=least)
        assignments = assignments.copy()
        assignments[moves.papers] = moves.topics
    return assignments
