"""What all commands share: their options, and telling of a problem instead of a traceback."""

from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from app.cli.terminal import Terminal, problem_document
from app.errors import Problem

AsJson = Annotated[
    bool, typer.Option("--json", help="Print only JSON on stdout, for programs; a problem too.")
]
CorpusName = Annotated[str, typer.Argument(metavar="CORPUS", help="Name of the corpus.", show_default=False)]
Facet = Annotated[str, typer.Option(help="Which way of dividing the papers.")]


FAILED, WRONG_USAGE = 1, 2
# What the server alone can tell of the options of a command; other problems hang on what it holds.
_OF_WRONG_USAGE = ("unknown-parameter", "parameter-out-of-range")


class Command(TyperCommand):
    """A command that ends with a problem a person can read, and a status that says whose fault it is."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - As the class it extends.
        """Run the command."""
        try:
            return super().invoke(ctx)
        except Problem as problem:
            _tell(ctx, problem)


class Group(TyperGroup):
    """Commands under one name; a problem of the group's own action ends as a command's does."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - As the class it extends.
        """Run the group's own action, and the command that was named."""
        try:
            return super().invoke(ctx)
        except Problem as problem:
            _tell(ctx, problem)


def _tell(ctx: typer.Context, problem: Problem) -> None:
    Terminal(as_json=bool(ctx.params.get("as_json"))).problem(problem)
    slug = str(problem_document(problem).get("type")).split(":")[-1]
    raise typer.Exit(WRONG_USAGE if slug in _OF_WRONG_USAGE else FAILED) from problem
