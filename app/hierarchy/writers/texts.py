"""Writes a hierarchy as a table, and as an outline that people paste into a paper."""

import csv
import io
import re
from collections.abc import Iterator, Sequence

from app.hierarchy.writers.outline import Outline, walk

_COLUMNS = ("id", "parent", "level", "name", "path", "n_papers", "locked")
_RUN = re.compile("'*[=+\\-@\t\r＝＋－＠]")
_MARKS = re.compile(r"([\\`*_\[\]<>#|&~$!])")
_ORDERED = re.compile(r"^(\d+)([.)])|^([+-])(?=\s|$)")


def write_csv(outline: Outline) -> Iterator[str]:
    """Write a table, one topic a row; what a spreadsheet would run gets an apostrophe before it."""
    yield _line(_COLUMNS)
    for placed in walk(outline):
        topic = placed.topic
        path = " > ".join(placed.path)
        named = (str(topic.id), str(topic.parent or ""), str(placed.depth), topic.label, path)
        yield _line((*named, str(topic.n_papers), "true" if topic.locked else "false"))


def write_markdown(outline: Outline) -> Iterator[str]:
    """Write nested lists, the root as the heading above them."""
    yield f"# {_marked(outline.title)}\n\n"
    if outline.notice:
        yield f"{_marked(outline.notice)}\n\n"
    for placed in walk(outline):
        topic = placed.topic
        yield f"{'  ' * placed.depth}- {_marked(topic.label)} ({topic.n_papers})\n"


def _line(cells: Sequence[str]) -> str:
    buffer = io.StringIO()
    lines = (" ".join(cell.split()) for cell in cells)
    csv.writer(buffer).writerow([f"'{cell}" if _RUN.match(cell) else cell for cell in lines])
    return buffer.getvalue()


def _marked(text: str) -> str:
    """Keep signs from being taken for marks of Markdown or HTML."""
    text = _MARKS.sub(r"\\\1", " ".join(text.split()))
    return _ORDERED.sub(lambda found: f"{found[1]}\\{found[2]}" if found[1] else f"\\{found[3]}", text)
