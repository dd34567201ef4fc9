"""Chooses labels and keyphrases, so that siblings differ and labels say more than those above them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from app.hierarchy.tree import Indices, topic_depths
from app.index.embedder import Vectors
from app.labelling.alike import alike, content_words, share_a_word
from app.labelling.contrast import Candidates, Counts
from app.labelling.exemplars import shorten
from app.labelling.meanings import Embed, embed_in_chunks
from app.labelling.offers import choose_varied, lift_in_children, list_offers
from app.labelling.phrases import Phrases
from app.labelling.settle import Offer, Reading, settle_siblings
from app.labelling.speaking import NAME_CLEARNESS, Meanings
from app.labelling.subjects import DISCIPLINE_KEYS, is_vague
from app.labelling.title_words import title_words

LONGEST_LABEL = 80
FEWEST_KEYPHRASES, MOST_KEYPHRASES = 5, 10
LONGEST_PAIR = 50
ENOUGH_COVERED = 0.45
"""A phrase that speaks of this share of a topic's papers names it alone."""

ENOUGH_COVERED_ABOVE = 0.65
"""The same for a topic with children, where phrases are compared by meaning."""

SAME_MEANING = 0.65
"""Similarity from which on two phrases make no label together."""

SECOND_WORTH, SECOND_WEIGHT_POWER = 0.15, 0.75
"""Of a label's second phrase: least weight beside the first's, and how much it counts against coverage."""

GAINED_SHARE = 0.1

ENOUGH_CLEAR = 3
"""Phrases of a topic that name something, from which on vague words are not considered."""

USED_WORTH = 0.4
"""Of a phrase that names a topic elsewhere in the tree."""

TOP_DISCIPLINE_WORTH = 3.0
"""Of the name of a discipline for a topic right below the root."""

WRITTEN, SURE_FROM = np.float32(0.6), 8.0
"""What a paper counts that writes a phrase but is not near it, and the clearness that makes nearness sure."""

DISCIPLINE_SURE = 0.4
"""What a paper at least counts that is near the name of a discipline, which papers seldom write."""

GROUNDED_PAPERS = 3
GROUNDED_SHARE, GROUNDED_SHARE_ABOVE, GROUNDED_DISCIPLINE_SHARE = 0.1, 0.05, 0.025
"""Papers that ground a label: so many, and so large a share of a leaf's, of a broader topic's, and for the
name of a discipline above other topics."""

MOST_READ, MOST_READ_OF_A_TOPIC = 400, 12
"""Possible labels that are embedded as they are written: the topics near the root have theirs first."""

