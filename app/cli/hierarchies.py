"""`papertree build`, `tree` and `export`: grows a hierarchy, shows it, writes it to a file."""

import json
from enum import StrEnum
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.builds import tell_obeyed
from app.cli.command import AsJson, Command, CorpusName, Facet
from app.cli.connection import connect
from app.cli.estimate import ask_for_estimate, confirm, estimate_text
from app.cli.named import find_corpus, find_hierarchy
from app.cli.output_file import receive
from app.cli.progress import watch
from app.cli.terminal import Document, Terminal, counted
from app.cli.topic_tree import show_hierarchy, topics_within
from app.hierarchy.parameters import list_parameters

if TYPE_CHECKING:
    from app.cli.client import Client

BUILD_EPILOG = """\b
Examples:
  papertree build mine
  papertree build mine --seed 7 --parameter max_depth=3
  papertree build mine --dry-run

The same corpus, parameters and seed give the same hierarchy. The build that is there stays until the new
one is complete; that obeys all corrections made until then, and papertree orphans lists those it could not.
Where a language model is configured it names the topics after the keyphrases have; what that takes is told
first, and asked about when it costs money.

\b
Parameters, each at its default:
"""
TREE_EPILOG = """\b
Examples:
  papertree tree mine
  papertree tree mine --depth 2"""
EXPORT_EPILOG = """\b
Examples:
  papertree export mine --format json -o mine.json
  papertree export mine --format html -o mine.html
  papertree export mine --format ris -o mine.ris
  papertree export mine --papers --format csv --query "bees" -o bees.csv

\b
Of the hierarchy: json, skos-turtle, skos-jsonld, csv, markdown, graphml, html.
Of the papers, with the paths to their topics as keywords: ris, bibtex, csl-json, jsonl, csv (--papers)."""

application = typer.Typer()


class Labels(StrEnum):
    """Who names the topics."""

    AUTO = "auto"
    KEYPHRASES = "keyphrases"
    LLM = "llm"


def _parameter_help() -> str:
    """List the parameters of a build for people, one under the other."""
    lines: list[str] = []
    for one in list_parameters():
        lines.append(f"  {one.name}={one.default:g}, from {one.lowest:g} to {one.highest:g}")
        lines += wrap(one.text, 78, initial_indent="      ", subsequent_indent="      ")
    return "\n".join(lines)


class ExportFormat(StrEnum):
    """How a hierarchy or its papers can be written."""

    JSON = "json"
    SKOS_TURTLE = "skos-turtle"
    SKOS_JSONLD = "skos-jsonld"
    CSV = "csv"
    MARKDOWN = "markdown"
    GRAPHML = "graphml"
    HTML = "html"
    RIS = "ris"
    BIBTEX = "bibtex"
    CSL_JSON = "csl-json"
    JSONL = "jsonl"


_OF_PAPERS = (ExportFormat.RIS, ExportFormat.BIBTEX, ExportFormat.CSL_JSON, ExportFormat.JSONL)


@application.command("build", cls=Command, epilog=BUILD_EPILOG + _parameter_help())
def build(
    corpus: CorpusName,
    facet: Facet = "topic",
    seed: Annotated[
        int | None,
        typer.Option(min=0, help="Seed of what is random: of the search for neighbours above 10,000 papers."),
    ] = None,
    parameters: Annotated[
        list[str] | None,
        typer.Option(
            "--parameter", "-p", metavar="NAME=VALUE", help="A parameter of the build, see below; repeatable."
        ),
    ] = None,
    labels: Annotated[
        Labels, typer.Option(help="Who names the topics; auto: the language model if one is configured.")
    ] = Labels.AUTO,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell what a language model would be asked.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before money is spent.")] = False,
    as_json: AsJson = False,
) -> None:
    """Build the hierarchy of a corpus, or build it anew."""
    given = dict(_split(parameter) for parameter in parameters or [])
    terminal = Terminal(as_json=as_json)
    with connect(terminal) as client:
        found = find_corpus(client, corpus)
        estimate = None
        if dry_run or labels is not Labels.KEYPHRASES:
            estimate = ask_for_estimate(client, found, facet)
        if dry_run:
            terminal.json(estimate) if as_json else terminal.say(estimate_text(estimate or {}))
            return
        if estimate is not None:
            confirm(estimate, terminal, yes=yes)
        asked = ask_for_build(client, found, facet=facet, seed=seed, parameters=given, labels=labels)
        job = watch(client, asked, terminal)
    if as_json:
        terminal.json(job)
        return
    result = job["result"]
    n_unassigned, n_since = result["n_unassigned"], result["n_papers_since"]
    unassigned = f", {counted(n_unassigned, 'paper')} unassigned" if n_unassigned else ""
    too_few = "" if result["n_topics"] > 1 else ": too few to be divided"
    terminal.say(f"Built {_built(result)} of {corpus!r}{unassigned}{too_few}.")
    _tell_who_named(result, terminal)
    tell_obeyed(corpus, result.get("corrections"), terminal)
    if n_since:
        terminal.note(f"{n_since:,} more came meanwhile and will be filed: papertree file {corpus}")
    terminal.note(f"To see them: papertree tree {corpus}{_option(facet)}")
    if facet == "topic" and result["n_topics"] > 1:  # Others are not measured, nor is a root alone.
        terminal.note(f"papertree evaluate {corpus}  measures it (shape, found again, stability)")


