"""What speaks for and against a paper's being in a place: the columns that a scorer weighs."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from app.corrector.answers import Lessons
from app.corrector.ground import Ground, Seen, take
from app.hierarchy.smooth import Points
from app.hierarchy.tree import NO_TOPIC, Indices, Similarities

COLUMNS = (
    "similarity",  # to the centroid, which the paper takes no part in
    "margin",  # over the nearest other place, in units of the spread
    "agreement",  # share of the paper's neighbours that are there, of as many as could be
    "exemplar",  # similarity to the nearest exemplar
    "label",  # similarity to the label's vector
    "above",  # similarity to the parent's centroid
    "siblings",  # the same, less that of the best parent of any place
    "size",  # logarithm of the number of papers
    "cohesion",  # how much neighbours agree there
    "depth",
    "taught",  # share of answers about similar papers that said "here"
    "moved",  # the same, of answers about papers of the same home
    "refused",  # similar papers that were said not to belong here
    "arrivals",  # logarithm of the number of papers that people moved here
    "present",  # whether the paper is here now
    "confidence",  # how sure the machine was of that
    "kept",  # share of answers about papers here that left them here, against the usual share
    "kept_near",  # the same among all places under the parent
    "present_margin",  # margin, agreement, cohesion and size once more, where the paper is now
    "present_agreement",
    "present_cohesion",
    "present_size",
)
"""All from `present` on are 0 where the paper is not now."""

AGAIN = tuple(COLUMNS.index(name) for name in ("margin", "agreement", "cohesion", "size"))

BLOCK_ROWS = 2048
NEAREST = 10
FEWEST_NEIGHBOURS = 2
EXEMPLARS_COMPARED = 2

REACH = 0.1
"""How fast an answer's word fades with distance: its weight falls by e with each tenth of similarity."""

SILENCE = float(np.exp((0.45 - 1) / REACH))
"""Weight of nothing having been said: answers further away than this similarity hardly count."""

DOUBTED = 3.0
"""A place's own share of kept papers counts as if the usual share had been seen so many times before."""

