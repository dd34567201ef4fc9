"""`papertree history`, `snapshot`, `diff` and `check`: what became of a hierarchy, and if it is sound."""

from typing import Annotated

import typer

from app.cli.command import AsJson, Command, CorpusName, Facet
from app.cli.connection import connect
from app.cli.named import find_corpus, find_hierarchy
from app.cli.terminal import Document, Terminal
from app.errors import ConflictError

HISTORY_EPILOG = """\b
Examples:
  papertree history mine
  papertree history mine --undoable --limit 20"""
SNAPSHOT_EPILOG = """\b
Examples:
  papertree snapshot mine "before the summer"
  papertree snapshot mine"""
DIFF_EPILOG = """\b
Examples:
  papertree diff mine
  papertree diff mine 3 7
  papertree diff mine "before the summer\""""
CHECK_EPILOG = """\b
Examples:
  papertree check
  papertree check mine

Every hierarchy must be what its build and the log of corrections give, told by SHA-256, and sound."""

application = typer.Typer()

Version = Annotated[
    str | None, typer.Argument(help="Number of a version, or name of a snapshot.", show_default=False)
]


class CheckFailed(ConflictError):
    """Something stored is not as it must be."""

    slug = "check-failed"
    title = "Something stored is not as it must be"


@application.command("history", cls=Command, epilog=HISTORY_EPILOG)
def history(
    corpus: CorpusName,
    most: Annotated[int, typer.Option("--limit", min=1, help="How many steps to list.")] = 50,
    undoable: Annotated[
        bool, typer.Option("--undoable", help="Also tell which can no longer be undone, and why.")
    ] = False,
    facet: Facet = "topic",
    as_json: AsJson = False,
) -> None:
    """List what was done to a hierarchy, the newest first."""
    terminal = Terminal(as_json=as_json)
    with connect(terminal) as client:
        path = f"/hierarchies/{find_hierarchy(client, corpus, facet)['id']}/history"
        steps = list(client.items(path, most=most, undoable="true" if undoable else None))
    if as_json:
        terminal.json({"items": steps})
    else:
        columns = ["version", "when", "who", "what", "state", "operation id"]
        terminal.table(columns, map(_step_row, steps))


@application.command("snapshot", cls=Command, epilog=SNAPSHOT_EPILOG)
def snapshot(
    corpus: CorpusName,
    name: Annotated[
        str | None, typer.Argument(help="Name for the present version.", show_default=False)
    ] = None,
    facet: Facet = "topic",
    as_json: AsJson = False,
) -> None:
    """Name the present version, or list the names."""
    terminal = Terminal(as_json=as_json)
    with connect(terminal) as client:
        path = f"/hierarchies/{find_hierarchy(client, corpus, facet)['id']}/snapshots"
        answer = client.get(path) if name is None else client.post(path, {"name": name})
    if as_json:
        terminal.json(answer)
    elif name is None:
        rows = [[one["version"], one["name"], one["actor"], _when(one)] for one in answer["items"]]
        terminal.table(["version", "name", "who", "when"], rows)
    else:
        terminal.say(f"Version {answer['version']} is called {answer['name']!r}.")


@application.command("diff", cls=Command, epilog=DIFF_EPILOG)
def diff(
    corpus: CorpusName,
    old: Version = None,
    new: Version = None,
    facet: Facet = "topic",
    as_json: AsJson = False,
) -> None:
    """Compare two versions of a hierarchy.

    The present one with the one before it, unless others are named.
    """
    terminal = Terminal(as_json=as_json)
    with connect(terminal) as client:
        path = f"/hierarchies/{find_hierarchy(client, corpus, facet)['id']}/diff"
        found = client.get(path, **{"from": old, "to": new, "limit": 10_000 if as_json else 0})
    if as_json:
        terminal.json(found)
        return
    terminal.say(f"From version {found['from_version']} to {found['to_version']}:")
    for kind in ("added", "removed", "renamed", "described", "moved"):
        for one in found[f"topics_{kind}"]:
            terminal.say(f"  topic {kind}: {_change_text(kind, one)}")
    terminal.say(f"  papers moved: {found['n_papers_moved']:,}")
    terminal.say(f"  papers with other second homes: {found['n_homes_changed']:,}")


@application.command("check", cls=Command, epilog=CHECK_EPILOG)
def check(
    corpus: Annotated[
        str | None, typer.Argument(metavar="CORPUS", help="Only this corpus.", show_default=False)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check what is stored; nothing is changed.

    Exit status 1 if anything is not as it must be.
    """
    terminal = Terminal(as_json=as_json)
    checked: list[Document] = []
    with connect(terminal) as client:
        corpora = [find_corpus(client, corpus)] if corpus else list(client.items("/corpora"))
        for found in corpora:
            for hierarchy in found["hierarchies"]:
                answer = client.get(f"/hierarchies/{hierarchy['id']}/check")
                checked.append({"corpus": found["name"], "facet": hierarchy["facet"], **answer})
    if as_json:
        terminal.json({"items": checked})
    else:
        rows = [
            [one["corpus"], one["facet"], one["version"], one["sha256"], _verdict(one)] for one in checked
        ]
        terminal.table(["corpus", "facet", "version", "sha256", "found"], rows)
    if not all(one["holds"] for one in checked):
        if as_json:
            raise typer.Exit(1)
        raise CheckFailed("The last column says what; do not correct these before it is understood.")


def _step_row(step: Document) -> list[object]:
    first = step["operations"][0] if step["operations"] else {}
    what = str(first.get("op", step["kind"])).replace("_", " ")
    if step["kind"] == "build":
        what = "build"  # Its operations are those of others, obeyed.
    elif step["n_operations"] > 1:
        what += f" and {step['n_operations'] - 1:,} more"
    state = "undone" if step["undone"] else step["not_undoable"] or ""
    return [step["version"], _when(step), step["actor"], what, state, step["operation_id"]]


def _change_text(kind: str, one: Document) -> str:
    if kind in ("moved", "described"):
        return str(one["label"])
    return " -> ".join(text for text in (one["before"], one["after"]) if text is not None)


def _verdict(one: Document) -> str:
    wrong = [
        f"{finding['invariant']}: no. {finding['detail']}"
        for finding in one["findings"]
        if not finding["holds"]
    ]
    return "; ".join(wrong) or "all as it must be"


def _when(one: Document) -> str:
    return str(one["at"])[:16].replace("T", " ")
