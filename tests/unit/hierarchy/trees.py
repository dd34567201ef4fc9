import numpy as np
from numpy.typing import NDArray

from app.hierarchy.build import build_hierarchy
from app.hierarchy.members import topic_members
from app.hierarchy.parameters import BuildParameters
from app.hierarchy.smooth import Points, to_unit
from app.hierarchy.tree import NO_TOPIC, Hierarchy, Indices, Similarities, topic_children

PARAMETERS = BuildParameters()


def neighbours_of(vectors: Points, k: int = PARAMETERS.neighbours) -> tuple[Indices, Similarities]:
    """Exact neighbours, the simple way."""
    n_papers = len(vectors)
    k = max(0, min(k, n_papers - 1))
    similarities = vectors @ vectors.T
    np.fill_diagonal(similarities, -2.0)
    indices = np.argsort(-similarities, axis=1, kind="stable")[:, :k].astype(np.int64)
    return indices, np.take_along_axis(similarities, indices, axis=1)


def build(vectors: Points, parameters: BuildParameters = PARAMETERS, seed: int = 0) -> Hierarchy:
    neighbours = neighbours_of(vectors, parameters.neighbours)
    return build_hierarchy(vectors, neighbours=neighbours, parameters=parameters, seed=seed)


def grouped_vectors(
    sizes: list[int], *, spread: float = 0.3, n_dimensions: int = 16, seed: int = 0
) -> Points:
    """Papers around one direction a group, in random order within the corpus' first rows to last."""
    random = np.random.default_rng(seed)
    centres = to_unit(random.normal(size=(len(sizes), n_dimensions)).astype(np.float32))
    members: NDArray[np.int64] = np.repeat(np.arange(len(sizes)), sizes)
    noise = random.normal(size=(len(members), n_dimensions)) * spread / np.sqrt(n_dimensions)
    return to_unit((centres[members] + noise).astype(np.float32))


def random_vectors(n_papers: int, n_dimensions: int = 8, seed: int = 0) -> Points:
    random = np.random.default_rng(seed)
    return to_unit(random.normal(size=(n_papers, n_dimensions)).astype(np.float32))


def make_tree(parents: list[int], assignments: list[int]) -> Hierarchy:
    filed = np.array(assignments, dtype=np.int64)
    return Hierarchy(
        parents=np.array(parents, dtype=np.int64),
        assignments=filed,
        confidences=np.ones(len(filed), dtype=np.float32),
        best_guesses=np.where(filed == NO_TOPIC, 0, filed),
        runners_up=np.full(len(filed), NO_TOPIC, dtype=np.int64),
    )


def assert_sound(hierarchy: Hierarchy, n_papers: int) -> None:
    """Whatever was built, this holds."""
    parents, n_topics = hierarchy.parents, len(hierarchy.parents)
    assert parents.dtype == hierarchy.assignments.dtype == hierarchy.best_guesses.dtype == np.int64
    assert hierarchy.runners_up.dtype == np.int64
    assert hierarchy.confidences.dtype == np.float32
    assert parents[0] == NO_TOPIC
    assert all(0 <= parents[topic] < topic for topic in range(1, n_topics))
    children = topic_children(parents)
    assert all(len(own) != 1 for own in children)
    leaves = [topic for topic in range(n_topics) if not children[topic]]
    for array in (hierarchy.assignments, hierarchy.confidences, hierarchy.best_guesses, hierarchy.runners_up):
        assert array.shape == (n_papers,)
    assigned = hierarchy.assignments != NO_TOPIC
    assert np.isin(hierarchy.best_guesses, leaves).all()
    assert (hierarchy.assignments[assigned] == hierarchy.best_guesses[assigned]).all()
    assert ((hierarchy.confidences >= 0) & (hierarchy.confidences <= 1)).all()
    others = hierarchy.runners_up
    assert (others != hierarchy.best_guesses).all()
    assert (others == NO_TOPIC).all() if len(leaves) == 1 else np.isin(others, leaves).all()
    assert_sound_homes(hierarchy, leaves)
    sizes = np.asarray(topic_members(hierarchy).sum(axis=1))
    assert n_papers == 0 or (sizes > 0).all()


def assert_sound_homes(hierarchy: Hierarchy, leaves: list[int]) -> None:
    homes, first = hierarchy.second_homes, hierarchy.assignments
    assert (homes.papers.dtype, homes.topics.dtype, homes.confidences.dtype) == (
        np.int64,
        np.int64,
        np.float32,
    )
    assert np.isin(homes.topics, leaves).all()
    assert (first[homes.papers] != NO_TOPIC).all()
    assert (homes.topics != first[homes.papers]).all()
    assert len({*zip(homes.papers.tolist(), homes.topics.tolist(), strict=True)}) == len(homes.papers)
    assert ((homes.confidences >= 0) & (homes.confidences <= hierarchy.confidences[homes.papers])).all()
    rows = list(zip(homes.papers.tolist(), (-homes.confidences).tolist(), strict=True))
    assert rows == sorted(rows)
    most = PARAMETERS.ranges["most_second_homes"][1]
    assert np.bincount(homes.papers, minlength=1).max(initial=0) <= most


def assert_displayed_in_order(hierarchy: Hierarchy) -> None:
    if len(hierarchy.assignments) == 0:
        return
    guessed = make_tree(hierarchy.parents.tolist(), hierarchy.best_guesses.tolist())
    members = topic_members(guessed).toarray() > 0
    order = [(-members[topic].sum(), int(members[topic].argmax())) for topic in range(len(members))]
    for own in topic_children(hierarchy.parents):
        assert [order[child] for child in own] == sorted(order[child] for child in own)