Evidence = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Papers and places to be scored, sorted by paper: rows of a `Seen`, and places."""

    rows: Indices
    places: Indices

    def firsts(self, n_seen: int) -> Indices:
        """Give where the pairs of each paper begin, and at last their number."""
        return np.searchsorted(self.rows, np.arange(n_seen + 1)).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Taught:
    """What lessons say of places, ready to be looked up."""

    points: Points
    papers: Indices
    homes: Indices
    says: csr_array
    refuses: csr_array
    arrivals: Indices
    asked: NDArray[np.float64]
    kept: NDArray[np.float64]
    is_kept: NDArray[np.float64]
    usual: float


def digest(ground: Ground, lessons: Lessons) -> Taught:
    """Prepare lessons for being looked up: whom they are about, what they say of which place."""
    n_places, n_answered = len(ground.places), len(lessons.papers)
    has_right, moved = lessons.right != NO_TOPIC, lessons.left != NO_TOPIC
    homes = _first_homes(ground.filed, lessons)
    says = _count(lessons.right_rows, lessons.right_places, (n_answered, n_places))
    refuses = _count(lessons.wrong_rows, lessons.wrong_places, (n_answered, n_places))
    is_kept = np.asarray(~moved, dtype=np.float64)
    return Taught(
        points=ground.seen.points[lessons.papers],
        papers=lessons.papers,
        homes=homes,
        says=says,
        refuses=refuses,
        arrivals=np.bincount(lessons.right[moved & has_right], minlength=n_places),
        asked=np.bincount(homes, minlength=n_places).astype(np.float64),
        kept=np.bincount(homes, is_kept, minlength=n_places).astype(np.float64),
        is_kept=is_kept,
        usual=float((is_kept.sum() + 1) / (n_answered + 2)),
    )


def as_found(seen: Seen, lessons: Lessons) -> Seen:
    """Give the papers with the homes they had before people moved them."""
    homes = seen.homes.copy()
    homes[lessons.papers] = _first_homes(homes, lessons)
    return Seen(seen.points, seen.neighbours, seen.rows, homes, seen.confidences)


def _first_homes(filed: Indices, lessons: Lessons) -> Indices:
    """Give where answered papers were before people moved them; a second home moves nothing."""
    now = filed[lessons.papers]
    return np.where(lessons.left != NO_TOPIC, lessons.left, np.where(now != NO_TOPIC, now, lessons.right))


def likely_places(ground: Ground, seen: Seen) -> Pairs:
    """Find the places worth scoring: the home, the nearest centroids, and where neighbours are."""
    found = [_likely(ground, seen, rows) for rows in _blocks(len(seen.rows))]
    return Pairs(*(np.concatenate(parts) for parts in zip(*found, strict=True)))


def gather_evidence(ground: Ground, seen: Seen, taught: Taught, pairs: Pairs) -> Evidence:
    """Gather what speaks for and against each pair.

    Parameters
    ----------
    ground : Ground
        What stands.
    seen : Seen
        The papers, with their homes as the machine gave them.
    taught : Taught
        What people said. A paper's own answers take no part in what is said of it.
    pairs : Pairs
        Sorted by paper.

    Returns
    -------
    ndarray of shape (n_pairs, n_columns), float32
        Columns as in `COLUMNS`.

    Notes
    -----
    A few products of `BLOCK_ROWS` papers with all places and all answered papers at a time.
    """
    evidence = np.zeros((len(pairs.rows), len(COLUMNS)), np.float32)
    firsts = pairs.firsts(len(seen.rows))
    for block in _blocks(len(seen.rows)):
        of_block = slice(firsts[block.start], firsts[block.stop])
        within, places = pairs.rows[of_block] - block.start, pairs.places[of_block]
        part = take(seen, block)
        columns = [
            *_of_places(ground, part, within, places),
            *_of_answers(taught, part, within, places),
            *_of_homes(ground, part, taught, within, places),
        ]
        present = part.homes[within] == places
        columns += [columns[column] * present for column in AGAIN]
        evidence[of_block] = np.stack(columns, axis=1)
    return evidence


def as_filed(ground: Ground, papers: Indices) -> dict[str, Similarities]:
    """Say how well papers fit where they are filed, whatever people said.

    Returns
    -------
    dict of str to ndarray of shape (n_papers,), float32
        ``similarity``, ``exemplar``, ``agreement`` and ``size`` as in `COLUMNS`; ``broadly`` is the share of
        the paper's neighbours that are under the same parent.
    """
    wanted = ("similarity", "exemplar", "agreement", "size")
    found = {name: np.zeros(len(papers), np.float32) for name in wanted}
    above = np.where(ground.filed == NO_TOPIC, NO_TOPIC, ground.above_of[ground.filed])
    broadly = above[ground.seen.neighbours[papers]] == above[papers][:, None]
    for block in _blocks(len(papers)):
        part = take(ground.seen, papers[block])
        within, places = np.arange(len(part.rows)), ground.filed[papers[block]]
        columns = dict(zip(COLUMNS, _of_places(ground, part, within, places), strict=False))
        for name, values in found.items():
            values[block] = columns[name]
    return {**found, "broadly": broadly.mean(axis=1).astype(np.float32)}


def _likely(ground: Ground, seen: Seen, block: slice) -> tuple[Indices, Indices]:
    part, n_places = take(seen, block), len(ground.places)
    similarities = part.points @ ground.centroids.T
    wanted = np.zeros(similarities.shape, dtype=np.bool_)
    nearest = min(NEAREST, n_places)
    top = np.argpartition(-similarities, nearest - 1, axis=1)[:, :nearest]
    np.put_along_axis(wanted, top, np.True_, axis=1)
    wanted |= _neighbours_in(ground, part) >= FEWEST_NEIGHBOURS
    filed = np.flatnonzero(part.homes != NO_TOPIC)
    wanted[filed, part.homes[filed]] = True
    rows, places = np.nonzero(wanted)
    return rows + block.start, places


def _of_places(ground: Ground, part: Seen, within: Indices, places: Indices) -> list[Similarities]:
    similarities = part.points @ ground.centroids.T
    inside = _inside(ground, part)
    own = np.flatnonzero(inside != NO_TOPIC)
    without = ground.sums[inside[own]] - part.points[own]
    lengths = np.maximum(np.linalg.norm(without, axis=1), 1e-6)
    similarities[own, inside[own]] = np.einsum("ij,ij->i", part.points[own], without) / lengths
    first, second = _two_largest(similarities)
    here = similarities[within, places]
    other = np.where(here >= first[within], second[within], first[within])
    to_above = part.points @ ground.above.T
    above = to_above[within, ground.above_of[places]]
    alike = _neighbours_in(ground, part)[within, places]
    most = np.clip(np.minimum(part.neighbours.shape[1], ground.sizes[places]), 1, None)
    return [
        here,
        np.clip((here - other) / ground.spread, -5, 5),
        np.minimum(alike / most, 1.0),
        _nearest_exemplar(ground, part, within, places),
        (part.points @ ground.labels.T)[within, places],
        above,
        above - to_above.max(axis=1)[within],
        np.log1p(ground.sizes[places]),
        ground.cohesion[places],
        ground.depths[places],
    ]


def _of_answers(taught: Taught, part: Seen, within: Indices, places: Indices) -> list[Similarities]:
    if len(taught.papers) == 0:
        return [np.zeros(len(within), np.float32)] * 4
    reach = np.exp((part.points @ taught.points.T - 1) / REACH).astype(np.float32)
    reach[part.rows[:, None] == taught.papers[None, :]] = 0
    alike = np.where(part.homes[:, None] == taught.homes[None, :], reach, 0)
    said, of_alike, refused = reach @ taught.says, alike @ taught.says, reach @ taught.refuses
    total, total_alike = reach.sum(axis=1) + SILENCE, alike.sum(axis=1) + SILENCE
    arrived = taught.arrivals[places] - _moved_itself(taught, part)[within, places]
    return [
        said[within, places] / total[within],
        of_alike[within, places] / total_alike[within],
        refused[within, places] / total[within],
        np.log1p(np.maximum(arrived, 0)),
    ]


def _of_homes(
    ground: Ground, part: Seen, taught: Taught, within: Indices, places: Indices
) -> list[Similarities]:
    present = (part.homes[within] == places).astype(np.float32)
    asked, kept = _own_answers(taught, part)
    above = ground.above_of
    asked_above, kept_above = (np.bincount(above, counts)[above] for counts in (taught.asked, taught.kept))
    return [
        present,
        present * part.confidences[within],
        present * _share(taught.kept[places] - kept[within], taught.asked[places] - asked[within], taught),
        present * _share(kept_above[places] - kept[within], asked_above[places] - asked[within], taught),
    ]


def _share(kept: NDArray[np.float64], asked: NDArray[np.float64], taught: Taught) -> NDArray[np.float64]:
    return (kept + DOUBTED * taught.usual) / (asked + DOUBTED) - taught.usual


def _own_answers(taught: Taught, part: Seen) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give, of each paper, whether it was answered, and whether it was kept: it says nothing of itself."""
    asked = np.isin(part.rows, taught.papers).astype(np.float64)
    kept, rows = np.zeros(len(asked)), np.flatnonzero(asked)
    kept[rows] = taught.is_kept[np.searchsorted(taught.papers, part.rows[rows])]
    return asked, kept


