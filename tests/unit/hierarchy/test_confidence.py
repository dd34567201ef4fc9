from dataclasses import asdict, replace

import numpy as np
import pytest

from app.hierarchy.build import build_hierarchy
from app.hierarchy.confidence import WEIGHTS, Weights, evidence_names, first_evidence, weigh
from app.hierarchy.parameters import BuildParameters
from app.hierarchy.smooth import to_unit
from app.hierarchy.surroundings import look_around
from app.hierarchy.tree import NO_TOPIC
from tests.unit.hierarchy.trees import build, grouped_vectors, neighbours_of, random_vectors


def overlapping_blobs(n_pairs=6, n_papers=120, n_dimensions=24, seed=0):
    """Pairs of blobs that run into each other.

    Returns the vectors, the blob of each paper, and how far it is from the middle between both, in units of
    the way from there to a centre.
    """
    random = np.random.default_rng(seed)
    centres, aside = (
        to_unit(random.normal(size=(n_pairs, n_dimensions)).astype(np.float32)) for _ in range(2)
    )
    side = np.where(np.arange(n_papers) % 2, 1, -1).astype(np.float32)
    noise = random.normal(size=(n_pairs, n_papers, n_dimensions)) * 0.5 / np.sqrt(n_dimensions)
    vectors = centres[:, None] + 0.25 * side[:, None] * aside[:, None] + noise.astype(np.float32)
    ways = side + np.einsum("pnd,pd->pn", noise, aside) / 0.25
    blobs = 2 * np.arange(n_pairs)[:, None] + (side > 0)
    return to_unit(vectors.reshape(-1, n_dimensions)), blobs.ravel(), np.abs(ways.ravel())


def confidences_in(vectors, leaves):
    return weigh(first_evidence(look_around(vectors, neighbours_of(vectors)[0], leaves)))


class TestFirstEvidence:
    def test_falls_toward_the_border_of_two_blobs(self):
        vectors, blobs, ways = overlapping_blobs()
        confidences = confidences_in(vectors, blobs)
        steps = np.digitize(ways, [0.25, 0.5, 0.75, 1.0])
        means = [confidences[steps == step].mean() for step in range(5)]
        assert means == sorted(means)
        assert means[0] < means[4] - 0.1

    def test_is_no_surer_in_noise_than_among_groups(self):
        groups = np.repeat(np.arange(10), 40)
        among_groups = confidences_in(grouped_vectors([40] * 10, spread=0.5, n_dimensions=32), groups)
        in_noise = confidences_in(random_vectors(400, 32), groups)
        assert in_noise.mean() < 0.45 < 0.75 < among_groups.mean()

    def test_gives_copies_the_same(self):
        vectors = grouped_vectors([30] * 5, spread=0.8)
        evidence = first_evidence(
            look_around(
                np.concatenate([vectors, vectors]),
                neighbours_of(np.concatenate([vectors, vectors]))[0],
                np.tile(np.repeat(np.arange(5), 30), 2),
            )
        )
        for name in evidence_names():
            values = getattr(evidence, name)
            assert values[:150] == pytest.approx(values[150:], abs=1e-6)


class TestWeigh:
    def test_names_weights_as_evidence_is_named(self):
        assert list(asdict(WEIGHTS)) == ["intercept", *evidence_names()]

    def test_counts_for_a_leaf_what_speaks_for_it(self):
        assert WEIGHTS.nearness > 0
        assert WEIGHTS.agreement > 0
        assert WEIGHTS.cohesion > 0
        assert WEIGHTS.rivalry < 0

    def test_is_one_half_where_nothing_counts(self):
        vectors = random_vectors(40)
        evidence = first_evidence(look_around(vectors, neighbours_of(vectors)[0], np.arange(40) % 2))
        assert (weigh(evidence, Weights(0, 0, 0, 0, 0, 0)) == 0.5).all()
        surer = replace(evidence, agreement=evidence.agreement + 1)
        assert (weigh(surer) > weigh(evidence)).all()


class TestConfidencesOfABuild:
    def test_are_lower_between_blobs_than_in_their_middle(self):
        vectors, _, ways = overlapping_blobs()
        confidences = build(vectors, BuildParameters(smallest_leaf=40, largest_leaf=100)).confidences
        assert confidences[ways < 0.5].mean() < confidences[ways > 1.0].mean() - 0.05

    def test_of_unassigned_papers_are_those_of_their_best_guess(self):
        vectors = grouped_vectors([40] * 6, spread=0.2, n_dimensions=32)
        stray = np.zeros((1, 32), dtype=np.float32)
        stray[0, 31] = -1.0
        vectors = np.concatenate([vectors, stray])
        with_strays, without = build(vectors), build(vectors, BuildParameters(max_unassigned=0.0))
        assert with_strays.assignments[240] == NO_TOPIC
        assert without.assignments[240] == with_strays.best_guesses[240]
        assert with_strays.confidences.tobytes() == without.confidences.tobytes()

    def test_hardly_depend_on_how_many_papers_a_leaf_holds(self):
        vectors = grouped_vectors([60] * 8, spread=0.5, n_dimensions=32)
        means = [
            build_hierarchy(
                vectors,
                neighbours=neighbours_of(vectors),
                parameters=BuildParameters(smallest_leaf=smallest, largest_leaf=largest),
                seed=0,
            ).confidences.mean()
            for smallest, largest in ((30, 80), (50, 120))
        ]
        assert abs(means[0] - means[1]) < 0.1
