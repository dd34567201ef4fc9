"""`papertree import`: reads a file of papers into a corpus."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.command import AsJson, Command
from app.cli.connection import connect
from app.cli.named import have_corpus
from app.cli.progress import watch
from app.cli.terminal import Document, Terminal

if TYPE_CHECKING:
    from app.cli.client import Client

EPILOG = """\b
Examples:
  papertree import refs.ris --corpus mine
  papertree import papers.jsonl.gz --corpus big
  papertree import sheet.csv --corpus mine --column title=Headline --column abstract=Summary

\b
Every record ends as taken, merged with the paper it repeats, or rejected with a reason.
Exit status 1 if no record of the file was usable."""

_REJECTED_SHOWN = 5

application = typer.Typer()


@application.command("import", cls=Command, epilog=EPILOG)
def import_file(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            exists=True,
            dir_okay=False,
            readable=True,
            help="RIS, BibTeX, CSV, TSV, PubMed nbib, JSONL or CSL-JSON; may be packed with gzip or xz.",
        ),
    ],
    corpus: Annotated[
        str,
        typer.Option(
            metavar="NAME", help="Corpus to import into; made if there is none.", show_default=False
        ),
    ],
    file_format: Annotated[
        str | None,
        typer.Option(
            "--format",
            help="ris, bibtex, csv, tsv, nbib, jsonl or csl-json; guessed from the content if not given.",
        ),
    ] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option(
            "--column", metavar="FIELD=COLUMN", help="Which column of a table holds a field; repeatable."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Import a file of papers into a corpus."""
    fields = _form_fields(file_format, columns or [])
    terminal = Terminal(as_json=as_json)
    with connect(terminal) as client:
        found = have_corpus(client, corpus)
        job = watch(client, client.upload(f"/corpora/{found['id']}/imports", file, fields), terminal)
        rejected = read_rejected(client, job)
    counts = job["result"]
    if as_json:
        summary = {"corpus": {"id": found["id"], "name": found["name"]}, "job": job, "counts": counts}
        terminal.json({**summary, "rejected": rejected})
    else:
        tell_counts(file.name, corpus, job, rejected, terminal)
    if counts["taken"] + counts["merged"] == 0:
        raise typer.Exit(1)


def read_rejected(client: "Client", job: Document) -> list[Document]:
    """Read the first rejected records of an import, if there are any."""
    if not job["result"]["rejected"]:
        return []
    path = f"/jobs/{job['id']}/report"
    page = client.get(path, format="json", outcome="rejected", limit=_REJECTED_SHOWN)
    return list(page["rows"])


def tell_counts(
    file_name: str, corpus: str, job: Document, rejected: list[Document], terminal: Terminal
) -> None:
    """Say what became of the records of a file."""
    counts = job["result"]
    terminal.say(
        f"{file_name} into {corpus!r}: {counts['taken']:,} taken, {counts['merged']:,} merged, "
        f"{counts['rejected']:,} rejected, of {counts['total']:,} records."
    )
    if counts["total"] == 0:
        terminal.note("The file holds no record.")
    for row in rejected:
        place = f"line {row['line']}" if row.get("line") is not None else f"record {row['record']}"
        title = f" ({row['title'][:60]})" if row.get("title") else ""
        terminal.note(f"  {place}: {row['reason']}{title}")
    if counts["rejected"] > len(rejected):
        terminal.note(f"  and {counts['rejected'] - len(rejected):,} more")
    if counts["rejected"] or counts["merged"]:
        terminal.note(f"The whole report: papertree jobs report {job['id']} -o report.csv")


def _form_fields(file_format: str | None, columns: list[str]) -> dict[str, str]:
    fields = {} if file_format is None else {"format": file_format}
    mapping = dict(_split(column) for column in columns)
    return {**fields, "mapping": json.dumps(mapping)} if mapping else fields


def _split(column: str) -> tuple[str, str]:
    field, equals, name = column.partition("=")
    if not (field and equals and name):
        raise typer.BadParameter("It is written FIELD=COLUMN, as in title=Headline.", param_hint="--column")
    return field, name
