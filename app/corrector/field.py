"""What answers, homes and labels say of every paper, once it has spread from paper to paper."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, diags_array, vstack

from app.corrector.answers import Lessons
from app.corrector.ground import LABEL_WEIGHT, Ground, Seen, take
from app.hierarchy.smooth import Points, to_unit
from app.hierarchy.tree import NO_TOPIC, Indices, Similarities

ROUNDS = 4
"""Times that papers pull the middle of their places along; more lets places drift away from their labels."""

REACH = 0.1
"""Similarities that differ by so much make odds of e."""

HEEDED = 0.5
"""Exponent of what a paper's neighbours say, beside its own similarities."""

UNHEARD = 1e-3
"""Chance of a place that no neighbour is in, as far as neighbours count."""

KEPT = 16
"""Likeliest places that are kept of each paper."""

BLOCK_ROWS = 2048


@dataclass(frozen=True, slots=True)
class Field:
    """Where papers belong, by where papers like them do.

    Attributes
    ----------
    pulls : ndarray of shape (n_places, n_dimensions), float32
        Sums of the papers that are likely in each place, and of its label.
    chances : csr_array of shape (n_papers, n_places), float32
        Of the papers of the corpus; 0 where hardly likely. Rows sum up to 1, or to 0 where
        nothing is known.
    around : csr_array of shape (n_papers, n_places), float32
        The mean of these over the papers that are a paper's neighbours or have it as theirs.
    said : csr_array of shape (n_papers, n_places), float32
        Where people said papers belong; places of one paper share a weight of 1.
    """

    pulls: Points
    chances: csr_array
    around: csr_array
    said: csr_array


def spread_answers(ground: Ground, lessons: Lessons) -> Field:
    """Let what is known of some papers spread to those like them.

    Expectation maximization of directions around the places' middles [1]_, begun at the homes, with answers
    held fast [2]_ and each paper heeding its neighbours, as on a random field over the neighbour graph [3]_.

    Parameters
    ----------
    ground : Ground
        What stands.
    lessons : Lessons
        What people said.

    Notes
    -----
    `ROUNDS` products of all papers with all places.

    References
    ----------
    .. [1] Banerjee, Dhillon, Ghosh and Sra, *Clustering on the unit hypersphere using von Mises-Fisher
       distributions*, JMLR 6, 2005.
    .. [2] Nigam, McCallum, Thrun and Mitchell, *Text classification from labeled and unlabeled documents
       using EM*, Machine Learning 39, 2000, doi:10.1023/A:1007692713085.
    .. [3] Zhu, Ghahramani and Lafferty, *Semi-supervised learning using Gaussian fields and harmonic
       functions*, ICML 2003.
    """
    shape = len(ground.filed), len(ground.places)
    said = _mark(lessons.papers[lessons.right_rows], lessons.right_places, shape)
    refused = _mark(lessons.papers[lessons.wrong_rows], lessons.wrong_places, shape)
    filed = np.flatnonzero(ground.filed != NO_TOPIC)
    graph, chances = _graph(ground.seen.neighbours), _mark(filed, ground.filed[filed], shape)
    field = _field(ground, graph, _hold(chances, said, refused), said)
    for _ in range(ROUNDS):
        chances = vstack([_keep(look(field, part)) for part in _blocks(ground.seen)], format="csr")
        field = _field(ground, graph, _hold(chances, said, refused), said)
    return field


def look(field: Field, part: Seen) -> Similarities:
    """Give the chance of every place for papers of the corpus or new ones.

    What people said of a paper itself is left out.

    Returns
    -------
    ndarray of shape (n_seen, n_places), float32
        Rows sum up to 1.
    """
    log_odds = part.points @ to_unit(field.pulls).T / REACH
    known = np.flatnonzero(part.rows != NO_TOPIC)
    said = field.said[part.rows[known]].tocoo()
    rows, places = known[said.row], said.col
    without = to_unit(field.pulls[places] - said.data[:, None] * part.points[rows])
    log_odds[rows, places] = np.einsum("ij,ij->i", part.points[rows], without) / REACH
    log_odds += HEEDED * np.log(UNHEARD + _say_around(field, part))
    return _to_chances(log_odds)


def _say_around(field: Field, part: Seen) -> Similarities:
    """Give what neighbours say: of a new paper those that it has, as nobody has it yet."""
    is_known = part.rows != NO_TOPIC
    found = np.empty((len(part.rows), field.chances.shape[1]), np.float32)
    found[is_known] = field.around[part.rows[is_known]].toarray()
    found[~is_known] = (_near(part.neighbours[~is_known], field.chances.shape[0]) @ field.chances).toarray()
    return found


def _graph(neighbours: Indices) -> csr_array:
    near = _near(neighbours, len(neighbours))
    return csr_array((near + near.T) / 2)


def _near(neighbours: Indices, n_papers: int) -> csr_array:
    n_seen, k = neighbours.shape
    shares = np.full(n_seen * k, 1 / max(1, k), np.float32)
    return csr_array((shares, neighbours.ravel(), np.arange(n_seen + 1) * k), shape=(n_seen, n_papers))


def _to_chances(log_odds: Similarities) -> Similarities:
    odds = np.exp(log_odds - log_odds.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True), np.float32)


def _keep(chances: Similarities) -> csr_array:
    """Keep the likeliest places of each paper, which is nearly all there is to it."""
    n_kept = min(KEPT, chances.shape[1])
    places = np.argpartition(-chances, n_kept - 1, axis=1)[:, :n_kept]
    kept = np.take_along_axis(chances, places, axis=1)
    cells = kept.ravel(), places.ravel(), np.arange(len(kept) + 1) * n_kept
    return csr_array(cells, shape=chances.shape)


def _hold(chances: csr_array, said: csr_array, refused: csr_array) -> csr_array:
    """Put what people said in place of what is likely."""
    is_free = (np.diff(said.indptr) == 0).astype(np.float32)
    allowed = chances - chances * (refused > 0)
    left = allowed.sum(axis=1)
    return csr_array(diags_array(is_free / np.where(left > 0, left, 1)) @ allowed + said)


def _field(ground: Ground, graph: csr_array, chances: csr_array, said: csr_array) -> Field:
    pulls = chances.T @ ground.seen.points + LABEL_WEIGHT * ground.labels
    return Field(pulls, chances, csr_array(graph @ chances), said)


def _mark(rows: Indices, places: Indices, shape: tuple[int, int]) -> csr_array:
    """Mark pairs; those of one paper share a weight of 1."""
    share = 1 / np.bincount(rows, minlength=shape[0])[rows]
    return csr_array((share.astype(np.float32), (rows, places)), shape=shape)


def _blocks(seen: Seen) -> Iterator[Seen]:
    for start in range(0, len(seen.rows), BLOCK_ROWS):
        yield take(seen, slice(start, start + BLOCK_ROWS))
