"""`papertree why`: what speaks for a paper's standing where it does."""

from typing import Annotated

import typer

from app.cli.command import AsJson, Command, CorpusName, Facet
from app.cli.connection import connect
from app.cli.named import find_corpus, find_hierarchy, find_paper, find_topic
from app.cli.terminal import Document, Terminal

EPILOG = """\b
Examples:
  papertree why mine smith2020
  papertree why mine smith2020 --topic "hard carbon" --json"""

application = typer.Typer()


@application.command("why", cls=Command, epilog=EPILOG)
def why(
    corpus: CorpusName,
    paper: Annotated[
        str, typer.Argument(metavar="PAPER", help="The paper's id in its source.", show_default=False)
    ],
    topic: Annotated[
        str | None, typer.Option(metavar="TOPIC", help="Label or id; its first home if not given.")
    ] = None,
    facet: Facet = "topic",
    as_json: AsJson = False,
) -> None:
    """Tell why a paper is in a topic.

    The nearest exemplars, shared terms, how near each level and what is beside it is, who put it there.
    """
    terminal = Terminal(as_json=as_json)
    with connect(terminal) as client:
        path = f"/hierarchies/{find_hierarchy(client, corpus, facet)['id']}"
        one = find_paper(client, find_corpus(client, corpus), paper)
        asked = {} if topic is None else {"topic": find_topic(client.get(path)["topics"], topic)["id"]}
        answer = client.get(f"{path}/papers/{one['id']}/why", **asked)
    if as_json:
        terminal.json(answer)
    else:
        _tell(answer, terminal)


def _tell(answer: Document, terminal: Terminal) -> None:
    terminal.say(answer["paper"]["title"])
    terminal.say(f"In {' > '.join(answer['topic']['path'])}")
    home = answer["home"]
    if home is None:
        terminal.say("It does not stand there.")
    else:
        locked = ", locked" if home["locked"] else ""
        step = answer["put_by"]
        who = home["placed_by"] if step is None else f"{step['actor']} at {step['at']}"
        terminal.say(
            f"By its {home['home']} home, put there by {who}{locked}; confidence {home['confidence']:.2f}."
        )
    terminal.say(f"Shared terms: {', '.join(answer['shared_terms']) or 'none'}")
    nearest = [("exemplar", one["paper"]["title"], one["similarity"], None) for one in answer["exemplars"]]
    terminal.table(("what", "name", "similarity", "chance"), map(_row, [*nearest, *_levels(answer)]))


def _levels(answer: Document) -> list[tuple[str, str, float | None, float | None]]:
    return [
        (what, " > ".join(level["topic"]["path"]), level["similarity"], level["chance"])
        for what, name in (("path", "path"), ("instead", "runners_up"))
        for level in answer[name]
    ]


def _row(line: tuple[str, str, float | None, float | None]) -> tuple[str, ...]:
    what, name, *figures = line
    return what, name, *("" if figure is None else f"{figure:.2f}" for figure in figures)
