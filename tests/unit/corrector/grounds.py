from dataclasses import dataclass

import numpy as np

from app.corrector.answers import Answers
from app.corrector.ground import Ground, lay_ground
from app.hierarchy.smooth import Points
from app.hierarchy.tree import Indices
from tests.unit.hierarchy.trees import grouped_vectors, neighbours_of

PARENTS = np.array([-1, 0, 1, 1, 0, 4, 4], dtype=np.int64)
"""Two broad topics, 1 and 4, of two leaves each: 2 and 3, 5 and 6."""

LEAVES = (2, 3, 5, 6)
PER_GROUP = 40


@dataclass(frozen=True)
class Case:
    """Four groups of papers; the truth is one leaf a group, and the machine filed some papers elsewhere."""

    vectors: Points
    neighbours: Indices
    truth: Indices
    filed: Indices

    def ground(self, moved: Indices | None = None) -> Ground:
        """As it stands after some papers were put where they belong."""
        now = self.filed.copy()
        if moved is not None:
            now[moved] = self.truth[moved]
        return lay_ground(self.vectors, self.neighbours, PARENTS, now, np.full(len(now), 0.7, np.float32))

    def answers(self, papers: Indices) -> Answers:
        """What a truthful person says of papers."""
        wrong = papers[self.filed[papers] != self.truth[papers]]
        return Answers(
            np.concatenate([wrong, papers]),
            np.concatenate([self.filed[wrong], self.truth[papers]]),
            np.arange(len(wrong) + len(papers)) >= len(wrong),
        )

    @property
    def wrong(self) -> Indices:
        return np.flatnonzero(self.filed != self.truth)


def make_case(seed: int = 0, share_wrong: float = 0.2) -> Case:
    """Papers of the first group are filed in the second's leaf, some of them."""
    vectors = grouped_vectors([PER_GROUP] * 4, n_dimensions=24, spread=0.8, seed=seed)
    truth = np.repeat(np.array(LEAVES, dtype=np.int64), PER_GROUP)
    filed = truth.copy()
    random = np.random.default_rng(seed)
    wrong = random.permutation(len(truth))[: int(share_wrong * len(truth))]
    filed[wrong] = np.array(LEAVES)[random.integers(0, 4, len(wrong))]
    return Case(vectors, neighbours_of(vectors)[0], truth, filed)


def no_answers() -> Answers:
    nothing = np.empty(0, dtype=np.int64)
    return Answers(nothing, nothing, np.empty(0, dtype=np.bool_))
