"""The four kinds of failure; each real one is defined beside the function that raises it."""

from typing import ClassVar


class Problem(Exception):
    """Something a caller can be told about, as a problem document (RFC 9457).

    Parameters
    ----------
    detail : str
        What happened this time and what puts it right; shown to people as it is.
    **members : object
        Further members of the problem document; JSON values only.
    """

    slug: ClassVar[str]
    title: ClassVar[str]

    def __init__(self, detail: str, **members: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.members = members


class NotFoundError(Problem):
    """What was named does not exist, or not for this caller."""


class ConflictError(Problem):
    """The request is sound, and the present state does not allow it."""


class InvalidError(Problem):
    """The request can never succeed as it is."""


class UnavailableError(Problem):
    """Something this depends on is not there now; trying later may succeed."""
