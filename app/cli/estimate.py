"""What a build would ask of a language model, told before it starts."""

import sys
from typing import TYPE_CHECKING

import typer

from app.cli.terminal import Document, Terminal, counted

if TYPE_CHECKING:
    from app.cli.client import Client


def ask_for_estimate(client: "Client", corpus: Document, facet: str) -> Document:
    """Have the server estimate what naming the topics of a corpus takes."""
    return client.get(f"/corpora/{corpus['id']}/hierarchies/estimate", facet=facet)


def estimate_text(estimate: Document) -> str:
    """Say an estimate in words."""
    n_topics = f"about {counted(estimate['n_topics'], 'topic')}"
    if estimate["model"] is None:
        return f"No language model is configured: keyphrases will name {n_topics}, at no cost."
    money = f", which cost about {estimate['money']:.2f} at your prices" if estimate["money"] else ""
    text = (
        f"The language model {estimate['model']} will be asked to name {n_topics} in about "
        f"{counted(estimate['n_calls'], 'question')}: about {estimate['tokens']:,} tokens{money}."
    )
    return f"{text}{_left_text(estimate)}"


def confirm(estimate: Document, terminal: Terminal, *, yes: bool) -> None:
    """Tell what a build will cost; on a terminal, ask before money is spent."""
    if estimate["model"] is None:
        return
    terminal.note(estimate_text(estimate))
    if estimate["money"] and not yes and _is_somebody_there(terminal):
        typer.confirm("Build it?", abort=True, err=True)


def _is_somebody_there(terminal: Terminal) -> bool:
    return sys.stdin.isatty() and terminal.err.is_terminal


def _left_text(estimate: Document) -> str:
    left = [] if estimate["tokens_left"] is None else [f"{estimate['tokens_left']:,} tokens"]
    left += [] if estimate["money_left"] is None else [f"{estimate['money_left']:.2f} at your prices"]
    text = f" Left to spend: {', '.join(left)}." if left else ""
    more = " That is not enough for all of them; keyphrases name the others."
    return text if estimate["is_affordable"] else text + more
