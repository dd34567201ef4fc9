"""`papertree corpora`: lists and deletes corpora."""

from typing import Annotated

import typer

from app.cli.command import AsJson, Command, CorpusName, Group
from app.cli.connection import connect
from app.cli.named import find_corpus
from app.cli.terminal import Document, Terminal, counted

EPILOG = """\b
Examples:
  papertree corpora
  papertree corpora --json
  papertree corpora delete mine"""

application = typer.Typer(
    cls=Group,
    name="corpora",
    help="List the corpora, or delete one.",
    epilog=EPILOG,
    invoke_without_command=True,
)


@application.callback()
def list_corpora(ctx: typer.Context, as_json: AsJson = False) -> None:
    """List the corpora, or delete one."""
    if ctx.invoked_subcommand is not None:
        return
    terminal = Terminal(as_json=as_json)
    with connect(terminal) as client:
        corpora = list(client.items("/corpora"))
    if as_json:
        terminal.json({"items": corpora})
    elif not corpora:
        terminal.say("No corpora yet. Import one: papertree import FILE --corpus NAME")
    else:
        terminal.table(["corpus", "papers", "hierarchies", "made", "notice"], map(_row, corpora))


@application.command("delete", cls=Command)
def delete_corpus(
    name: CorpusName,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Delete a corpus with its papers, hierarchies and jobs; there is no way back."""
    terminal = Terminal(as_json=as_json)
    with connect(terminal) as client:
        corpus = find_corpus(client, name)
        if not yes:
            question = f"Delete the corpus {name!r} with its {corpus['n_papers']:,} papers?"
            typer.confirm(question, abort=True, err=True)
        client.delete(f"/corpora/{corpus['id']}")
    if as_json:
        terminal.json({"deleted": {"id": corpus["id"], "name": corpus["name"]}})
    else:
        terminal.say(f"Deleted the corpus {name!r}.")


def _row(corpus: Document) -> list[object]:
    hierarchies = ", ".join(_summary(row) for row in corpus["hierarchies"])
    made = str(corpus["created_at"])[:10]
    return [corpus["name"], corpus["n_papers"], hierarchies or "not built", made, corpus.get("notice")]


def _summary(hierarchy: Document) -> str:
    """Say what a hierarchy is of, and how many topics it has below its root."""
    return f"{hierarchy['facet']} ({counted(max(0, hierarchy['n_topics'] - 1), 'topic')})"
