"""Why an operation cannot be carried out on the hierarchy as it is."""

from collections.abc import Iterable
from typing import ClassVar
from uuid import UUID

from app.errors import ConflictError


class Conflict(ConflictError):
    """An operation that the present state does not allow; nothing of it was done.

    Parameters
    ----------
    detail : str
        What stands against it.
    topics, papers : iterables of UUID
        The things that stand against it.
    """

    reason: ClassVar[str]

    def __init__(self, detail: str, *, topics: Iterable[UUID] = (), papers: Iterable[UUID] = ()) -> None:
        super().__init__(
            detail,
            reason=self.reason,
            topics=[str(topic) for topic in topics],
            papers=[str(paper) for paper in papers],
        )


class WouldFormCycle(Conflict):
    """A topic would be put below itself."""

    reason = "cycle"
    slug = "correction-cycle"
    title = "A topic would be below itself"


class IsLocked(Conflict):
    """Something that would change is locked."""

    reason = "locked"
    slug = "correction-locked"
    title = "Something that would change is locked"


class WasRejected(Conflict):
    """A paper would stand where somebody said it never should."""

    reason = "negative"
    slug = "correction-rejected"
    title = "A paper was marked wrong there"


class NotThere(Conflict):
    """A topic or paper that an operation names is not there."""

    reason = "missing"
    slug = "correction-missing"
    title = "Something the operation names is not there"


class NotPossible(Conflict):
    """An operation that makes no sense with these topics or papers."""

    reason = "impossible"
    slug = "correction-impossible"
    title = "The operation cannot be carried out"


class ChangedSince(Conflict):
    """What would be taken back was changed by a later step."""

    reason = "changed"
    slug = "correction-changed-since"
    title = "It was changed again since"
