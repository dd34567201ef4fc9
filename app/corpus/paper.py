"""A paper as its source gives it, cleaned."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One work: what a source says of it, after cleaning.

    ``source_id`` is the source's own name for it (unique in a corpus). ``original`` keeps the fields
    as the source wrote them, so that an export gives back what came in. ``keywords`` are never
    embedded, clustered or used for labels.
    """

    source_id: str
    title: str
    abstract: str = ""
    year: int | None = None
    authors: tuple[str, ...] = ()
    venue: str = ""
    keywords: tuple[str, ...] = ()
    doi: str | None = None
    arxiv_id: str | None = None
    pmid: str | None = None
    url: str | None = None
    original: Mapping[str, object] = field(default_factory=dict)
