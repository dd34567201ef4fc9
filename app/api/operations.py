"""The operations that corrections are made of, as clients send them."""

from typing import Annotated, Literal, Self, TypeAlias
from uuid import UUID

from pydantic import Field, model_validator

from app.api.texts import Body, Label, cleaner
from app.corrections.operations import Operation, operation_from_json

MAX_OPERATIONS = 2_000
MAX_PAPERS = 20_000
MAX_DESCRIPTION = 2_000

Description = Annotated[str, Field(max_length=MAX_DESCRIPTION), cleaner(MAX_DESCRIPTION, may_be_empty=True)]
PaperIds = Annotated[list[UUID], Field(max_length=MAX_PAPERS)]


class RenameTopicIn(Body):
    """Give a topic another label."""

    op: Literal["rename_topic"]
    topic: UUID
    label: Label


class DescribeTopicIn(Body):
    """Give a topic another description."""

    op: Literal["describe_topic"]
    topic: UUID
    description: Description


class MoveTopicIn(Body):
    """Put a topic, with all below it, under another one, as its last child."""

    op: Literal["move_topic"]
    topic: UUID
    parent: UUID


class MergeTopicsIn(Body):
    """Put the papers and children of some topics into one that stays."""

    op: Literal["merge_topics"]
    topics: Annotated[list[UUID], Field(min_length=1, max_length=200)]
    into: UUID


class GroupIn(Body):
    """A part of a topic: papers right in it, and children of it; ``topic`` may name the id it is to have."""

    label: Label
    papers: PaperIds = Field(default_factory=list)
    children: Annotated[list[UUID], Field(max_length=2_000)] = Field(default_factory=list)
    description: Description = ""
    topic: UUID | None = None


class SplitTopicIn(Body):
    """Make topics below one of groups of its papers and children: of those given, or of ``k`` to be found.

    If it has children, ``k`` puts those that are alike together; else it divides its papers. The preview
    tells the same groups.
    """

    op: Literal["split_topic"]
    topic: UUID
    groups: Annotated[list[GroupIn], Field(max_length=50)] = Field(default_factory=list)
    k: Annotated[int, Field(ge=2, le=8)] | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if self.groups and self.k is not None:
            raise ValueError("Name groups, or how many to find, not both.")
        return self


class CreateTopicIn(Body):
    """Make a topic and assign papers to it; ``topic`` may name the id it is to have."""

    op: Literal["create_topic"]
    parent: UUID
    label: Label
    description: Description = ""
    papers: PaperIds = Field(default_factory=list)
    topic: UUID | None = None


class DeleteTopicIn(Body):
    """Take a topic away; its children move up, its papers to its parent or to no topic."""

    op: Literal["delete_topic"]
    topic: UUID
    papers_to: Literal["parent", "unassigned"]


class ReorderChildrenIn(Body):
    """Show children of a topic in another order; those not named keep their places."""

    op: Literal["reorder_children"]
    topic: UUID
    children: Annotated[list[UUID], Field(min_length=1, max_length=2_000)]


class PlacePaperIn(Body):
    """Make a topic a paper's first home, or a further one; take it out; mark it wrong there, or lift that."""

    op: Literal["assign_paper", "add_home", "remove_paper", "reject_assignment", "lift_rejection"]
    paper: UUID
    topic: UUID


class LockIn(Body):
    """Keep a topic or a paper as it is, or let it be changed again; name one of the two."""

    op: Literal["lock", "unlock"]
    topic: UUID | None = None
    paper: UUID | None = None


OperationIn: TypeAlias = Annotated[
    RenameTopicIn
    | DescribeTopicIn
    | MoveTopicIn
    | MergeTopicsIn
    | SplitTopicIn
    | CreateTopicIn
    | DeleteTopicIn
    | ReorderChildrenIn
    | PlacePaperIn
    | LockIn,
    Field(discriminator="op"),
]


class CorrectionsIn(Body):
    """A batch of operations: one step, done whole or not at all."""

    operations: Annotated[list[OperationIn], Field(min_length=1, max_length=MAX_OPERATIONS)]

    def to_operations(self) -> list[Operation]:
        """Give the operations as the core knows them."""
        return [operation_from_json(one.model_dump(exclude_none=True)) for one in self.operations]
