"""A paper as it is written: with the topics it stands in."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from app.corpus.paper import Paper

STEP = " > "


@dataclass(frozen=True, slots=True)
class Entry:
    """A paper, and the paths of labels from below the root to its topics, the first home first."""

    paper: Paper
    topics: tuple[tuple[str, ...], ...] = ()

    def paths(self) -> list[str]:
        """Write each path as one text."""
        return [STEP.join(path) for path in self.topics]

    def keywords(self) -> list[str]:
        """Give the paper's own keywords, then its topics, each once: managers make tags of them."""
        return list(dict.fromkeys(one_line(word) for word in (*self.paper.keywords, *self.paths()) if word))


def one_line(text: str) -> str:
    """Put a text on one line, without characters that no format carries."""
    return " ".join("".join(" " if sign < " " or sign == "\x7f" else sign for sign in text).split())


def join_all(values: Iterable[str], split: Callable[[str], Sequence[str]]) -> str:
    """Join values by semicolons, so that they are split again as they were.

    A semicolon inside a value becomes a comma. One value that would be taken for several is closed by a
    semicolon, after which nothing else separates.
    """
    plain = [one_line(value).replace(";", ",") for value in values]
    joined = "; ".join(plain)
    return joined if list(split(joined)) == plain else f"{joined};"
