"""All commands under one name."""

import typer

from app.cli.arrivals import application as arrivals
from app.cli.builds import application as builds
from app.cli.command import Group
from app.cli.corpora import application as corpora
from app.cli.corrections import application as corrections
from app.cli.evaluations import application as evaluations
from app.cli.hierarchies import application as hierarchies
from app.cli.history import application as history
from app.cli.imports import application as imports
from app.cli.jobs import application as jobs
from app.cli.language_model import application as language_model
from app.cli.review import application as review
from app.cli.searches import application as searches
from app.cli.serve import application as serve
from app.cli.unassigned import application as unassigned
from app.cli.why import application as why

_EPILOG = """\b
Examples:
  papertree serve --demo
  papertree import refs.ris --corpus mine
  papertree build mine
  papertree tree mine --depth 2

\b
A command talks to the server at PAPERTREE_URL (with the key in PAPERTREE_KEY), else to the one that
`papertree serve` runs on the same data directory (PAPERTREE_DATA), else it starts one for itself.
Exit status: 0 done, 1 failed, 2 wrong usage, 130 interrupted."""

application = typer.Typer(
    cls=Group,
    name="papertree",
    help="Grow, read and search hierarchies of labelled topics over scientific papers.",
    epilog=_EPILOG,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for group in (
    *(serve, imports, hierarchies, unassigned, corrections, history, evaluations, searches, corpora, jobs),
    *(builds, why, review, arrivals, language_model),
):
    application.add_typer(group)


def main() -> None:
    """Run the `papertree` command."""
    application(prog_name="papertree")
