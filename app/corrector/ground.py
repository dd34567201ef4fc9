"""What stands: papers, the places they can have, and where they are filed now."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from app.hierarchy.smooth import Points, to_unit
from app.hierarchy.tree import NO_TOPIC, Indices, Similarities, topic_depths

LABEL_WEIGHT = 4.0
"""A topic's label counts as so many papers in its centroid: an empty topic still has a direction."""

MOST_NEIGHBOURS = 15
EXEMPLARS = 8


@dataclass(frozen=True, slots=True)
class Seen:
    """Papers that are looked at: of the corpus, or new.

    Attributes
    ----------
    points : ndarray of shape (n_seen, n_dimensions), float32
        Centred as the ground is, of length one.
    neighbours : ndarray of shape (n_seen, k), int64
        Nearest papers of the corpus.
    rows : ndarray of shape (n_seen,), int64
        Place in the corpus; ``NO_TOPIC`` of a new paper.
    homes : ndarray of shape (n_seen,), int64
        The place that the machine, or whoever was first, gave it; ``NO_TOPIC`` for none.
    confidences : ndarray of shape (n_seen,), float32
        How sure that place is; 0 where there is none.
    """

    points: Points
    neighbours: Indices
    rows: Indices
    homes: Indices
    confidences: Similarities


@dataclass(frozen=True, slots=True)
class Ground:
    """Papers and places, with what scoring needs of them.

    Attributes
    ----------
    seen : Seen
        All papers of the corpus, in its order.
    filed : ndarray of shape (n_papers,), int64
        Place of each paper; ``NO_TOPIC`` if unassigned.
    parents : ndarray of shape (n_topics,), int64
        As in `Hierarchy`.
    places : ndarray of shape (n_places,), int64
        Topics that papers can be filed under: leaves, and others that hold papers themselves.
    place_of : ndarray of shape (n_topics,), int64
        The inverse; ``NO_TOPIC`` for topics that are no place.
    sums, centroids : ndarray of shape (n_places, n_dimensions), float32
        Of the papers, with the label; the second of length one.
    above : ndarray of shape (n_above, n_dimensions), float32
        Centroids of the topics right above places.
    above_of : ndarray of shape (n_places,), int64
        Row of ``above`` for each place.
    labels : ndarray of shape (n_places, n_dimensions), float32
        Vectors of labels, centred; zero where there is none.
    exemplars : ndarray of shape (n_places, EXEMPLARS), int64
        The papers nearest the centroid, the nearest first; ``NO_TOPIC`` where there are fewer.
    sizes, depths : ndarray of shape (n_places,), int64
        Papers in each place, and its steps from the root.
    cohesion : ndarray of shape (n_places,), float32
        Mean share of a paper's neighbours that are in its own place.
    spread : float
        Median difference between the similarities to the nearest two places: margins count in units of it.
    middle : ndarray of shape (n_dimensions,), float32
        Mean of the vectors, which new ones are centred with.
    """

    seen: Seen
    filed: Indices
    parents: Indices
    places: Indices
    place_of: Indices
    sums: Points
    centroids: Points
    above: Points
    above_of: Indices
    labels: Points
    exemplars: Indices
    sizes: Indices
    depths: Indices
    cohesion: Similarities
    spread: float
    middle: Points


def lay_ground(
    vectors: Points,
    neighbours: Indices,
    parents: Indices,
    assignments: Indices,
    confidences: Similarities,
    label_vectors: Points | None = None,
) -> Ground:
    """Gather what scoring needs of a hierarchy as it stands.

    Parameters
    ----------
    vectors : ndarray of shape (n_papers, n_dimensions), float32
        Unit vectors as the encoder gave them.
    neighbours : ndarray of shape (n_papers, k), int64
        Nearest neighbours of each paper without itself; the first `MOST_NEIGHBOURS` count.
    parents : ndarray of shape (n_topics,), int64
        As in `Hierarchy`: the root is 0, every parent before its children.
    assignments : ndarray of shape (n_papers,), int64
        Topic of each paper as it stands, corrections included; ``NO_TOPIC`` if unassigned.
    confidences : ndarray of shape (n_papers,), float32
        How sure the machine was.
    label_vectors : ndarray of shape (n_topics, n_dimensions), float32, optional
        Vectors of the topics' labels, zero where there is none.

    Returns
    -------
    Ground
        Of a few tens of megabytes for 20,000 papers.
    """
    middle = vectors.mean(axis=0)
    points = to_unit(vectors - middle)
    places, place_of = _find_places(parents, assignments)
    filed = np.where(assignments == NO_TOPIC, NO_TOPIC, place_of[assignments])
    labels = _centre_labels(label_vectors, places, vectors.shape[1])
    sums = _members(filed, len(places)) @ points + LABEL_WEIGHT * labels
    centroids, sizes = to_unit(sums), np.bincount(filed[filed != NO_TOPIC], minlength=len(places))
    above, above_of = _centroids_above(sums, parents[places])
    near = neighbours[:, :MOST_NEIGHBOURS]
    held = np.where(filed == NO_TOPIC, 0.0, confidences).astype(np.float32)
    seen = Seen(points, near, np.arange(len(vectors), dtype=np.int64), filed, held)
    return Ground(
        seen=seen,
        filed=filed,
        parents=parents,
        places=places,
        place_of=place_of,
        sums=sums,
        centroids=centroids,
        above=above,
        above_of=above_of,
        labels=labels,
        exemplars=_find_exemplars(points, centroids, filed),
        sizes=sizes,
        depths=topic_depths(parents)[places],
        cohesion=_cohesion(near, filed, sizes),
        spread=_spread(points, centroids),
        middle=middle,
    )


