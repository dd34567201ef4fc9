"""`papertree evaluate`: measures a hierarchy and shows each figure beside what chance gives."""

from collections.abc import Iterator
from typing import Annotated

import typer

from app.cli.command import AsJson, Command, CorpusName, Facet
from app.cli.connection import connect
from app.cli.named import find_hierarchy
from app.cli.progress import watch
from app.cli.terminal import Document, Terminal, counted

EPILOG = """\b
Examples:
  papertree evaluate mine
  papertree evaluate mine --labels path
  papertree evaluate mine --no-stability --json

FIELD is a field of the imported records: a list of names is one path of categories, the broadest first; a
list of such lists are several paths; a text is a path of one level. It is compared with the hierarchy, and
never used to build one."""
_SIMPLE = ("Measure", "Figure")
_COMPARED = ("Measure", "Found", "Shuffled", "At random")
_BY = {"labels": "by labels", "centroids": "by centroids"}
_QUERY = {"title": "title", "sentences": "first sentences"}
_NOTHING = "–"
"""Stands where there was nothing to measure, as in a tree that is a root alone."""

Row = tuple[str, ...]

application = typer.Typer()


@application.command("evaluate", cls=Command, epilog=EPILOG)
def evaluate(
    corpus: CorpusName,
    labels: Annotated[
        str | None,
        typer.Option("--labels", metavar="FIELD", help="Field of the records that holds categories."),
    ] = None,
    facet: Facet = "topic",
    stability: Annotated[
        bool, typer.Option("--stability/--no-stability", help="Build from samples too; takes longest.")
    ] = True,
    as_json: AsJson = False,
) -> None:
    """Measure the hierarchy of a corpus.

    Figures are kept with the build. Each that compares stands beside the same figure with the papers'
    places shuffled.
    """
    terminal = Terminal(as_json=as_json)
    with connect(terminal) as client:
        path = f"/hierarchies/{find_hierarchy(client, corpus, facet)['id']}"
        asked: Document = {"stability": stability}
        if labels is not None:
            asked["labels"] = labels
        watch(client, client.post(f"{path}/evaluations", asked), terminal)
        evaluation = client.get(f"{path}/evaluation")
    if as_json:
        terminal.json(evaluation)
        return
    if evaluation["structure"]["depth"] == 0:
        over = counted(evaluation["structure"]["n_papers"], "paper")
        terminal.say(f"The hierarchy of {corpus!r} has no topics, over {over}: there is nothing to measure.")
        return
    terminal.table(_SIMPLE, shape_rows(evaluation))
    terminal.say("")
    terminal.table(_COMPARED, compared_rows(evaluation))


def shape_rows(evaluation: Document) -> Iterator[Row]:
    """Give the figures of the hierarchy's own shape, line by line."""
    structure, homes, wording = evaluation["structure"], evaluation["homes"], evaluation["label_shape"]
    is_divided = structure["depth"] > 0
    fan_outs = (structure[f"{which}_fan_out"] for which in ("smallest", "mean", "largest"))
    leaves = (structure[f"{which}_leaf"] for which in ("smallest", "median", "largest"))
    yield "Papers", f"{structure['n_papers']:,}"
    yield "Papers that came after the build", f"{evaluation['n_papers_since']:,}"
    yield "Accounted for", _percent(structure["accounted_for"])
    yield "Filed under a topic", _percent(structure["coverage"])
    yield "Unassigned", f"{structure['n_unassigned']:,}"
    n_topics, n_leaves = structure["n_topics"] - 1, structure["n_leaves"]
    yield "Topics below the root", f"{n_topics:,}, {n_leaves:,} of them leaves" if is_divided else "0"
    yield "Levels below the root", str(structure["depth"])
    yield "Fan-out, smallest, mean, largest", _three(fan_outs) if is_divided else _NOTHING
    yield "Papers in a leaf, smallest, median, largest", _three(leaves)
    yield "Largest share of a parent", _percent(structure["largest_share"])
    yield "Single children", str(structure["n_single_children"])
    yield "Second homes", f"{homes['n_second_homes']:,}, of {homes['n_papers_with_several']:,} papers"
    yield "Homes that break closure under ancestors", str(homes["n_violations"])
    yield "Memberships, with ancestors", f"{homes['n_memberships']:,}"
    yield "Labels a sibling has too", str(wording["n_repeated_siblings"])
    if wording["sibling_overlap"] is not None:
        yield "Pairs of siblings that share a word", _percent(wording["sibling_overlap"])
    yield "Labels the parent has too", str(wording["n_repeated_parents"])
    words = ", ".join(f"{mean:.1f}" for mean in wording["mean_words"])
    yield "Words in a label, level by level", words or _NOTHING
    if categories := evaluation["categories"]:
        yield f"Papers with categories in {categories['field']!r}", f"{categories['n_with']:,}"
        yield "Papers without", f"{categories['n_without']:,}"
        yield "Papers with something else there", f"{categories['n_unreadable']:,}"


def compared_rows(evaluation: Document) -> Iterator[Row]:
    """Give the figures that compare, each beside its control."""
    for level in (evaluation["categories"] or {"levels": ()})["levels"]:
        yield from _level_rows(level)
    grounding, stability = evaluation["grounding"], evaluation["stability"]
    grounded = f"Grounded labels, of {grounding['n_labels']:,}"
    yield grounded, _percent(grounding["found"]), _percent(grounding["shuffled"]), ""
    if stability:
        yield "Stability", _figure(stability["found"]), _figure(stability["shuffled"]), ""
    for walk in evaluation["walks"]:
        yield from _walk_rows(walk)


def _level_rows(level: Document) -> Iterator[Row]:
    names = {"best_node_f1": "best-node F1", "dendrogram_purity": "dendrogram purity", "ami": "AMI"}
    small = f" ({level['n_too_small']} too small)" if level["n_too_small"] else ""
    kinds = "category" if level["n_categories"] == 1 else "categories"
    over = counted(level["n_papers"], "paper")
    where = f"Level {level['level']}, {level['n_categories']:,} {kinds}{small}, {over}"
    for name, text in names.items():
        figures = (_figure(level[which] and level[which][name]) for which in ("found", "shuffled"))
        yield f"{where}: {text}", *figures, ""


def _walk_rows(walk: Document) -> Iterator[Row]:
    kinds = (walk["found"], walk["shuffled"], walk["random"])
    where = f"Found again {_BY[walk['by']]}, {_QUERY[walk['query']]}, beam {walk['beam']}"
    figures = {"exact": "leaf", "path": "share of the path"}
    if walk["beam"] > 1:
        figures = {"exact": "leaf, the best", "exact_in_beam": "leaf, any", "path": "share of the path"}
    for name, text in figures.items():
        yield (f"{where}: {text}", *(_percent(kind and kind[name]) for kind in kinds))


def _percent(share: float | None) -> str:
    return _NOTHING if share is None else f"{100 * share:.1f} %"


def _figure(figure: float | None) -> str:
    return _NOTHING if figure is None else f"{figure:.3f}"


def _three(numbers: Iterator[float]) -> str:
    return ", ".join(f"{number:,.1f}".removesuffix(".0") for number in numbers)
