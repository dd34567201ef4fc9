"""What a language model would be asked, told before it is."""

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
    text = (
        f"The language model {estimate['model']} will be asked to name {n_topics} in about "
        f"{counted(estimate['n_calls'], 'question')}: about {_round(estimate['tokens']):,} tokens"
        f"{_money(estimate)}."
    )
    more = " That is not enough for all of them; keyphrases name the others."
    return text + _left_text(estimate) + ("" if estimate["is_affordable"] else more)


def confirm(estimate: Document, terminal: Terminal, *, yes: bool) -> None:
    """Tell what a build will cost; on a terminal, ask before money is spent."""
    _confirm(estimate, estimate_text(estimate), "Build it?", terminal, yes=yes)


def questions_text(estimate: Document, what_for: str) -> str:
    """Say in words what claims or aspects would cost; ``what_for`` ends "asked"."""
    if estimate["model"] is None:
        return "No language model is configured, and this needs one."
    text = (
        f"The language model {estimate['model']} will be asked {what_for} in about "
        f"{counted(estimate['n_calls'], 'question')}: about {_round(estimate['tokens']):,} tokens"
        f"{_money(estimate)}."
    )
    not_enough = "" if estimate["is_affordable"] else " That is not enough for all of it."
    return text + _left_text(estimate) + not_enough


def confirm_questions(estimate: Document, what_for: str, terminal: Terminal, *, yes: bool) -> None:
    """Tell what claims or aspects will cost; on a terminal, ask before money is spent."""
    _confirm(estimate, questions_text(estimate, what_for), "Ask it?", terminal, yes=yes)


def _confirm(estimate: Document, text: str, question: str, terminal: Terminal, *, yes: bool) -> None:
    if estimate["model"] is None:
        return
    terminal.note(text)
    if estimate["money"] and not yes and _is_somebody_there(terminal):
        typer.confirm(question, abort=True, err=True)


def _is_somebody_there(terminal: Terminal) -> bool:
    return sys.stdin.isatty() and terminal.err.is_terminal


def _money(estimate: Document) -> str:
    return f", which cost about {estimate['money']:.2f} at your prices" if estimate["money"] else ""


def _round(number: int) -> int:
    """Keep two digits: an estimate is no better than that."""
    return round(number, 2 - len(str(number)))


def _left_text(estimate: Document) -> str:
    left = [] if estimate["tokens_left"] is None else [f"{estimate['tokens_left']:,} tokens"]
    # Where nothing costs anything, what may be spent says nothing.
    is_free = estimate["money_left"] is None or not estimate["money"]
    left += [] if is_free else [f"{estimate['money_left']:.2f} at your prices"]
    return f" Left to spend: {', '.join(left)}." if left else ""
