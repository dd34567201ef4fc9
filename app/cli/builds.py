"""`papertree builds`, `switch` and `orphans`: go back to an earlier build; see what a build did not obey."""

from typing import Annotated

import typer

from app.cli.command import AsJson, Command, CorpusName, Facet
from app.cli.connection import connect
from app.cli.corrections import send_step, tell_step
from app.cli.named import find_hierarchy
from app.cli.terminal import Document, Terminal, counted

BUILDS_EPILOG = """\b
Examples:
  papertree builds mine"""
SWITCH_EPILOG = """\b
Examples:
  papertree switch mine 01890a5d-ac96-774b-bcce-b302099a8057

`papertree builds` shows the ids. All corrections that hold now are carried out on that build."""
ORPHANS_EPILOG = """\b
Examples:
  papertree orphans mine
  papertree orphans mine --apply 12.0
  papertree orphans mine --dismiss 12.0 --dismiss 12.3

A correction goes by its place in the history: the version it led to and its number in the batch. Until it is
dismissed every later build tries to obey it again."""

application = typer.Typer()


@application.command("builds", cls=Command, epilog=BUILDS_EPILOG)
def builds(corpus: CorpusName, facet: Facet = "topic", as_json: AsJson = False) -> None:
    """List the builds of a hierarchy; all are kept."""
    terminal = Terminal(as_json=as_json)
    with connect(terminal) as client:
        path = f"/hierarchies/{find_hierarchy(client, corpus, facet)['id']}/builds"
        found = client.get(path)
    if as_json:
        terminal.json(found)
        return
    rows = [
        [one["version"], one["built_at"][:16].replace("T", " "), "live" if one["live"] else "", one["id"]]
        for one in found["items"]
    ]
    terminal.table(["version", "built", "", "id"], rows)


@application.command("switch", cls=Command, epilog=SWITCH_EPILOG)
def switch(
    corpus: CorpusName,
    build: Annotated[str, typer.Argument(metavar="BUILD", help="Id of a build.", show_default=False)],
    facet: Facet = "topic",
    as_json: AsJson = False,
) -> None:
    """Go back to an earlier build, or forth again."""
    terminal = Terminal(as_json=as_json)
    with connect(terminal) as client:
        tree = client.get(f"/hierarchies/{find_hierarchy(client, corpus, facet)['id']}")
        answer = send_step(client, tree, f"builds/{build}/switch", {})
    if as_json:
        terminal.json(answer)
        return
    terminal.say(f"Version {answer['version']} is of the build {answer['build_id']}.")
    told = {"obeyed": answer["n_obeyed"], "orphaned": len(answer["orphans"])}
    tell_obeyed(corpus, told, terminal)


@application.command("orphans", cls=Command, epilog=ORPHANS_EPILOG)
def orphans(
    corpus: CorpusName,
    again: Annotated[
        list[str] | None, typer.Option("--apply", metavar="PLACE", help="Make this one anew; repeatable.")
    ] = None,
    dismiss: Annotated[
        list[str] | None, typer.Option("--dismiss", metavar="PLACE", help="Give this one up; repeatable.")
    ] = None,
    facet: Facet = "topic",
    as_json: AsJson = False,
) -> None:
    """List the corrections that the present build could not obey.

    Or make some of them anew, or give them up.
    """
    if again and dismiss:
        raise typer.BadParameter("Either --apply or --dismiss.", param_hint="--dismiss")
    places = [_read_place(text) for text in again or dismiss or []]
    terminal = Terminal(as_json=as_json)
    with connect(terminal) as client:
        hierarchy = find_hierarchy(client, corpus, facet)
        if not places:
            _show(client.get(f"/hierarchies/{hierarchy['id']}/orphans"), terminal)
            return
        tree = client.get(f"/hierarchies/{hierarchy['id']}")
        path = "orphans/apply" if again else "orphans/dismiss"
        answer = send_step(client, tree, path, {"orphans": places})
    if as_json:
        terminal.json(answer)
    else:
        tell_step(answer, terminal)


def tell_obeyed(corpus: str, told: Document | None, terminal: Terminal) -> None:
    """Tell what became of the corrections when another build went live; jobs of old do not say."""
    if told is None:
        return
    if told["obeyed"]:
        terminal.say(f"It obeys {counted(told['obeyed'], 'correction')}.")
    if told["orphaned"]:
        terminal.say(f"It could not obey {told['orphaned']:,}; to see them: papertree orphans {corpus}")


def _show(found: Document, terminal: Terminal) -> None:
    if terminal.as_json:
        terminal.json(found)
    elif not found["items"]:
        terminal.note("Every correction is obeyed, undone or dismissed.")
    else:
        rows = [
            [f"{one['version']}.{one['number']}", one["operation"]["op"].replace("_", " "), one["detail"]]
            for one in found["items"]
        ]
        terminal.table(["place", "correction", "why it is not obeyed"], rows)


def _read_place(text: str) -> Document:
    version, _, number = text.partition(".")
    if not (version.isascii() and version.isdecimal() and number.isascii() and number.isdecimal()):
        raise typer.BadParameter(f"{text!r} is not written VERSION.NUMBER, as in 12.0.", param_hint="PLACE")
    return {"version": int(version), "number": int(number)}
