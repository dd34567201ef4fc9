"""Chooses labels and keyphrases, so that siblings differ and no label repeats one above it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from app.hierarchy.tree import Indices
from app.labelling.contrast import Candidates, Counts
from app.labelling.exemplars import shorten
from app.labelling.phrases import Phrases
from app.labelling.plain_text import normal_form, tokens
from app.labelling.stopwords import GENERIC_WORDS, STOP_WORDS

LONGEST_LABEL = 80
FEWEST_KEYPHRASES, MOST_KEYPHRASES = 5, 10
LONGEST_PAIR = 50
ENOUGH_COVERED = 0.45
"""A phrase that this share of a topic's papers use names it alone."""
GAINED_SHARE = 0.1

GROUNDED_PAPERS, GROUNDED_SHARE = 3, 0.05

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Name:
    """What a topic is called; ``weights`` are those of its keyphrases, by their words."""

    label: str
    keyphrases: tuple[str, ...]
    weights: dict[Key, float]


@dataclass(slots=True)
class Namer:
    """Names the topics of one hierarchy, from the root down, the children of one topic together.

    ``titles`` holds the most central paper's title of each topic: the label of one that is too small to have
    phrases of its own.
    """

    phrases: Phrases
    short_forms: dict[int, str]
    counts: Counts
    papers: Sequence[Indices]
    titles: Sequence[str]
    candidates: Sequence[Candidates]
    _taken: dict[int, list[frozenset[str]]] = field(default_factory=dict)
    _seconds: dict[int, int] = field(default_factory=dict)

    def name_all(self) -> list[Name]:
        """Name every topic; the root's own label is of no use, since it holds all."""
        n_topics = len(self.counts.parents)
        labels = [""] * n_topics
        self._taken = {0: []}
        for topic in range(n_topics):
            if self.counts.children[topic]:
                self._name_children(topic, labels)
        return [self._name(topic, labels[topic]) for topic in range(n_topics)]

    def _name_children(self, parent: int, labels: list[str]) -> None:
        """Give each child its best phrase that no ancestor has and no sibling deserves more."""
        above = {child: self._labels_above(child) for child in self.counts.children[parent]}
        offers = sorted(
            (-weight / self.candidates[child].weights[0], place, child, int(phrase))
            for child in self.counts.children[parent]
            for place, (phrase, weight) in enumerate(self._allowed(child, above[child]))
        )
        beside: list[frozenset[str]] = []
        firsts: dict[int, int] = {}
        for _, _, child, phrase in offers:
            words = _content(self.phrases.keys[phrase])
            if labels[child] or any(_alike(words, other) for other in beside):
                continue
            labels[child] = self._written(phrase)
            firsts[child] = phrase
            beside.append(words)
            self._taken[child] = [*above[child], words]
        for child, first in firsts.items():
            second = self._complement(child, first, [*above[child], *beside])
            if second is not None:
                labels[child] = f"{labels[child]} & {self.phrases.texts[second]}"
                beside.append(_content(self.phrases.keys[second]))
                self._seconds[child] = second
        self._name_the_rest(parent, labels)

    def _labels_above(self, topic: int) -> list[frozenset[str]]:
        """List what the labels above a topic say.

        The second half of the parent's counts unless most of its uses are in this very topic: then it is this
        topic that the parent mentions.
        """
        parent = int(self.counts.parents[topic])
        second = self._seconds.get(parent)
        if second is None:
            return self._taken[parent]
        here, around = self.counts.used(topic, second), self.counts.used(parent, second)
        said = [_content(self.phrases.keys[second])] if here <= around / 2 else []
        return [*self._taken[parent], *said]

    def _complement(self, topic: int, first: int, taken: list[frozenset[str]]) -> int | None:
        """Find a second phrase for a topic whose first leaves most papers out: one that the others use."""
        members = self.papers[topic]
        have = self.phrases.uses[members].tocsc()
        has_first = np.zeros(len(members), dtype=np.bool_)
        has_first[have[:, [first]].indices] = True
        if has_first.mean() >= ENOUGH_COVERED:
            return None
        best, best_gain = None, 0.0
        for phrase, weight in self._allowed(topic, taken):
            users = have.indices[have.indptr[phrase] : have.indptr[phrase + 1]]
            added = int((~has_first[users]).sum())
            gain = weight * added / len(users)
            fits = len(self.phrases.texts[first]) + len(self.phrases.texts[phrase]) <= LONGEST_PAIR
            distinct = not any(_alike(_content(self.phrases.keys[phrase]), other) for other in taken)
            if fits and distinct and added >= max(2, GAINED_SHARE * len(members)) and gain > best_gain:
                best, best_gain = phrase, gain
        return best

    def _allowed(self, topic: int, above: Iterable[frozenset[str]]) -> list[tuple[int, float]]:
        """List the grounded candidates of a topic that say more than the labels above it."""
        own = self.candidates[topic]
        size = self.counts.sizes[topic]
        for fewest in (max(GROUNDED_PAPERS, int(np.ceil(GROUNDED_SHARE * size))), min(2, int(size))):
            allowed = [
                (int(phrase), float(weight))
                for phrase, weight, used in zip(own.phrases, own.weights, own.n_papers, strict=True)
                if used >= fewest and not any(_content(self.phrases.keys[phrase]) <= label for label in above)
            ]
            if allowed:
                return allowed
        return []

    def _name_the_rest(self, parent: int, labels: list[str]) -> None:
        """Name the children without a phrase by their most central paper's title, told apart by a number."""
        used = {labels[child] for child in self.counts.children[parent]}
        for child in self.counts.children[parent]:
            if labels[child]:
                continue
            title = shorten(self.titles[child], LONGEST_LABEL - 6) or "Untitled"
            label, number = title, 1
            while label in used:
                number += 1
                label = f"{title} ({number})"
            labels[child] = label
            used.add(label)
            self._taken[child] = self._taken[parent]

    def _written(self, phrase: int) -> str:
        """Write a phrase as a label: with its acronym, and a capital unless it begins like a symbol."""
        text = self.phrases.texts[phrase]
        head = text.split(" ")[0]
        if head.islower() and len(head.split("-")[0]) > 1:
            text = text[0].upper() + text[1:]
        if phrase in self.short_forms and len(text) + 10 <= LONGEST_LABEL:
            text += f" ({self.short_forms[phrase]})"
        return shorten(text, LONGEST_LABEL)

    def _name(self, topic: int, label: str) -> Name:
        own = self.candidates[topic]
        chosen: list[int] = []
        seen: list[frozenset[str]] = []
        for place, phrase in enumerate(own.phrases):
            words = _content(self.phrases.keys[phrase])
            if len(chosen) == MOST_KEYPHRASES:
                break
            used = own.n_papers[place] >= min(2, self.counts.sizes[topic])
            if used and not any(_alike(words, other) for other in seen):
                chosen.append(place)
                seen.append(words)
        keyphrases = tuple(self.phrases.texts[own.phrases[place]] for place in chosen)
        weights = {self.phrases.keys[own.phrases[place]]: float(own.weights[place]) for place in chosen}
        return Name(label, keyphrases or _title_words(self.titles[topic]), weights)


def _content(key: Key) -> frozenset[str]:
    """Reduce a phrase to what tells it apart: hyphens and generic words do not."""
    words = frozenset(part for word in key for part in word.split("-") if part)
    return words - GENERIC_WORDS - STOP_WORDS or words


def _alike(words: frozenset[str], other: frozenset[str]) -> bool:
    return _within(words, other) or _within(other, words)


def _within(words: frozenset[str], other: frozenset[str]) -> bool:
    """Say whether each word stands in another phrase, if with another ending: "dialog", "dialogue"."""
    return words <= other or all(any(_same_stem(word, theirs) for theirs in other) for word in words)


def _same_stem(word: str, other: str) -> bool:
    short, long = sorted((word, other), key=len)
    return short == long or (len(short) >= 5 and long.startswith(short))


def _title_words(title: str) -> tuple[str, ...]:
    words = [word for word in tokens(title) if len(word) > 2 and normal_form(word) not in STOP_WORDS]
    return tuple(dict.fromkeys(words))[:FEWEST_KEYPHRASES]