TINY = 8
"""Papers below which a phrase of two of them grounds a label."""

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

    ``titles`` holds the titles of each topic's exemplars; ``last_resort`` names a topic without phrases of
    its own; ``sizes`` are the papers of each topic where not all of them are read.
    """

    phrases: Phrases
    short_forms: dict[int, str]
    counts: Counts
    papers: Sequence[Indices]
    titles: Sequence[Sequence[str]]
    last_resort: Callable[[int], str]
    candidates: Sequence[Candidates]
    vectors: Vectors
    meanings: Meanings | None = None
    sizes: Indices | None = None
    embed: Embed | None = None
    _taken: dict[int, list[frozenset[str]]] = field(default_factory=dict)
    _labelled: dict[int, tuple[int, ...]] = field(default_factory=dict)
    _used: set[int] = field(default_factory=set)
    _depths: list[int] = field(default_factory=list)
    _n_read: list[int] = field(default_factory=list)
    _contents: list[frozenset[str]] = field(default_factory=list)
    _lengths: dict[int, int] = field(default_factory=dict)

    def name_all(self, report: Callable[[int], None]) -> list[Name]:
        """Name every topic, telling how many are named; the root's own label is of no use: it holds all."""
        n_topics = len(self.counts.parents)
        labels = [""] * n_topics
        self._taken, self._labelled, self._used = {0: []}, {}, set()
        self._depths = topic_depths(self.counts.parents).tolist()
        self._n_read = share_reading(np.bincount(self._depths).tolist())
        self._contents = [content_words(key) for key in self.phrases.keys]
        for topic in range(n_topics):
            if self.counts.children[topic]:
                report(topic)
                self._name_children(topic, labels)
        return [self._name(topic, labels[topic]) for topic in range(n_topics)]

    def _name_children(self, parent: int, labels: list[str]) -> None:
        """Give each child a label that says more than `_labels_above` and tells it from its siblings."""
        above = {child: self._labels_above(child) for child in self.counts.children[parent]}
        if self.meanings is None:
            self._name_one_by_one(above, labels)
        else:
            self._name_together(above, labels, self.meanings)
        self._name_the_rest(parent, labels)

    def _name_together(
        self, above: dict[int, list[frozenset[str]]], labels: list[str], meanings: Meanings
    ) -> None:
        parent = int(self.counts.parents[next(iter(above))])
        narrower = self._narrower_than(parent)
        offers = [self._label_offers(child, taken, narrower, meanings) for child, taken in above.items()]
        vectors = [self.vectors[self.papers[child]] for child in above]
        reading = self._reading(self._depths[parent] + 1)
        settled = settle_siblings(offers, vectors, meanings.vectors, self._clash, reading)
        for child, own, place in zip(above, offers, settled, strict=True):
            if place is None:
                continue
            phrases = own[place].phrases
            labels[child] = self._written_out(own[place])
            said = [*above[child], *self._taken[parent], self._contents[phrases[0]]]
            self._taken[child] = list(dict.fromkeys(said))
            self._labelled[child] = phrases
            self._used.update(phrases)

    def _reading(self, depth: int) -> Reading | None:
        if self.embed is None:
            return None
        embed = self.embed
        return Reading(
            lambda offers: embed_in_chunks([self._written_out(offer) for offer in offers], embed),
            self._n_read[depth],
        )

    def _written_out(self, offer: Offer) -> str:
        first, *others = offer.phrases
        return " & ".join([self._written(first), *(self.phrases.texts[phrase] for phrase in others)])

    def _narrower_than(self, topic: int) -> NDArray[np.bool_]:
        """Say which phrases no more papers of a topic write than write what it is called."""
        label = self._labelled.get(topic)
        if label is None:
            return np.ones(len(self.phrases.keys), dtype=np.bool_)
        used = self.phrases.uses[self.papers[topic]]
        n_papers = np.bincount(used.indices[used.data >= 1.0], minlength=len(self.phrases.keys))
        return np.asarray(n_papers <= (used[:, list(label)] >= 1.0).toarray().any(axis=1).sum())

    def _label_offers(
        self,
        topic: int,
        above: list[frozenset[str]],
        narrower: NDArray[np.bool_],
        meanings: Meanings,
    ) -> list[Offer]:
        """List the phrases, and the pairs of them, that a topic might be called."""
        grounded, relaxed = (
            [own for own in self._allowed(topic, above, relaxed=relaxed) if narrower[own[0]]]
            for relaxed in (False, True)
        )
        enough = (own for own in self._clear(grounded, relaxed) if len(own) >= ENOUGH_CLEAR)
        # A phrase that is too broad misleads less than one of two papers, or the title of one.
        broad = [] if grounded else self._allowed(topic, above) or self._allowed(topic, above, relaxed=True)
        allowed = next(enough, grounded or broad)
        # What is in the parent's label and is allowed here is this very topic's name.
        elsewhere = self._used.difference(self._labelled.get(int(self.counts.parents[topic]), ()))
        fresh = [
            (phrase, weight * (USED_WORTH if phrase in elsewhere else 1.0) * self._top_worth(topic, phrase))
            for phrase, weight in allowed
        ]
        best = sorted(fresh, key=lambda own: (-own[1], own[0]))
        spoken = self._spoken_of(topic, [phrase for phrase, _ in best], meanings)
        lift = lift_in_children(spoken, self._places_of_children(topic))
        places = choose_varied([weight for _, weight in best], lift)
        best = [best[place] for place in places]
        return list_offers(
            best,
            [len(self.phrases.keys[phrase]) for phrase, _ in best],
            lift[places],
            spoken[places],
            self._depths[topic],
            self._apart([phrase for phrase, _ in best]),
            self._makes_a_label,
        )

    def _top_worth(self, topic: int, phrase: int) -> float:
        """Prefer disciplines still more right below the root, where everyone must know what is meant."""
        is_top = self._depths[topic] == 1 and self.phrases.keys[phrase] in DISCIPLINE_KEYS
        return TOP_DISCIPLINE_WORTH if is_top else 1.0

    def _clear(
        self, grounded: list[tuple[int, float]], relaxed: list[tuple[int, float]]
    ) -> Iterator[list[tuple[int, float]]]:
        """List the phrases that are not vague: the grounded ones, then those of two papers as well."""
        for own in (grounded, relaxed):
            yield [(phrase, weight) for phrase, weight in own if not self._is_vague(phrase)]

    def _is_vague(self, phrase: int) -> bool:
        """Say whether a phrase names nothing: by its words, unless its papers show that together they do."""
        key = self.phrases.keys[phrase]
        if len(key) > 1 and self.meanings is not None and self.meanings.clearness[phrase] >= NAME_CLEARNESS:
            return False
        return is_vague(key)

    def _users(self, topic: int, phrases: Sequence[int] | Indices) -> NDArray[np.bool_]:
        """Say which papers of a topic have the words of each phrase."""
        return np.asarray((self.phrases.uses[self.papers[topic]][:, phrases] > 0).toarray().T)

    def _spoken_of(self, topic: int, phrases: Sequence[int], meanings: Meanings) -> Vectors:
        """Say how far phrases speak of each paper of a topic, from 0 to 1: if it is near or writes them."""
        own = self.papers[topic]
        if not len(phrases):
            return np.zeros((0, len(own)), np.float32)
        written = self.phrases.uses[own][:, phrases].toarray().T
        near = meanings.vectors[phrases] @ self.vectors[own].T >= meanings.least[phrases, None]
        sure = meanings.clearness[phrases] / SURE_FROM
        if self.counts.children[topic]:
            # Papers seldom write what discipline they are of.
            named = np.array([self.phrases.keys[phrase] in DISCIPLINE_KEYS for phrase in phrases], np.bool_)
            sure[named] = np.maximum(sure[named], DISCIPLINE_SURE)
        sure = np.clip(sure, 0.0, 1.0 - WRITTEN).astype(np.float32)
        return np.asarray(WRITTEN * written + near * sure[:, None], dtype=np.float32)

    def _places_of_children(self, topic: int) -> list[Indices]:
        """List where the papers of each child that has some stand among a topic's own."""
        own = self.papers[topic]
        inside = [self.papers[child] for child in self.counts.children[topic]]
        return [np.searchsorted(own, papers) for papers in inside if len(papers)]

    def _clash(self, offer: Offer, other: Offer) -> bool:
        return any(
            alike(self._contents[mine], self._contents[theirs])
            for mine in offer.phrases
            for theirs in other.phrases
        )

    def _name_one_by_one(self, above: dict[int, list[frozenset[str]]], labels: list[str]) -> None:
        """Give each child its best phrase that no sibling deserves more."""
        beside: list[frozenset[str]] = []
        firsts: dict[int, int] = {}
        for relaxed in (False, True):
            for child, phrase in self._offers(above, relaxed=relaxed):
                words = self._contents[phrase]
                if labels[child] or any(alike(words, other) for other in beside):
                    continue
                labels[child] = self._written(phrase)
                firsts[child] = phrase
                beside.append(words)
                self._taken[child] = [*above[child], words]
        for child, first in firsts.items():
            second = self._complement(child, first, [*above[child], *beside])
            if second is not None:
                labels[child] = f"{labels[child]} & {self.phrases.texts[second]}"
                beside.append(self._contents[second])
                self._labelled[child] = (first, second)

    def _offers(self, above: dict[int, list[frozenset[str]]], *, relaxed: bool) -> list[tuple[int, int]]:
        """List the phrases of siblings, what each likes best first."""
        offers = sorted(
            (-weight / self.candidates[child].weights[0], place, child, phrase)
            for child, taken in above.items()
            for place, (phrase, weight) in enumerate(self._allowed(child, taken, relaxed=relaxed))
        )
        return [(child, phrase) for _, _, child, phrase in offers]

    def _labels_above(self, topic: int) -> list[frozenset[str]]:
        """List what the labels above a topic say.

        Of a parent with two phrases, one does not count that has most of its uses in this very topic: then it
        is this topic that the parent mentions.
        """
        parent = int(self.counts.parents[topic])
        label = self._labelled.get(parent, ())
        if len(label) < 2:
            return self._taken[parent]
        again = self._labelled.get(int(self.counts.parents[parent]), ())
        mine = [p for p in label if p not in again and self._is_mostly_in(topic, parent, p)]
        second = self._contents[label[1]]
        # Not both: the child would be called as its parent is.
        excused = self._contents[mine[-1]] if mine else None
        return [said for said in [*self._taken[parent], second] if said != excused]

    def _is_mostly_in(self, topic: int, parent: int, phrase: int) -> bool:
        return self.counts.used(topic, phrase) > self.counts.used(parent, phrase) / 2

    def _complement(self, topic: int, first: int, taken: list[frozenset[str]]) -> int | None:
        """Find a second phrase where the first leaves most papers out: one that speaks of the others."""
        own, covered = self.candidates[topic], self._covered(topic)
        places = {int(phrase): place for place, phrase in enumerate(own.phrases)}
        has_first = covered[places[first]]
        by_meaning = own.covered is not None
        enough = ENOUGH_COVERED_ABOVE if by_meaning and self.counts.children[topic] else ENOUGH_COVERED
        if has_first.mean() >= enough:
            return None
        best, best_gain = None, 0.0
        for phrase, weight in self._allowed(topic, taken):
            users = covered[places[phrase]]
            added = int((users & ~has_first).sum())
            gain = (
                weight**SECOND_WEIGHT_POWER * added
                if by_meaning
                else weight * added / max(int(users.sum()), 1)
            )
            worthy = not by_meaning or weight >= SECOND_WORTH * own.weights[places[first]]
            if (
                gain > best_gain
                and worthy
                and added >= max(2, GAINED_SHARE * len(users))
                and self._goes_with(first, phrase, taken)
            ):
                best, best_gain = phrase, gain
        return best

    def _goes_with(self, first: int, second: int, taken: list[frozenset[str]]) -> bool:
        """Say whether two phrases make a label together: short enough, and clearly different."""
        if not self._apart([first, second])[0, 1] or not self._makes_a_label(first, second):
            return False
        return not any(alike(self._contents[second], other) for other in taken)

    def _makes_a_label(self, first: int, second: int) -> bool:
        """Say whether two phrases are short enough for one label, and share no word."""
        if self._length(first) + self._length(second) > LONGEST_PAIR:
            return False
        return not share_a_word(self._contents[second], self._contents[first])

    def _length(self, phrase: int) -> int:
        if phrase not in self._lengths:
            self._lengths[phrase] = len(self.phrases.texts[phrase])
        return self._lengths[phrase]

    def _apart(self, phrases: Sequence[int]) -> NDArray[np.bool_]:
        """Say which pairs of phrases mean different things, as far as meanings are known."""
        if self.meanings is None:
            return np.ones((len(phrases), len(phrases)), dtype=np.bool_)
        vectors = self.meanings.vectors[phrases]
        return np.asarray(vectors @ vectors.T < SAME_MEANING)

    def _covered(self, topic: int) -> NDArray[np.bool_]:
        """Say which papers of a topic each of its candidates speaks of."""
        own = self.candidates[topic]
        if own.covered is not None:
            return own.covered
        return self._users(topic, own.phrases)

    def _allowed(
        self, topic: int, above: Iterable[frozenset[str]], *, relaxed: bool = False
    ) -> list[tuple[int, float]]:
        """List the grounded candidates of a topic that say more than the labels above it."""
        own, said = self.candidates[topic], list(above)
        share = GROUNDED_SHARE_ABOVE if self.counts.children[topic] else GROUNDED_SHARE
        fewest = min(2, int(self.counts.sizes[topic])) if relaxed else self._fewest_users(topic, share)
        # Papers seldom write what discipline they are of.
        fewest_of_discipline = fewest
        if self.counts.children[topic] and not relaxed:
            fewest_of_discipline = self._fewest_users(topic, GROUNDED_DISCIPLINE_SHARE)
        return [
            (phrase, weight)
            for phrase, weight, used in zip(
                own.phrases.tolist(), own.weights.tolist(), own.n_papers.tolist(), strict=True
            )
            if used >= fewest_of_discipline
            and (used >= fewest or self.phrases.keys[phrase] in DISCIPLINE_KEYS)
            and not any(self._contents[phrase] <= label for label in said)
        ]

    def _fewest_users(self, topic: int, share: float) -> int:
        """Say how many of the papers read of a topic must use a phrase, so that enough of all probably do."""
        n_read = self.counts.sizes[topic]
        size = max(n_read, 1.0) if self.sizes is None else self.sizes[topic]
        fewest = max(GROUNDED_PAPERS if size >= TINY else 2, share * size)
        return min(max(2, int(np.ceil(fewest * n_read / size))), int(n_read))

    def _name_the_rest(self, parent: int, labels: list[str]) -> None:
        """Name the children without a phrase by the last resort, told apart by a number."""
        used = {labels[child] for child in self.counts.children[parent]}
        above = parent
        while above >= 0:
            used.add(labels[above])
            above = int(self.counts.parents[above])
        for child in self.counts.children[parent]:
            if labels[child]:
                continue
            title = shorten(self.last_resort(child), LONGEST_LABEL - 6) or "Untitled"
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
            words = self._contents[phrase]
            if len(chosen) == MOST_KEYPHRASES:
                break
            used = own.n_papers[place] >= min(2, self.counts.sizes[topic])
            if used and not any(alike(words, other) for other in seen):
                chosen.append(place)
                seen.append(words)
        keyphrases = [self.phrases.texts[own.phrases[place]] for place in chosen]
        n_missing = max(0, FEWEST_KEYPHRASES - len(keyphrases))
        keyphrases += islice(title_words(self.titles[topic], seen), n_missing)
        weights = {self.phrases.keys[own.phrases[place]]: float(own.weights[place]) for place in chosen}
        return Name(label, tuple(keyphrases), weights)


def share_reading(n_topics: Sequence[int]) -> list[int]:
    """Say how many possible labels of each topic are embedded, by depth, when there are so many topics."""
    left, shares = MOST_READ, []
    for number in n_topics:
        share = min(MOST_READ_OF_A_TOPIC, left // max(number, 1))
        shares.append(share)
        left -= share * number
    return shares
