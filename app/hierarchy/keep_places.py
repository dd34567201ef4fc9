"""Leaving papers where they stood when a tree is grown again the same way from more papers."""

from dataclasses import replace

import numpy as np

from app.hierarchy.tree import NO_TOPIC, Hierarchy, Indices, SecondHomes, Similarities, topic_children


def keep_places(tree: Hierarchy, stood: Indices, confidences: Similarities) -> Hierarchy:
    """Put papers back into the topics they stood in, unless they are still in them.

    Growing a tree moves many papers between topics they fit about as well, for no reason that a person
    could see. A paper that the new tree files below the topic it stood in follows it there.

    Parameters
    ----------
    tree : Hierarchy
        The new tree.
    stood : ndarray of shape (n_papers,), int64
        The topic of the new tree that each paper stood in before; ``NO_TOPIC`` for new papers, unassigned
        ones, and those whose topic is gone.
    confidences : ndarray of shape (n_papers,), float32
        How sure that place was.

    Returns
    -------
    Hierarchy
        The same topics without those that are left empty, siblings by falling size. Where the tree would
        have put a paper is the runner-up of one that was put back, which has no second homes.
    """
    back = np.array(
        [
            topic != NO_TOPIC and topic not in _up_from(tree.parents, int(now))
            for topic, now in zip(stood.tolist(), tree.assignments.tolist(), strict=True)
        ],
        dtype=bool,
    )
    assignments = np.where(back, stood, tree.assignments)
    homes = tree.second_homes
    other = ~back[homes.papers]
    kept = replace(
        tree,
        assignments=assignments,
        confidences=np.where(back, confidences, tree.confidences),
        best_guesses=np.where(back, stood, tree.best_guesses),
        runners_up=np.where(back, tree.best_guesses, tree.runners_up),
        second_homes=SecondHomes(homes.papers[other], homes.topics[other], homes.confidences[other]),
    )
    return _without_empty(kept)


def _up_from(parents: Indices, topic: int) -> list[int]:
    path = []
    while topic != NO_TOPIC:
        path.append(topic)
        topic = int(parents[topic])
    return path


def _without_empty(tree: Hierarchy) -> Hierarchy:
    sizes = np.bincount(tree.assignments[tree.assignments != NO_TOPIC], minlength=len(tree.parents))
    for topic in range(len(tree.parents) - 1, 0, -1):
        sizes[tree.parents[topic]] += sizes[topic]
    children = topic_children(tree.parents)
    order, todo = [], [0]
    while todo:
        topic = todo.pop()
        order.append(topic)
        inside = [child for child in children[topic] if sizes[child]]
        todo += sorted(inside, key=lambda child: (sizes[child], -child))
    # A topic that goes hands what is guessed of it up; NO_TOPIC, the last, stays what it is.
    numbers = np.full(len(tree.parents) + 1, NO_TOPIC, dtype=np.int64)
    numbers[order] = np.arange(len(order))
    for topic in range(1, len(tree.parents)):
        if numbers[topic] == NO_TOPIC:
            numbers[topic] = numbers[tree.parents[topic]]
    homes = tree.second_homes
    there = sizes[homes.topics] > 0
    return Hierarchy(
        parents=numbers[tree.parents[order]],
        assignments=numbers[tree.assignments],
        confidences=tree.confidences.astype(np.float32),
        best_guesses=numbers[tree.best_guesses],
        runners_up=numbers[tree.runners_up],
        second_homes=SecondHomes(homes.papers[there], numbers[homes.topics[there]], homes.confidences[there]),
    )
