"""What corrections act on: topics, the places of papers, what was marked wrong, what is locked.

A paper is stored with its homes only, so it is in every topic above them by construction.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

PlacedBy = Literal["machine", "rule", "person"]
PERSON: PlacedBy = "person"
KEYPHRASES = "keyphrases"
"""What a topic is named by unless a person or a language model did."""
SURE = 1.0
"""The confidence of a place that a person chose."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic without its papers; siblings are shown by rising ``rank``, the lower id first on a tie."""

    parent: UUID | None
    rank: int
    label: str
    description: str = ""
    named_by: str = KEYPHRASES
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Home:
    """A topic that a paper stands in beside its first one."""

    topic: UUID
    confidence: float
    placed_by: PlacedBy


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a paper stands; ``topic`` is its first home, null if it is unassigned.

    ``confidence`` and ``placed_by`` are of the first home; ``seconds`` are in the order of their topics' ids.
    """

    topic: UUID | None
    confidence: float
    placed_by: PlacedBy = "machine"
    seconds: tuple[Home, ...] = ()
    locked: bool = False

    def homes(self) -> tuple[UUID, ...]:
        """Give the topics it stands right in, the first home first."""
        first = () if self.topic is None else (self.topic,)
        return (*first, *(home.topic for home in self.seconds))


class State:
    """The state of a hierarchy, which notes what changes in it.

    It may hold all papers or only those that some operations are about: an operation asks for no others.

    Parameters
    ----------
    topics : mapping from UUID to Topic
        All of them.
    papers : mapping from UUID to Placement
        Papers that are known here.
    rejected : iterable of (paper, topic)
        What was marked wrong: the paper is never to stand in the topic, nor below it.
    newcomers : iterable of UUID
        Papers of the corpus that the hierarchy does not know yet; they can be put into it.
    """

    def __init__(
        self,
        topics: dict[UUID, Topic],
        papers: dict[UUID, Placement],
        rejected: Iterable[tuple[UUID, UUID]] = (),
        newcomers: Iterable[UUID] = (),
    ) -> None:
        self.newcomers = set(newcomers)
        self.topics = dict(topics)
        self.papers = dict(papers)
        self.rejected: dict[UUID, set[UUID]] = {}
        self.children: dict[UUID | None, set[UUID]] = {}
        self.residents: dict[UUID, set[UUID]] = {}
        self._before: dict[tuple[str, UUID, UUID | None], object] = {}
        for topic_id, topic in topics.items():
            self.children.setdefault(topic.parent, set()).add(topic_id)
        for paper, topic_id in rejected:
            self.rejected.setdefault(paper, set()).add(topic_id)
        for paper, placement in papers.items():
            for home in placement.homes():
                self.residents.setdefault(home, set()).add(paper)

    def children_of(self, topic_id: UUID) -> list[UUID]:
        """List the topics right below one, in the order they are shown."""
        return sorted(self.children.get(topic_id, ()), key=lambda child: (self.topics[child].rank, child))

    def in_order(self) -> Iterator[UUID]:
        """Go through all topics, each right before those below it."""
        todo = sorted(self.children.get(None, ()))
        while todo:
            topic_id = todo.pop()
            yield topic_id
            todo += reversed(self.children_of(topic_id))

    def up_from(self, topic_id: UUID) -> list[UUID]:
        """List a topic and those above it, up to the root; a circle is followed once."""
        path: dict[UUID, None] = {}
        here: UUID | None = topic_id
        while here is not None and here in self.topics and here not in path:
            path[here] = None
            here = self.topics[here].parent
        return list(path)

    def is_within(self, topic_id: UUID, above: UUID) -> bool:
        """Tell whether a topic is another one or below it."""
        return above in self.up_from(topic_id)

    def below(self, topic_id: UUID) -> list[UUID]:
        """List a topic and all those below it."""
        found = [topic_id]
        for one in found:
            found += self.children_of(one)
        return found

    def next_rank(self, parent: UUID) -> int:
        """Give the rank that puts a topic after all children of another."""
        return max((self.topics[child].rank for child in self.children.get(parent, ())), default=-1) + 1

    def put_topic(self, topic_id: UUID, topic: Topic | None) -> None:
        """Have a topic be like this, or be gone."""
        old = self.topics.get(topic_id)
        self._note("topic", topic_id, None, old)
        if old is not None:
            self.children[old.parent].discard(topic_id)
        if topic is None:
            self.topics.pop(topic_id, None)
        else:
            self.topics[topic_id] = topic
            self.children.setdefault(topic.parent, set()).add(topic_id)

    def put_paper(self, paper: UUID, placement: Placement | None) -> None:
        """Have a paper stand like this, or not be known."""
        old = self.papers.pop(paper, None)
        self._note("paper", paper, None, old)
        for home in old.homes() if old else ():
            self.residents[home].discard(paper)
        if placement is not None:
            self.papers[paper] = placement
            for home in placement.homes():
                self.residents.setdefault(home, set()).add(paper)

    def put_rejection(self, paper: UUID, topic_id: UUID, *, rejected: bool) -> None:
        """Have a paper marked wrong in a topic, or not."""
        marked = self.rejected.setdefault(paper, set())
        self._note("rejection", paper, topic_id, topic_id in marked)
        if rejected:
            marked.add(topic_id)
        else:
            marked.discard(topic_id)

    def take_notes(self) -> dict[tuple[str, UUID, UUID | None], object]:
        """Give what each thing that was changed was like before, and forget it."""
        notes, self._before = self._before, {}
        return notes

    def _note(self, kind: str, one: UUID, other: UUID | None, before: object) -> None:
        self._before.setdefault((kind, one, other), before)
