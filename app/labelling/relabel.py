"""Names topics with a language model, from the bottom up; whatever fails keeps its keyphrase label."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from app.hierarchy.members import topic_members
from app.hierarchy.tree import Hierarchy, Indices, topic_children, topic_depths
from app.labelling.giving_up import reason_to_stop
from app.labelling.grounds import same_words
from app.labelling.label import TopicLabel
from app.labelling.llm.asking import Asker, LlmFailed, Reply
from app.labelling.naming_question import (
    BROAD,
    FEWEST_PAPERS,
    MIDDLE,
    MOST_EXEMPLARS,
    MOST_TOGETHER,
    N_AT_RANDOM,
    NARROW,
    Name,
    NamedTopics,
    Naming,
    Sibling,
)
from app.labelling.paper_words import PaperWords

MOST_NARROWER = 12
AT_ONCE = 8
"""Questions between two looks at whether the work is still wanted."""

TOO_FEW_PAPERS = "too-few-papers"
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Relabelled:
    """Labels after a language model was asked, and why it named no more.

    ``kept`` counts the topics whose keyphrase label stayed, by the slug of the reason.
    """

    labels: list[TopicLabel]
    kept: Counter[str] = field(default_factory=Counter)

    @property
    def n_by_llm(self) -> int:
        """Count the topics that the model named."""
        return sum(own.named_by == "llm" for own in self.labels)


def relabel(
    hierarchy: Hierarchy,
    labels: Sequence[TopicLabel],
    texts: Sequence[tuple[str, str]],
    asker: Asker,
    *,
    subjects: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> Relabelled:
    """Ask a language model for the names of all topics below the root.

    Level by level from the bottom, so that a topic is named in sight of its children's new names; the
    siblings of one parent in one question, so that they can be told apart. A label must be written in its
    topic's papers, differ from its siblings' and repeat none above or below it; else the keyphrase label
    stays.

    Parameters
    ----------
    hierarchy : Hierarchy
        Over the papers.
    labels : sequence of TopicLabel
        By keyphrases, one for each topic.
    texts : sequence of (title, abstract)
        Of the papers, in corpus order.
    asker : Asker
        The gateway to the model.
    subjects : sequence of str, optional
        What the audit calls each topic; its number where it is left out.
    progress : callable, optional
        Called with (topics dealt with, topics below the root) between questions; may raise to stop it all.

    Returns
    -------
    Relabelled
        One label for each topic, whatever becomes of the model.
    """
    return _Relabelling(
        hierarchy, labels, texts, asker, subjects, progress or (lambda done, total: None)
    ).run()


class _Relabelling:
    """One pass over a hierarchy; ``labels`` always holds a complete set."""

    def __init__(
        self,
        hierarchy: Hierarchy,
        labels: Sequence[TopicLabel],
        texts: Sequence[tuple[str, str]],
        asker: Asker,
        subjects: Sequence[str] | None,
        progress: Progress,
    ) -> None:
        self._old = list(labels)
        self._result = Relabelled(list(labels))
        self._texts, self._asker, self._progress = texts, asker, progress
        self._subjects = subjects or [str(topic) for topic in range(len(labels))]
        self._parents: list[int] = hierarchy.parents.tolist()
        self._children = topic_children(hierarchy.parents)
        self._depths = topic_depths(hierarchy.parents)
        self._members = topic_members(hierarchy)
        self._words = PaperWords(texts) if len(labels) > 1 else PaperWords([])
        self._n_done = 0
        self._stopped_by: str | None = None

    def run(self) -> Relabelled:
        for depth in range(int(self._depths.max(initial=0)), 0, -1):
            families = [self._children[topic] for topic in np.flatnonzero(self._depths == depth - 1).tolist()]
            namings = [naming for family in families if family for naming in self._namings(family)]
            for start in range(0, len(namings), AT_ONCE):
                self._ask(namings[start : start + AT_ONCE])
            for family in families:
                self._keep_siblings_distinct(family)
        return self._result

    def _namings(self, family: list[int]) -> Iterator[Naming]:
        """Divide a family into questions of about equal size."""
        worth = [topic for topic in family if len(self._papers(topic)) >= FEWEST_PAPERS]
        self._keep([topic for topic in family if topic not in worth], TOO_FEW_PAPERS)
        parent = self._parents[family[0]]
        path = [self._old[topic].label for topic in self._above(family[0])]
        about = self._old[parent].keyphrases if path else ()
        n_parts = -(-len(worth) // MOST_TOGETHER)
        for part in np.array_split(worth, n_parts) if worth else ():
            asked = part.tolist()
            taken = [self._old[topic].label for topic in family if topic not in asked]
            siblings = [self._sibling(topic) for topic in asked]
            yield Naming(siblings, path=path, about_parent=about, taken=taken)

    def _ask(self, namings: Sequence[Naming]) -> None:
        if self._stopped_by is None:
            self._progress(self._n_done, len(self._old) - 1)
            replies = self._asker.ask_all([naming.question() for naming in namings])
            for naming, reply in zip(namings, replies, strict=True):
                self._take(naming, reply)
            if (stop := reason_to_stop(replies)) is not None:
                self._stopped_by = stop.slug
            return
        for naming in namings:
            self._keep([own.topic for own in naming.siblings.values()], self._stopped_by)

    def _take(self, naming: Naming, reply: Reply[NamedTopics] | LlmFailed) -> None:
        if isinstance(reply, LlmFailed):
            self._keep([own.topic for own in naming.siblings.values()], reply.slug)
            return
        for topic, name in naming.read(reply.answer).items():
            if name.fault is not None:
                self._keep([topic], name.fault)
            else:
                self._rename(topic, name, reply)

    def _rename(self, topic: int, name: Name, reply: Reply[NamedTopics]) -> None:
        old = self._old[topic]
        self._n_done += 1
        self._result.labels[topic] = replace(
            old,
            label=name.label,
            description=name.description or old.description,
            named_by="llm",
            call_id=reply.call_id,
        )

    def _keep(self, topics: Sequence[int], reason: str) -> None:
        self._n_done += len(topics)
        for topic in topics:
            self._result.kept[reason] += 1
            self._result.labels[topic] = self._old[topic]

    def _keep_siblings_distinct(self, family: Sequence[int]) -> None:
        """Take back new labels that say what a sibling says, until there is none.

        Keyphrase labels are distinct among themselves, so this ends with distinct ones.
        """
        while clashing := self._clashing(family):
            self._n_done -= len(clashing)
            self._keep(clashing, "label-not-distinct")

    def _clashing(self, family: Sequence[int]) -> list[int]:
        labels = self._result.labels
        seen = {same_words(labels[topic].label) for topic in family if labels[topic].named_by != "llm"}
        clashing = []
        for topic in family:
            if labels[topic].named_by == "llm":
                words = same_words(labels[topic].label)
                clashing += [topic] if words in seen else []
                seen.add(words)
        return clashing

    def _sibling(self, topic: int) -> Sibling:
        old, papers = self._old[topic], self._papers(topic)
        narrower = [self._result.labels[child].label for child in self._children[topic]]
        near = [*self._above(topic), *self._below(topic)]
        forbidden = {same_words(self._result.labels[other].label) for other in near}
        return Sibling(
            topic=topic,
            subject=self._subjects[topic],
            kind=NARROW if not narrower else BROAD if self._depths[topic] == 1 else MIDDLE,
            keyphrases=old.keyphrases,
            narrower=tuple(narrower[:MOST_NARROWER]),
            papers=tuple(self._texts[paper] for paper in _representatives(old.exemplars, papers)),
            grounds=self._words.grounds(papers, keyphrases=old.keyphrases),
            forbidden=frozenset(forbidden),
        )

    def _papers(self, topic: int) -> Indices:
        start, end = self._members.indptr[topic : topic + 2]
        return np.sort(self._members.indices[start:end].astype(np.int64))

    def _above(self, topic: int) -> list[int]:
        """Give the topics above one, without the root, the broadest first."""
        above: list[int] = []
        while (topic := self._parents[topic]) > 0:
            above.insert(0, topic)
        return above

    def _below(self, topic: int) -> Iterator[int]:
        for child in self._children[topic]:
            yield child
            yield from self._below(child)


def _representatives(exemplars: Sequence[int], papers: Indices) -> list[int]:
    """Choose the papers to quote: the exemplars, and a few at random, the same for the same papers."""
    chosen = list(exemplars[:MOST_EXEMPLARS])
    others = np.setdiff1d(papers, chosen)
    chance = np.random.default_rng([len(papers), int(papers[0])])
    return [*chosen, *map(int, chance.permutation(others)[:N_AT_RANDOM])]
