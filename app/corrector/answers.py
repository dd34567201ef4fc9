"""What people said about papers and topics, as arrays."""

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.hierarchy.tree import NO_TOPIC, Indices


@dataclass(frozen=True, slots=True)
class Answers:
    """Statements of people: this paper belongs in this topic, or does not; row by row.

    A paper that somebody moved has two rows, a wrong one for the topic it left and a right one. Keeping a
    paper where it is, or locking it there, is one right row; a negative is one wrong row.

    Attributes
    ----------
    papers, topics : ndarray of shape (n_answers,), int64
        Topics are numbered as in `Hierarchy`; where two rows contradict each other the later one holds.
    right : ndarray of shape (n_answers,), bool
        Whether the paper belongs there.
    """

    papers: Indices
    topics: Indices
    right: NDArray[np.bool_]

    def fingerprint(self) -> str:
        """Give the SHA-256 of the rows, whatever their order: it says what a scorer was taught."""
        rows = np.stack([self.papers, self.topics, self.right.astype(np.int64)], axis=1)
        return hashlib.sha256(np.unique(rows, axis=0).astype("<i8").tobytes()).hexdigest()


@dataclass(frozen=True, slots=True)
class Lessons:
    """Answers put together paper by paper.

    Attributes
    ----------
    papers : ndarray of shape (n_answered,), int64
        Ascending, each once.
    right, left : ndarray of shape (n_answered,), int64
        A place it belongs in, the last one said; and the last place said to be wrong. ``NO_TOPIC`` for none.
    right_rows, right_places : ndarray of shape (n_right,), int64
        All that is right, second homes too: row of ``papers``, and place.
    wrong_rows, wrong_places : ndarray of shape (n_wrong,), int64
        All that is wrong.
    """

    papers: Indices
    right: Indices
    left: Indices
    right_rows: Indices
    right_places: Indices
    wrong_rows: Indices
    wrong_places: Indices


def gather_lessons(answers: Answers, place_of: Indices) -> Lessons:
    """Put answers together paper by paper.

    Parameters
    ----------
    answers : Answers
        In the order they were given.
    place_of : ndarray of shape (n_topics,), int64
        Number of each topic among the places that papers can have; ``NO_TOPIC`` for the others, of which
        what is said is left out.

    Returns
    -------
    Lessons
        Over places.
    """
    places = place_of[answers.topics]
    known = np.flatnonzero(places != NO_TOPIC)
    said: dict[tuple[int, int], bool] = {}
    for answer in known:
        pair = int(answers.papers[answer]), int(places[answer])
        said.pop(pair, None)  # So that what was said last also stands last.
        said[pair] = bool(answers.right[answer])
    papers = np.unique(answers.papers[known])
    row_of = {paper: row for row, paper in enumerate(papers.tolist())}
    right, left = (np.full(len(papers), NO_TOPIC, dtype=np.int64) for _ in range(2))
    pairs: dict[bool, list[tuple[int, int]]] = {True: [], False: []}
    for (paper, place), is_right in said.items():
        row = row_of[paper]
        (right if is_right else left)[row] = place
        pairs[is_right].append((row, place))
    rights, wrongs = (np.array(pairs[kind], dtype=np.int64).reshape(-1, 2) for kind in (True, False))
    return Lessons(papers, right, left, rights[:, 0], rights[:, 1], wrongs[:, 0], wrongs[:, 1])