@application.command("tree", cls=Command, epilog=TREE_EPILOG)
def tree(
    corpus: CorpusName,
    depth: Annotated[
        int | None, typer.Option(min=0, help="How many levels below the root; all if not given.")
    ] = None,
    facet: Facet = "topic",
    as_json: AsJson = False,
) -> None:
    """Show the topics of a corpus as a tree.

    Each comes with the number of papers in it and below it and, after a plus, of those that are there
    by a second home only.
    """
    terminal = Terminal(as_json=as_json)
    with connect(terminal) as client:
        hierarchy = client.get(f"/hierarchies/{find_hierarchy(client, corpus, facet)['id']}")
    if as_json:
        terminal.json({**hierarchy, "topics": topics_within(hierarchy["topics"], depth)})
    else:
        show_hierarchy(hierarchy, depth, terminal)
        if hierarchy["n_unassigned"]:
            terminal.note(f"To see the unassigned ones: papertree unassigned {corpus}")


@application.command("export", cls=Command, epilog=EXPORT_EPILOG)
def export(
    corpus: CorpusName,
    export_format: Annotated[ExportFormat, typer.Option("--format", help="How to write it.")],
    output: Annotated[Path | None, typer.Option("-o", "--output", help="File to write; else stdout.")] = None,
    papers: Annotated[
        bool, typer.Option("--papers", help="Write the papers; for csv, which both can be.")
    ] = False,
    query: Annotated[str | None, typer.Option(help="Only papers with these words.")] = None,
    facet: Facet = "topic",
    as_json: AsJson = False,
) -> None:
    """Export the hierarchy of a corpus, or its papers."""
    terminal = Terminal(as_json=as_json)
    of_papers = papers or export_format in _OF_PAPERS
    if of_papers and export_format not in (*_OF_PAPERS, ExportFormat.CSV):
        raise typer.BadParameter("Papers are written as ris, bibtex, csl-json, csv or jsonl.")
    if query is not None and not of_papers:
        raise typer.BadParameter("Words choose papers; add --papers.", param_hint="--query")
    with connect(terminal) as client:
        parameters = {"format": export_format.value, **({"q": query} if query else {})}
        if of_papers:
            path = f"/corpora/{find_corpus(client, corpus)['id']}/export"
            if facet != "topic":
                parameters["hierarchy"] = find_hierarchy(client, corpus, facet)["id"]
        else:
            path = f"/hierarchies/{find_hierarchy(client, corpus, facet)['id']}/export"
        size_bytes = receive(client, path, output, **parameters)
    if output is not None and as_json:
        terminal.json({"file": str(output), "format": export_format.value, "size_bytes": size_bytes})
    elif output is not None:
        terminal.say(f"Wrote {output} ({size_bytes:,} bytes).")


def ask_for_build(
    client: "Client",
    corpus: Document,
    *,
    facet: str,
    seed: int | None,
    parameters: Document,
    labels: Labels = Labels.AUTO,
) -> Document:
    """Ask for a hierarchy; gives the job, which is the running one if the same was asked for before."""
    request: Document = {"facet": facet}
    if parameters:
        request["parameters"] = parameters
    if seed is not None:
        request["seed"] = seed
    if labels is not Labels.AUTO:
        request["labels"] = labels.value
    return client.post(f"/corpora/{corpus['id']}/hierarchies", request)


def _built(result: Document) -> str:
    n_topics = result["n_topics"] - 1  # The root holds everything; nobody would count it as a topic.
    topics = counted(n_topics, "topic") if n_topics else "no topics"
    return f"{topics} over {counted(result['n_papers'], 'paper')}"


def _tell_who_named(result: Document, terminal: Terminal) -> None:
    told = result.get("labels") or {}
    if told.get("llm") or told.get("kept"):
        reasons = ", ".join(f"{reason}: {count:,}" for reason, count in told["kept"].items())
        named = f"{told['llm']:,}" if told["llm"] else "none"
        others = "keyphrases name the others" if told["llm"] else "their keyphrases do"
        kept = f"; {others} ({reasons})" if reasons else ""
        terminal.say(f"The language model named {named} of them{kept}.")


def _option(facet: str) -> str:
    return "" if facet == "topic" else f" --facet {facet}"


def _split(parameter: str) -> tuple[str, object]:
    name, equals, value = parameter.partition("=")
    if not (name and equals and value):
        raise typer.BadParameter("It is written NAME=VALUE, as in max_depth=3.", param_hint="--parameter")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value
