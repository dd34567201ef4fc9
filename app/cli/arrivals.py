"""`papertree file`: papers that came since a hierarchy was built join it."""

import typer

from app.cli.command import AsJson, Command, CorpusName, Facet
from app.cli.connection import connect
from app.cli.named import find_hierarchy
from app.cli.progress import watch
from app.cli.terminal import Terminal, counted

EPILOG = """\b
Examples:
  papertree import more.bib --corpus mine      # its papers are filed by themselves
  papertree file mine                          # waits until they are, or files those that were left out
  papertree undo mine --step ID                # takes them out again"""

application = typer.Typer()


@application.command("file", cls=Command, epilog=EPILOG)
def file(corpus: CorpusName, facet: Facet = "topic", as_json: AsJson = False) -> None:
    """File the papers that came since the hierarchy was built.

    They are put into the topics there are, and nothing that stands moves. What fits nowhere is left
    unassigned; what is doubtful is to be found with `papertree review`.
    """
    terminal = Terminal(as_json=as_json)
    with connect(terminal) as client:
        tree = find_hierarchy(client, corpus, facet)
        job = watch(client, client.post(f"/hierarchies/{tree['id']}/arrivals", {}), terminal)
    if as_json:
        terminal.json(job)
        return
    result = job["result"]
    terminal.say(f"Filed {counted(result['n_filed'], 'paper')} of {corpus!r}.")
    if result["n_unassigned"]:
        terminal.note(
            f"{counted(result['n_unassigned'], 'paper')} fitted nowhere: papertree unassigned {corpus}"
        )
    if result["n_doubtful"]:
        terminal.note(f"Doubtful: {result['n_doubtful']:,}. To look at them: papertree review {corpus}")
