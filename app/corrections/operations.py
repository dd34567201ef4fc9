"""What a person can do to a hierarchy; topics and papers are named by ids that no build changes."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal, TypeAlias
from uuid import UUID

from pydantic import Field, TypeAdapter


@dataclass(frozen=True, slots=True)
class RenameTopic:
    """Give a topic another label."""

    topic: UUID
    label: str
    op: Literal["rename_topic"] = "rename_topic"


@dataclass(frozen=True, slots=True)
class DescribeTopic:
    """Give a topic another description."""

    topic: UUID
    description: str
    op: Literal["describe_topic"] = "describe_topic"


@dataclass(frozen=True, slots=True)
class MoveTopic:
    """Put a topic, with all below it, under another one, as its last child."""

    topic: UUID
    parent: UUID
    op: Literal["move_topic"] = "move_topic"


@dataclass(frozen=True, slots=True)
class MergeTopics:
    """Put the papers and children of some topics into one that stays."""

    topics: tuple[UUID, ...]
    into: UUID
    op: Literal["merge_topics"] = "merge_topics"


@dataclass(frozen=True, slots=True)
class Group:
    """A part of a topic that is split: papers right in it, children of it; ``topic`` is the part's own id."""

    label: str
    papers: tuple[UUID, ...] = ()
    description: str = ""
    topic: UUID | None = None
    children: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class SplitTopic:
    """Make topics below one of groups of its papers and children; those in no group stay right in it.

    ``k`` asks for so many groups to be found; they are there by the time the operation is carried out. What
    was found so is the machine's: papers stay as sure as they were, and labels are keyphrases.
    """

    topic: UUID
    groups: tuple[Group, ...] = ()
    k: int | None = None
    op: Literal["split_topic"] = "split_topic"


@dataclass(frozen=True, slots=True)
class CreateTopic:
    """Make a topic, and assign papers to it; ``topic`` is the id it gets."""

    parent: UUID
    label: str
    description: str = ""
    papers: tuple[UUID, ...] = ()
    topic: UUID | None = None
    op: Literal["create_topic"] = "create_topic"


@dataclass(frozen=True, slots=True)
class DeleteTopic:
    """Take a topic away; its children move up, its papers to its parent or to no topic."""

    topic: UUID
    papers_to: Literal["parent", "unassigned"]
    op: Literal["delete_topic"] = "delete_topic"


@dataclass(frozen=True, slots=True)
class ReorderChildren:
    """Show children of a topic in another order; those not named keep their places."""

    topic: UUID
    children: tuple[UUID, ...]
    op: Literal["reorder_children"] = "reorder_children"


@dataclass(frozen=True, slots=True)
class AssignPaper:
    """Make a topic the first home of a paper, instead of the one it has."""

    paper: UUID
    topic: UUID
    op: Literal["assign_paper"] = "assign_paper"


@dataclass(frozen=True, slots=True)
class AddHome:
    """Give a paper a further home."""

    paper: UUID
    topic: UUID
    op: Literal["add_home"] = "add_home"


@dataclass(frozen=True, slots=True)
class RemovePaper:
    """Take a paper out of a topic and all those below it; the surest second home becomes its first."""

    paper: UUID
    topic: UUID
    op: Literal["remove_paper"] = "remove_paper"


@dataclass(frozen=True, slots=True)
class RejectAssignment:
    """Say that a paper is wrong in a topic: it is taken out of it, and never put there again."""

    paper: UUID
    topic: UUID
    op: Literal["reject_assignment"] = "reject_assignment"


@dataclass(frozen=True, slots=True)
class LiftRejection:
    """Take back that a paper is wrong in a topic: it stays where it is, and may be put there again."""

    paper: UUID
    topic: UUID
    op: Literal["lift_rejection"] = "lift_rejection"


@dataclass(frozen=True, slots=True)
class Lock:
    """Keep a topic (its names, place and papers) or a paper (its homes) as it is."""

    topic: UUID | None = None
    paper: UUID | None = None
    op: Literal["lock"] = "lock"


@dataclass(frozen=True, slots=True)
class Unlock:
    """Let a topic or a paper be changed again."""

    topic: UUID | None = None
    paper: UUID | None = None
    op: Literal["unlock"] = "unlock"


Operation: TypeAlias = (
    RenameTopic
    | DescribeTopic
    | MoveTopic
    | MergeTopics
    | SplitTopic
    | CreateTopic
    | DeleteTopic
    | ReorderChildren
    | AssignPaper
    | AddHome
    | RemovePaper
    | RejectAssignment
    | LiftRejection
    | Lock
    | Unlock
)
Change: TypeAlias = dict[str, Any]
"""A field of a topic, paper or rejection before and after an operation, as JSON holds it."""

_ADAPTER: TypeAdapter[Operation] = TypeAdapter(Annotated[Operation, Field(discriminator="op")])


def operation_to_json(operation: Operation) -> dict[str, Any]:
    """Give an operation as the log keeps it; what says nothing is left out."""
    document: dict[str, Any] = _ADAPTER.dump_python(operation, mode="json", exclude_none=True)
    return document


def operation_from_json(document: dict[str, Any]) -> Operation:
    """Read what `operation_to_json` gave."""
    return _ADAPTER.validate_python(document)


def name_new_topics(operation: Operation, new_id: Callable[[], UUID]) -> Operation:
    """Give ids to the topics an operation makes, so that whoever repeats it makes the same ones."""
    match operation:
        case CreateTopic(topic=None):
            return replace(operation, topic=new_id())
        case SplitTopic():
            groups = (group if group.topic else replace(group, topic=new_id()) for group in operation.groups)
            return replace(operation, groups=tuple(groups))
    return operation
