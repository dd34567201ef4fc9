"""`papertree search` and `neighbours`: finds papers by words, by meaning, or by likeness to another."""

from enum import StrEnum
from typing import Annotated

import typer

from app.cli.command import AsJson, Command, CorpusName
from app.cli.connection import connect
from app.cli.named import find_corpus, find_paper
from app.cli.terminal import Document, Terminal

SEARCH_EPILOG = """\b
Examples:
  papertree search mine "graph neural networks"
  papertree search mine "how do plants sense drought" --mode meaning -k 20"""
NEIGHBOURS_EPILOG = """\b
Examples:
  papertree neighbours mine 10.1000/182
  papertree neighbours mine smith2020 -k 5 --json"""

application = typer.Typer()

HowMany = Annotated[int, typer.Option("-k", min=1, max=200, help="How many papers.")]


class Mode(StrEnum):
    """How papers are matched to a query."""

    WORDS = "words"
    MEANING = "meaning"


@application.command("search", cls=Command, epilog=SEARCH_EPILOG)
def search(
    corpus: CorpusName,
    query: Annotated[str, typer.Argument(metavar="WORDS", help="What to look for.", show_default=False)],
    k: HowMany = 10,
    mode: Annotated[
        Mode, typer.Option(help="By the words in the papers, or by what the papers mean.")
    ] = Mode.WORDS,
    as_json: AsJson = False,
) -> None:
    """Search the papers of a corpus.

    The best come first, each with the path to its topic.
    """
    terminal = Terminal(as_json=as_json)
    with connect(terminal) as client:
        found = find_corpus(client, corpus)
        answer = client.post(f"/corpora/{found['id']}/search", {"query": query, "k": k, "mode": mode.value})
    if as_json:
        terminal.json(answer)
    elif not answer["items"]:
        terminal.note("No paper matches.")
    else:
        _tell_notice(found, terminal)
        terminal.table(
            ["", "similarity", "year", "paper", "title", "topic"], map(_found_row, answer["items"])
        )


@application.command("neighbours", cls=Command, epilog=NEIGHBOURS_EPILOG)
def neighbours(
    corpus: CorpusName,
    source_id: Annotated[
        str,
        typer.Argument(metavar="SOURCE_ID", help="The id the paper has in its source.", show_default=False),
    ],
    k: HowMany = 10,
    as_json: AsJson = False,
) -> None:
    """Show the nearest neighbours of a paper.

    They are the papers whose meaning is most like its own.
    """
    terminal = Terminal(as_json=as_json)
    with connect(terminal) as client:
        found = find_corpus(client, corpus)
        paper = find_paper(client, found, source_id)
        answer = client.get(f"/papers/{paper['id']}/neighbours", k=k)
    if as_json:
        terminal.json(answer)
        return
    terminal.note(f"Nearest to: {paper['title']}")
    _tell_notice(found, terminal)
    terminal.table(["similarity", "year", "paper", "title"], map(_neighbour_row, answer["items"]))


def _tell_notice(corpus: Document, terminal: Terminal) -> None:
    if corpus.get("notice"):
        terminal.note(corpus["notice"])


def _found_row(item: Document) -> list[object]:
    paper = item["paper"]
    path = " > ".join(item.get("path") or ())
    return [item["rank"], _similarity(item), paper.get("year"), paper["source_id"], paper["title"], path]


def _neighbour_row(item: Document) -> list[object]:
    paper = item["paper"]
    return [_similarity(item), paper.get("year"), paper["source_id"], paper["title"]]


def _similarity(item: Document) -> str:
    return "" if item.get("similarity") is None else f"{item['similarity']:.3f}"
