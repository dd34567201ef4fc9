"""`papertree serve`: runs everything, with the sample or a file of one's own already in it."""

import sys
from dataclasses import replace
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.bring_in import bring_in, corpus_name
from app.cli.command import AsJson, Command
from app.cli.connection import KEY_FILE, connect_to, local_server, read_settings, start_stack
from app.cli.named import find_hierarchy
from app.cli.pages import build_stale_pages
from app.cli.terminal import Document, Terminal
from app.cli.topic_tree import show_hierarchy
from app.errors import ConflictError
from app.settings import Settings

if TYPE_CHECKING:
    from app.cli.client import Client

EPILOG = """\b
Examples:
  papertree serve
  papertree serve --demo
  papertree serve --corpus refs.bib --port 8080

\b
On the first run, when there is no corpus yet, the invented sample is brought in; --no-demo leaves it out.
A file that is there already is not read again. Ctrl-C stops everything."""

SAMPLE_NAME = "sample"
SAMPLE_NOTICE = "Invented papers, written for papertree: not real research."
_LEVELS_SHOWN = 2

application = typer.Typer()


class AlreadyServing(ConflictError):
    """A server runs on this data directory."""

    slug = "already-serving"
    title = "papertree runs already"


@application.command("serve", cls=Command, epilog=EPILOG)
def serve(
    demo: Annotated[
        bool | None,
        typer.Option(
            "--demo/--no-demo", help="Bring in the invented sample; by default on the first run only."
        ),
    ] = None,
    corpus: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", exists=True, dir_okay=False, readable=True, help="Bring in this file of papers."
        ),
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Run the databases, a worker and the web server until Ctrl-C."""
    terminal = Terminal(as_json=as_json)
    settings = read_settings()
    if (running := local_server(settings)) is not None:
        detail = f"It serves this data directory at {running.address}."
        raise AlreadyServing(f"{detail} Use or stop that one, or set PAPERTREE_DATA.")
    if port is not None:
        settings = replace(settings, port=port)
    try:
        build_stale_pages(terminal)
        terminal.note("Starting the databases, a worker and the web server.")
        with start_stack(settings) as stack:
            with connect_to(stack, terminal) as client:
                brought = _bring_what_was_asked(client, corpus, demo, terminal)
                _show(client, brought, settings, terminal)
            stack.wait()
            terminal.note("Stopping.")
    except KeyboardInterrupt:
        terminal.note("Stopped.")


def _bring_what_was_asked(
    client: "Client", file: Path | None, demo: bool | None, terminal: Terminal
) -> list[Document]:
    brought = []
    if demo or (demo is None and file is None and _is_first_run(client)):
        with as_file(files("app.corpus") / "sample" / "papers.jsonl") as sample:
            brought.append(bring_in(client, sample, SAMPLE_NAME, terminal, notice=SAMPLE_NOTICE))
    if file is not None:
        brought.append(bring_in(client, file, corpus_name(file), terminal))
    return brought


def _is_first_run(client: "Client") -> bool:
    """Whether nobody has brought papers in yet, but for a sample that an earlier run did not finish."""
    corpora = list(client.items("/corpora"))
    begun = [one for one in corpora if (one["name"], one["notice"]) == (SAMPLE_NAME, SAMPLE_NOTICE)]
    return not any(one["n_papers"] for one in corpora) or any(not one["hierarchies"] for one in begun)


def _show(client: "Client", brought: list[Document], settings: Settings, terminal: Terminal) -> None:
    """Print the top of each tree that was asked for, else of the first there is, and the address."""
    shown = brought or [one for one in client.items("/corpora", most=200) if one["hierarchies"]][:1]
    address = client.server.address
    if terminal.as_json:
        terminal.json({"address": address, "corpora": shown})
        return
    for corpus in shown:
        hierarchy = client.get(f"/hierarchies/{find_hierarchy(client, corpus['name'], 'topic')['id']}")
        terminal.say("")
        terminal.say(f"Corpus {corpus['name']!r}, {corpus['n_papers']:,} papers:")
        show_hierarchy(hierarchy, _LEVELS_SHOWN, terminal)
    terminal.say("")
    if sys.stdout.isatty():
        # The part after # stays in the browser; the page takes the key from it.
        terminal.say(f"papertree is at {address}/#key={client.server.key}")
    else:
        terminal.say(f"papertree is at {address}")
        terminal.say(f"The key to it is in {settings.data_directory / KEY_FILE}")
    terminal.say("Ctrl-C stops it.")
