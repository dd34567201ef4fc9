import numpy as np

from app.hierarchy.tree import topic_depths
from benchmarks.label_reading import draw_topics
from tests.unit.hierarchy.trees import build, grouped_vectors


class TestDrawTopics:
    def test_draws_from_every_level_but_the_root(self):
        hierarchy = build(grouped_vectors([30] * 30, spread=0.6, n_dimensions=32))
        drawn = draw_topics(hierarchy, 20, seed=1)
        depths = topic_depths(hierarchy.parents)
        assert set(depths[drawn]) == set(range(1, int(depths.max()) + 1))
        assert len(np.unique(drawn)) == len(drawn)
        assert abs(len(drawn) - 20) <= 2

    def test_draws_others_with_another_seed(self):
        hierarchy = build(grouped_vectors([30] * 30, spread=0.6, n_dimensions=32))
        first, again, other = (draw_topics(hierarchy, 12, seed=seed).tolist() for seed in (1, 1, 2))
        assert first == again != other
