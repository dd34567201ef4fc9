"""`papertree jobs`: lists, watches and cancels jobs, and gives import reports."""

import json
from pathlib import Path
from typing import Annotated

import typer

from app.cli.command import AsJson, Command, Group
from app.cli.connection import connect
from app.cli.output_file import receive
from app.cli.progress import OPEN_STATES, stage_text, time_text, watch
from app.cli.terminal import Document, Terminal

EPILOG = """\b
Examples:
  papertree jobs
  papertree jobs --watch JOB_ID
  papertree jobs cancel JOB_ID
  papertree jobs report JOB_ID -o report.csv"""

JobId = Annotated[str, typer.Argument(metavar="JOB_ID", help="Id of the job.", show_default=False)]

application = typer.Typer(
    cls=Group,
    name="jobs",
    help="List, watch or cancel jobs, or get an import's report.",
    epilog=EPILOG,
    invoke_without_command=True,
)


@application.callback()
def list_jobs(
    ctx: typer.Context,
    job_id: Annotated[
        str | None, typer.Option("--watch", metavar="JOB_ID", help="Wait for this job, showing its progress.")
    ] = None,
    most: Annotated[int, typer.Option("--limit", min=1, help="How many to list.")] = 20,
    as_json: AsJson = False,
) -> None:
    """List, watch or cancel jobs, or get an import's report."""
    if ctx.invoked_subcommand is not None:
        return
    terminal = Terminal(as_json=as_json)
    with connect(terminal) as client:
        if job_id is not None:
            _show(watch(client, client.get(f"/jobs/{job_id}"), terminal), terminal)
            return
        jobs = list(client.items("/jobs", most=most))
        names = {corpus["id"]: corpus["name"] for corpus in client.items("/corpora")}
    if as_json:
        terminal.json({"items": jobs})
    elif not jobs:
        terminal.say("No jobs yet.")
    else:
        rows = ([*_row(job), names.get(job["corpus_id"], "")] for job in jobs)
        terminal.table(["job", "work", "state", "progress", "asked for", "corpus"], rows)


@application.command("cancel", cls=Command)
def cancel(job_id: JobId, as_json: AsJson = False) -> None:
    """Cancel a job.

    At once if no worker has it, else as soon as its worker notices.
    """
    terminal = Terminal(as_json=as_json)
    with connect(terminal) as client:
        job = client.delete(f"/jobs/{job_id}")
    _show(job, terminal)


@application.command("report", cls=Command)
def report(
    job_id: JobId,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="File to write; else stdout.")] = None,
    as_json: AsJson = False,
) -> None:
    """Give the report of an import.

    What became of each record of the file, as CSV; with --json as JSON.
    """
    terminal = Terminal(as_json=as_json)
    with connect(terminal) as client:
        path = f"/jobs/{job_id}/report"
        if not as_json:
            size_bytes = receive(client, path, output, format="csv")
            if output is not None:
                terminal.say(f"Wrote {output} ({size_bytes:,} bytes).")
            return
        whole = client.get(path, format="json", limit=200)
        cursor = whole.pop("next_cursor", None)
        while cursor:
            page = client.get(path, format="json", limit=200, cursor=cursor)
            whole["rows"] += page["rows"]
            cursor = page.get("next_cursor")
    if output is None:
        terminal.json(whole)
    else:
        output.write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")
        terminal.json({"file": str(output)})


def _show(job: Document, terminal: Terminal) -> None:
    if terminal.as_json:
        terminal.json(job)
    else:
        state = (
            "is being cancelled" if job["cancel_requested"] and job["state"] in OPEN_STATES else job["state"]
        )
        terminal.say(f"Job {job['id']} ({_work(job)}): {state}")


def _row(job: Document) -> list[object]:
    total = job.get("total")
    progress = ""
    if job["state"] == "running":
        counts = f" {job.get('done') or 0:,} of {total:,}" if total else ""
        left = time_text(job.get("seconds_left"))
        progress = f"{stage_text(job)}{counts}{f', {left} left' if left else ''}"
    elif job.get("problem"):
        progress = job["problem"].get("title", "")
    return [job["id"], _work(job), job["state"], progress, str(job["created_at"])[:16].replace("T", " ")]


def _work(job: Document) -> str:
    return str(job["kind"]).replace("_", " ")