def see_new(ground: Ground, vectors: Points, neighbours: Indices) -> Seen:
    """Prepare papers that are not in the corpus for scoring.

    Parameters
    ----------
    ground : Ground
        What stands.
    vectors : ndarray of shape (n_new, n_dimensions), float32
        Unit vectors as the encoder gave them.
    neighbours : ndarray of shape (n_new, k), int64
        Nearest papers of the corpus, as numbered there.
    """
    nowhere = np.full(len(vectors), NO_TOPIC, dtype=np.int64)
    points = to_unit(vectors - ground.middle)
    near = neighbours[:, :MOST_NEIGHBOURS]
    return Seen(points, near, nowhere, nowhere.copy(), np.zeros(len(vectors), np.float32))


def take(seen: Seen, rows: slice | Indices) -> Seen:
    """Take some of the papers."""
    return Seen(*(getattr(seen, name)[rows] for name in Seen.__dataclass_fields__))


def _find_places(parents: Indices, assignments: Indices) -> tuple[Indices, Indices]:
    is_place = np.ones(len(parents), dtype=np.bool_)
    is_place[parents[1:]] = False
    is_place[assignments[assignments != NO_TOPIC]] = True
    places = np.flatnonzero(is_place)
    place_of = np.full(len(parents), NO_TOPIC, dtype=np.int64)
    place_of[places] = np.arange(len(places))
    return places, place_of


def _members(filed: Indices, n_places: int) -> csr_array:
    papers = np.flatnonzero(filed != NO_TOPIC)
    ones = np.ones(len(papers), np.float32)
    return csr_array((ones, (filed[papers], papers)), shape=(n_places, len(filed)))


def _centre_labels(label_vectors: Points | None, places: Indices, n_dimensions: int) -> Points:
    """Centre labels around their own mean: names lie elsewhere in the space than abstracts do."""
    if label_vectors is None:
        return np.zeros((len(places), n_dimensions), np.float32)
    labels = label_vectors[places]
    named = np.flatnonzero(np.abs(labels).sum(axis=1))
    if len(named) > 1:
        labels = labels.copy()
        labels[named] -= labels[named].mean(axis=0)
    return to_unit(labels)


def _centroids_above(sums: Points, parents: Indices) -> tuple[Points, Indices]:
    broader, above_of = np.unique(parents, return_inverse=True)
    found = np.zeros((len(broader), sums.shape[1]), np.float32)
    np.add.at(found, above_of, sums)
    return to_unit(found), above_of.astype(np.int64)


def _find_exemplars(points: Points, centroids: Points, filed: Indices) -> Indices:
    papers = np.flatnonzero(filed != NO_TOPIC)
    central = np.einsum("ij,ij->i", points[papers], centroids[filed[papers]])
    ranked = papers[np.lexsort((papers, -central, filed[papers]))]
    firsts = np.searchsorted(filed[ranked], np.arange(len(centroids)))
    rank = np.arange(len(ranked)) - firsts[filed[ranked]]
    exemplars = np.full((len(centroids), EXEMPLARS), NO_TOPIC, dtype=np.int64)
    kept = rank < EXEMPLARS
    exemplars[filed[ranked[kept]], rank[kept]] = ranked[kept]
    return exemplars


def _cohesion(neighbours: Indices, filed: Indices, sizes: Indices) -> Similarities:
    papers = np.flatnonzero(filed != NO_TOPIC)
    alike = (filed[neighbours[papers]] == filed[papers][:, None]).sum(axis=1)
    most = np.clip(np.minimum(neighbours.shape[1], sizes[filed[papers]] - 1), 1, None)
    total = np.bincount(filed[papers], np.minimum(alike / most, 1.0), minlength=len(sizes))
    return (total / np.maximum(sizes, 1)).astype(np.float32)


def _spread(points: Points, centroids: Points) -> float:
    """Measure on some papers, spread evenly over the corpus: a median of a thousand is steady enough."""
    if len(centroids) < 2 or len(points) == 0:
        return 1.0
    some = points[:: max(1, len(points) // 1000)]
    nearest = np.partition(some @ centroids.T, -2, axis=1)[:, -2:]
    return max(float(np.median(nearest[:, 1] - nearest[:, 0])), 1e-6)
