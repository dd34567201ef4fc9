"""What is written of a hierarchy: its topics, and the papers right in them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class OutlineTopic:
    """A topic; ``parent`` is null of the root. ``n_papers`` counts those below it too."""

    id: UUID
    parent: UUID | None
    label: str
    description: str = ""
    keyphrases: tuple[str, ...] = ()
    n_papers: int = 0
    locked: bool = False


@dataclass(frozen=True, slots=True)
class OutlinePaper:
    """A paper in a topic; ``address`` is a web address to follow, or null."""

    id: UUID
    source_id: str
    title: str
    year: int | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Outline:
    """A hierarchy to be written: topics parents before children, siblings in the order they are shown.

    ``papers`` are those that have their first home right in a topic.
    """

    id: UUID
    title: str
    topics: Sequence[OutlineTopic]
    notice: str | None = None
    papers: Mapping[UUID, Sequence[OutlinePaper]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Placed:
    """A topic as one comes to it going down: how deep, by which labels, and its number (as 1.2.3)."""

    topic: OutlineTopic
    depth: int
    path: tuple[str, ...]
    number: str
    children: tuple[OutlineTopic, ...]


def walk(outline: Outline) -> Iterator[Placed]:
    """Give every topic before the topics below it, and all of those before its next sibling.

    The root's path and number are empty; several roots are numbered.
    """
    children: dict[UUID | None, list[OutlineTopic]] = {}
    for topic in outline.topics:
        children.setdefault(topic.parent, []).append(topic)
    roots = children.get(None, [])
    single = len(roots) == 1
    left = [
        Placed(
            one, 0, () if single else (one.label,), "" if single else str(n), tuple(children.get(one.id, ()))
        )
        for n, one in enumerate(roots, start=1)
    ]
    left.reverse()
    while left:
        here = left.pop()
        yield here
        below = [
            Placed(
                child,
                here.depth + 1,
                (*here.path, child.label),
                f"{here.number}.{n}" if here.number else str(n),
                tuple(children.get(child.id, ())),
            )
            for n, child in enumerate(here.children, start=1)
        ]
        left.extend(reversed(below))
