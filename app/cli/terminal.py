"""What a command writes: its answer on stdout, everything else on stderr."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

from rich.console import Console, RenderableType
from rich.table import Table

from app.errors import Problem

Document = dict[str, Any]

# A terminal obeys control characters, and some of the text was written by strangers.
_CONTROLS: dict[int, str | None] = dict.fromkeys(
    [*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)
_CONTROLS |= dict.fromkeys(map(ord, "\t\n\r"), " ")


class ServerProblem(Problem):
    """A problem document that the server answered with, or kept with a job that failed."""

    slug = "server-problem"
    title = "The server answered with a problem"

    def __init__(self, document: Document) -> None:
        super().__init__(str(document.get("detail") or ""))
        self.document = document


class Terminal:
    """The two streams of a command.

    Parameters
    ----------
    as_json : bool
        Only JSON goes to stdout; what is meant for people is left out there.
    """

    def __init__(self, *, as_json: bool = False) -> None:
        self.as_json = as_json
        self.out = _console(sys.stdout)
        self.err = _console(sys.stderr)

    def json(self, document: object) -> None:
        """Print a JSON value on one or more lines of stdout."""
        plain = (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
        sys.stdout.write(json.dumps(document, ensure_ascii=plain, indent=2) + "\n")
        sys.stdout.flush()

    def say(self, text: RenderableType) -> None:
        """Print a part of the answer for people; nothing when JSON was asked for."""
        if not self.as_json:
            self.out.print(clean(text) if isinstance(text, str) else text, soft_wrap=isinstance(text, str))

    def note(self, text: str) -> None:
        """Print a line on stderr that is not part of the answer."""
        self.err.print(clean(text), soft_wrap=True)

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Print rows under headings; separated by tabs when nobody is looking."""
        texts = [[clean("" if cell is None else str(cell)) for cell in row] for row in rows]
        if not self.out.is_terminal:
            lines = [] if self.as_json else [columns, *texts]
            self.out.file.writelines("\t".join(line) + "\n" for line in lines)
            return
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for column in columns:
            table.add_column(column, overflow="fold", header_style="bold")
        for line in texts:
            table.add_row(*line)
        self.say(table)

    def problem(self, problem: Problem) -> None:
        """Show a problem on stderr; as a whole document on stdout when JSON was asked for."""
        document = problem_document(problem)
        if self.as_json:
            self.json(document)
            return
        self.note(f"{document.get('title') or 'The request failed'}.")
        if document.get("detail"):
            self.note(str(document["detail"]))
        for error in document.get("errors") or ():
            self.note(f"  {error.get('pointer') or ''}: {error.get('detail')}")


def problem_document(problem: Problem) -> Document:
    """Give a problem as the document (RFC 9457) that programs read."""
    if isinstance(problem, ServerProblem):
        return problem.document
    return {"type": problem.slug, "title": problem.title, "detail": problem.detail, **problem.members}


def clean(text: str) -> str:
    """Take out of a text what a terminal would obey instead of showing."""
    return text.translate(_CONTROLS)


def _console(stream: TextIO) -> Console:
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="replace")
    return Console(file=stream, markup=False, highlight=False, emoji=False)


def counted(number: int, noun: str) -> str:
    """Give a number with what it counts, in the singular or the plural.

    >>> counted(1, "paper"), counted(1200, "topic")
    ('1 paper', '1,200 topics')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
