"""`papertree review`: the assignments that are most worth an answer."""

from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.command import AsJson, Command, CorpusName, Facet
from app.cli.connection import connect
from app.cli.named import find_hierarchy
from app.cli.progress import watch
from app.cli.terminal import Document, ServerProblem, Terminal

if TYPE_CHECKING:
    from app.cli.client import Client

EPILOG = """\b
Examples:
  papertree review mine
  papertree review mine --limit 50 --json

\b
Answer with `papertree correct mine FILE`; with --json each assignment has its operations ready:
  {"op": "lock", "paper": P}                               it is right where it is
  {"op": "assign_paper", "paper": P, "topic": T}           it belongs there instead
  {"op": "reject_assignment", "paper": P, "topic": T}      it is wrong where it is"""

application = typer.Typer()


@application.command("review", cls=Command, epilog=EPILOG)
def review(
    corpus: CorpusName,
    most: Annotated[int, typer.Option("--limit", min=1, max=200, help="How many to list.")] = 20,
    facet: Facet = "topic",
    as_json: AsJson = False,
) -> None:
    """List the assignments that an answer would tell most about.

    What people said until now is learnt first, if that was not done yet. Other topics are proposed once there
    are answers.
    """
    terminal = Terminal(as_json=as_json)
    with connect(terminal) as client:
        path = f"/hierarchies/{find_hierarchy(client, corpus, facet)['id']}/review"
        answer = _scored(client, path, most)
        if answer is None or answer["scored_version"] != answer["version"]:
            watch(client, client.post(path, {}), terminal)
            answer = client.get(path, limit=most)
    if as_json:
        terminal.json(answer)
        return
    terminal.note(f"Learnt from {answer['n_answered']:,} papers that people spoke about.")
    terminal.table(("stays", "paper", "title", "is in", "or rather"), map(_row, answer["items"]))


def _scored(client: "Client", path: str, most: int) -> Document | None:
    try:
        return client.get(path, limit=most)
    except ServerProblem as problem:
        if problem.document.get("type") != "urn:papertree:review-not-found":
            raise
        return None


def _row(item: Document) -> tuple[str, ...]:
    paper, here = item["paper"], item["topic"]
    rather = item["likely"][0] if item["likely"] else None
    return (
        "" if item["stays"] is None else f"{item['stays']:.2f}",
        paper["source_id"],
        paper["title"],
        " > ".join(here["path"]) if here else "",
        f"{' > '.join(rather['topic']['path'])} ({rather['chance']:.2f})" if rather else "",
    )
