"""The parts that a topic is split into when only their number is said: who finds them, and what they are."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from app.corrections.operations import Group, Operation, SplitTopic, name_new_topics
from app.corrections.state import State
from app.db.ids import new_id
from app.db.tables import BuildRow, HierarchyRow
from app.errors import InvalidError
from app.services.hierarchies import FACETS


class SplitNeedsGroups(InvalidError):
    """The parts that were asked for by number cannot be found."""

    slug = "split-needs-groups"
    title = "The topic can only be split into given groups"


@dataclass(frozen=True, slots=True)
class Part:
    """A part that was found: papers right in the topic, or children of it.

    ``keyphrases`` and ``exemplars`` (papers in it or below, the most central first) show what it is about.
    """

    label: str
    description: str
    papers: tuple[UUID, ...]
    children: tuple[UUID, ...]
    keyphrases: tuple[str, ...]
    exemplars: tuple[UUID, ...]

    def as_group(self) -> Group:
        """Give it as the log keeps it."""
        return Group(self.label, self.papers, self.description, children=self.children)


@dataclass(frozen=True, slots=True)
class Found:
    """The parts found for a split, by the place of the operation in its batch."""

    operation: int
    parts: tuple[Part, ...]


class FindParts(Protocol):
    """Finds the parts of a topic: the same for the same state, within a second or so."""

    def __call__(self, session: Session, build: BuildRow, state: State, topic: UUID, k: int) -> list[Part]:
        """Find at most ``k`` parts of a topic, or say by `SplitNeedsGroups` why that cannot be."""
        ...


@dataclass(frozen=True, slots=True)
class Splitting:
    """All that finding parts takes."""

    session: Session
    hierarchy: HierarchyRow
    build: BuildRow
    find: FindParts

    def fill(self, state: State, operation: Operation) -> tuple[Operation, Sequence[Part]]:
        """Have the groups found that a split asks for by number; any other operation stays as it is.

        Raises
        ------
        SplitNeedsGroups
            If they cannot be found.
        """
        if not isinstance(operation, SplitTopic) or operation.groups or operation.k is None:
            return operation, ()
        if operation.topic not in state.topics or state.topics[operation.topic].locked:
            return operation, ()  # Carrying it out says so.
        if self.hierarchy.facet not in FACETS:
            raise SplitNeedsGroups("Under an aspect only a person can tell the parts: name the groups.")
        parts = self.find(self.session, self.build, state, operation.topic, operation.k)
        filled = replace(operation, groups=tuple(part.as_group() for part in parts))
        return name_new_topics(filled, new_id), parts
