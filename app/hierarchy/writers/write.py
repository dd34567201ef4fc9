"""Writes a hierarchy in any format, piece by piece."""

from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from app.hierarchy.writers.graphml import write_graphml
from app.hierarchy.writers.outline import Outline
from app.hierarchy.writers.page import write_page
from app.hierarchy.writers.skos import write_jsonld, write_turtle
from app.hierarchy.writers.texts import write_csv, write_markdown

OutlineFormat = Literal["skos-turtle", "skos-jsonld", "csv", "markdown", "graphml", "html"]


class _Format(NamedTuple):
    write: Callable[[Outline], Iterator[str]]
    media_type: str
    suffix: str


FORMATS: dict[OutlineFormat, _Format] = {
    "skos-turtle": _Format(write_turtle, "text/turtle; charset=utf-8", "ttl"),
    "skos-jsonld": _Format(write_jsonld, "application/ld+json", "jsonld"),
    "csv": _Format(write_csv, "text/csv; charset=utf-8", "csv"),
    "markdown": _Format(write_markdown, "text/markdown; charset=utf-8", "md"),
    "graphml": _Format(write_graphml, "application/graphml+xml; charset=utf-8", "graphml"),
    "html": _Format(write_page, "text/html; charset=utf-8", "html"),
}


def write_outline(outline: Outline, format: OutlineFormat) -> Iterator[str]:  # noqa: A002
    """Write a hierarchy. Every text in it is shown as it is, whatever it looks like."""
    return FORMATS[format].write(outline)
