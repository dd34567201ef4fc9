"""`papertree correct`, `undo` and `redo`: change a hierarchy, take it back, do it again."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer

from app.cli.command import AsJson, Command, CorpusName, Facet
from app.cli.connection import connect
from app.cli.named import find_corpus, find_hierarchy
from app.cli.operations_file import Names, read_operations
from app.cli.terminal import Document, Terminal

if TYPE_CHECKING:
    from app.cli.client import Client

CORRECT_EPILOG = """\b
Examples:
  papertree correct mine operations.json
  papertree correct mine operations.json --preview
  echo '{"op": "rename_topic", "topic": "bees", "label": "Wild bees"}' | papertree correct mine -

\b
The file holds one operation or a list, which is one step. Topics go by label or id, papers by the id of
their source or ours:
  {"op": "rename_topic", "topic": T, "label": "..."}       {"op": "move_topic", "topic": T, "parent": T}
  {"op": "describe_topic", "topic": T, "description": "..."}
  {"op": "merge_topics", "topics": [T, ...], "into": T}
  {"op": "split_topic", "topic": T, "groups": [{"label": "...", "papers": [P, ...]}, ...]}
  {"op": "split_topic", "topic": T, "k": 2 to 8}           finds the groups, which --preview tells before
  {"op": "create_topic", "parent": T, "label": "...", "papers": [P, ...]}
  {"op": "delete_topic", "topic": T, "papers_to": "parent" or "unassigned"}
  {"op": "reorder_children", "topic": T, "children": [T, ...]}
  {"op": "assign_paper", "paper": P, "topic": T}           {"op": "add_home", "paper": P, "topic": T}
  {"op": "remove_paper", "paper": P, "topic": T}           {"op": "reject_assignment", "paper": P, "topic": T}
  {"op": "lift_rejection", "paper": P, "topic": T}
  {"op": "lock", "topic": T} or {"op": "lock", "paper": P}; "unlock" likewise"""
UNDO_EPILOG = """\b
Examples:
  papertree undo mine
  papertree undo mine --step 01890a5d-ac96-774b-bcce-b302099a8057
  papertree undo mine --actor "summer student" --since 2026-07-01T00:00:00Z

`papertree history` shows the operation ids of the steps. Of several steps those that can be are undone,
and the others listed."""
REDO_EPILOG = """\b
Examples:
  papertree redo mine
  papertree redo mine --step 01890a5d-ac96-774b-bcce-b302099a8057"""

application = typer.Typer()

StepId = Annotated[str | None, typer.Option("--step", metavar="ID", help="Operation id of the step.")]


@application.command("correct", cls=Command, epilog=CORRECT_EPILOG)
def correct(
    corpus: CorpusName,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="JSON file of operations; - for stdin.", show_default=False)
    ],
    preview: Annotated[bool, typer.Option("--preview", help="Only tell what it would do.")] = False,
    facet: Facet = "topic",
    as_json: AsJson = False,
) -> None:
    """Correct the hierarchy of a corpus.

    All operations of the file are done, as one step, or none.
    """
    terminal = Terminal(as_json=as_json)
    operations = read_operations(file)
    with connect(terminal) as client:
        found = find_corpus(client, corpus)
        tree = client.get(f"/hierarchies/{find_hierarchy(client, corpus, facet)['id']}")
        names = Names(client, found, tree["topics"])
        body: Document = {"operations": [names.resolve(one) for one in operations]}
        if preview:
            answer = client.post(f"/hierarchies/{tree['id']}/corrections/preview", body)
        else:
            answer = send_step(client, tree, "corrections", body)
    if as_json:
        terminal.json(answer)
    elif preview:
        terminal.say(f"It would: {effect_text(answer['effect'])}.")
        for split in answer["splits"]:
            _tell_groups(split["groups"], terminal)
        for conflict in answer["conflicts"]:
            terminal.say(f"Not possible, operation {conflict['operation'] + 1}: {conflict['detail']}")
    else:
        tell_step(answer, terminal)
    if preview and answer["conflicts"]:
        raise typer.Exit(1)


@application.command("undo", cls=Command, epilog=UNDO_EPILOG)
def undo(
    corpus: CorpusName,
    step: StepId = None,
    actor: Annotated[str | None, typer.Option(help="Undo all steps of this key (its name or id).")] = None,
    since: Annotated[
        str | None, typer.Option(metavar="TIME", help="With --actor: those since this time, with its zone.")
    ] = None,
    facet: Facet = "topic",
    as_json: AsJson = False,
) -> None:
    """Undo a step, or all of somebody's.

    Your last one if none is named.
    """
    asked = {"operation_id": step, "actor": actor, "since": since}
    _turn("undo", corpus, facet, asked, Terminal(as_json=as_json))


@application.command("redo", cls=Command, epilog=REDO_EPILOG)
def redo(corpus: CorpusName, step: StepId = None, facet: Facet = "topic", as_json: AsJson = False) -> None:
    """Do a step again that was undone.

    The one you undid last if none is named.
    """
    _turn("redo", corpus, facet, {"operation_id": step}, Terminal(as_json=as_json))


def send_step(client: "Client", hierarchy: Document, path: str, body: Document) -> Document:
    """Ask for a step, on the strength of a hierarchy as it was read; it is known by a key of its own."""
    headers = {"If-Match": f'"{hierarchy["version"]}"', "Idempotency-Key": uuid4().hex}
    return client.post(f"/hierarchies/{hierarchy['id']}/{path}", body, headers=headers)


def effect_text(effect: Document) -> str:
    """Tell what operations do, in a line."""
    parts = [
        _count(effect["n_papers_moved"], "paper", "moved"),
        _count(effect["n_papers_carried"], "paper", "taken along"),
        _count(len(effect["topics_touched"]), "topic", "touched"),
        _count(len(effect["locked_carried"]), "locked topic", "taken along"),
    ]
    return ", ".join(part for part in parts if part) or "nothing changed"


def tell_step(answer: Document, terminal: Terminal) -> None:
    """Tell what a step did."""
    terminal.say(f"Version {answer['version']}: {effect_text(answer['effect'])}.")
    for left in answer["not_done"]:
        terminal.say(f"Left as it is, version {left['version']}: {left['detail']}")
    terminal.note(f"Operation {answer['operation_id']}")


def _turn(verb: str, corpus: str, facet: str, asked: Document, terminal: Terminal) -> None:
    given = {name: value for name, value in asked.items() if value is not None}
    with connect(terminal) as client:
        hierarchy = find_hierarchy(client, corpus, facet)
        tree = client.get(f"/hierarchies/{hierarchy['id']}")
        answer = send_step(client, tree, verb, given)
    if terminal.as_json:
        terminal.json(answer)
    else:
        tell_step(answer, terminal)


def _tell_groups(groups: list[Document], terminal: Terminal) -> None:
    rows = [
        (
            group["label"],
            _count(len(group["papers"]), "paper", "") or _count(len(group["children"]), "topic", ""),
            "; ".join(paper["title"] for paper in group["exemplars"][:2]),
        )
        for group in groups
    ]
    terminal.table(("part", "of", "such as"), rows)


def _count(number: int, what: str, done: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'} {done}".strip() if number else ""
