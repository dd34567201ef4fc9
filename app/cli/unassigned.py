"""`papertree unassigned`: the papers that no topic holds, and where they would stand."""

from typing import Annotated

import typer

from app.cli.command import AsJson, Command, CorpusName, Facet
from app.cli.connection import connect
from app.cli.named import find_hierarchy
from app.cli.terminal import Document, Terminal

EPILOG = """\b
Examples:
  papertree unassigned mine
  papertree unassigned mine --limit 20 --json"""

application = typer.Typer()


@application.command("unassigned", cls=Command, epilog=EPILOG)
def unassigned(
    corpus: CorpusName,
    most: Annotated[
        int | None, typer.Option("--limit", min=1, help="How many to list; all if not given.")
    ] = None,
    facet: Facet = "topic",
    as_json: AsJson = False,
) -> None:
    """List the papers that are in no topic.

    Each comes with the topic it would stand in if it had to, and how sure that is.
    """
    terminal = Terminal(as_json=as_json)
    with connect(terminal) as client:
        hierarchy = find_hierarchy(client, corpus, facet)
        papers = list(client.items(f"/hierarchies/{hierarchy['id']}/unassigned", most=most))
    if as_json:
        terminal.json({"items": papers})
    elif not papers:
        terminal.note("Every paper of the build is in a topic.")
    else:
        terminal.table(["confidence", "year", "paper", "title", "best guess"], map(_row, papers))


def _row(item: Document) -> list[object]:
    paper, guess = item["paper"], item.get("best_guess") or {}
    path = " > ".join(guess.get("path") or [guess.get("label", "")])
    return [f"{item['confidence']:.2f}", paper.get("year"), paper["source_id"], paper["title"], path]