def _moved_itself(taught: Taught, part: Seen) -> NDArray[np.float32]:
    found = np.zeros((len(part.rows), taught.says.shape[1]), np.float32)
    rows = np.flatnonzero(np.isin(part.rows, taught.papers))
    answered = np.searchsorted(taught.papers, part.rows[rows])
    found[rows] = taught.says[answered].toarray() * (1 - taught.is_kept[answered])[:, None]
    return found


def _inside(ground: Ground, part: Seen) -> Indices:
    known = part.rows != NO_TOPIC
    return np.where(known, ground.filed[np.where(known, part.rows, 0)], NO_TOPIC)


def _neighbours_in(ground: Ground, part: Seen) -> NDArray[np.float32]:
    n_seen, k = part.neighbours.shape
    found = ground.filed[part.neighbours].ravel()
    rows = np.repeat(np.arange(n_seen), k)[found != NO_TOPIC]
    counts = np.zeros((n_seen, len(ground.places)), np.float32)
    np.add.at(counts, (rows, found[found != NO_TOPIC]), 1)
    return counts


def _nearest_exemplar(ground: Ground, part: Seen, within: Indices, places: Indices) -> Similarities:
    nearest = np.full(len(within), -1, np.float32)
    for rank in range(EXEMPLARS_COMPARED):
        papers = ground.exemplars[places, rank]
        similarities = np.einsum("ij,ij->i", part.points[within], ground.seen.points[papers])
        usable = (papers != NO_TOPIC) & (papers != part.rows[within])
        nearest = np.where(usable, np.maximum(nearest, similarities), nearest)
    return nearest


def _two_largest(similarities: Similarities) -> tuple[Similarities, Similarities]:
    if similarities.shape[1] < 2:
        first = similarities[:, 0]
        return first, first
    two = np.partition(similarities, -2, axis=1)[:, -2:]
    return two[:, 1], two[:, 0]


def _blocks(n_rows: int) -> Iterator[slice]:
    for start in range(0, max(1, n_rows), BLOCK_ROWS):
        yield slice(start, min(start + BLOCK_ROWS, n_rows))


def _count(rows: Indices, columns: Indices, shape: tuple[int, int]) -> csr_array:
    return csr_array((np.ones(len(rows), np.float32), (rows, columns)), shape=shape)
