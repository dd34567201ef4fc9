"""Watches a job until it has ended."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn
from rich.text import Text

from app.cli.terminal import Document, ServerProblem, Terminal
from app.errors import ConflictError

if TYPE_CHECKING:
    from app.cli.client import Client

OPEN_STATES = ("queued", "running")
STAGES = {
    "read": "Reading the file",
    "embed": "Embedding the papers",
    "organize": "Organizing the topics",
    "label": "Labelling the topics",
    "file": "Filing the papers",
    "publish": "Storing the hierarchy",
    "read_papers": "Reading what the papers claim",
    "propose": "Asking for aspects",
    "phrase": "Reading the papers under each aspect",
    "shape": "Measuring the shape",
    "categories": "Comparing with categories",
    "find_again": "Finding papers again, walk by walk",
    "stability": "Building from samples",
}
_PAUSE_S = 0.3
_SILENCE_S = 10.0


class JobWasCancelled(ConflictError):
    """Somebody cancelled the job this waited for."""

    slug = "job-was-cancelled"
    title = "The job was cancelled"


class Display(Protocol):
    """Shows how far a job is."""

    def show(self, job: Document) -> None:
        """Show the present state."""


def watch(client: "Client", job: Document, terminal: Terminal) -> Document:
    """Wait for a job, showing its progress on stderr.

    Raises
    ------
    ServerProblem
        If the job failed; with the job's own problem.
    JobWasCancelled
        If it was cancelled.
    """
    path = f"/jobs/{job['id']}"
    try:
        with _display(terminal) as display:
            while job["state"] in OPEN_STATES:
                display.show(job)
                time.sleep(_PAUSE_S)
                job = client.get(path)
    except KeyboardInterrupt:
        _tell_what_goes_on(client, job, terminal)
        raise
    return _outcome(job)


def _outcome(job: Document) -> Document:
    if job["state"] == "failed":
        problem = job.get("problem") or {"type": "job-failed", "title": "The job failed"}
        raise ServerProblem({**problem, "job_id": job["id"]})
    if job["state"] == "cancelled":
        raise JobWasCancelled("What it had stored before stays; ask for it again to go on.", job_id=job["id"])
    return job


def _tell_what_goes_on(client: "Client", job: Document, terminal: Terminal) -> None:
    if client.server.is_own:
        terminal.note("Stopped. The job goes on where it was, the next time papertree runs.")
        terminal.note(f"To wait for it: papertree jobs --watch {job['id']}")
    else:
        terminal.note("No longer watching; the job goes on.")
        terminal.note(f"To watch it again: papertree jobs --watch {job['id']}")
    terminal.note(f"To cancel it: papertree jobs cancel {job['id']}")


def stage_text(job: Document) -> str:
    """Say in a few words what a job is doing."""
    if job["state"] == "queued":
        return "Waiting for a worker"
    if job.get("cancel_requested"):
        return "Cancelling"
    return STAGES.get(str(job.get("stage")), "Starting")


def time_text(seconds: float | None) -> str:
    """Say how long something takes, to the precision that is of use."""
    if seconds is None:
        return ""
    if seconds < 90:
        return f"{max(seconds, 1):.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"


@contextmanager
def _display(terminal: Terminal) -> Iterator[Display]:
    if not terminal.err.is_terminal:
        yield _Lines(terminal)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), _Counts(), _TimeLeft())
    with Progress(*columns, console=terminal.err, transient=True) as progress:
        yield _Bar(progress)


class _Bar:
    """A bar for the present stage, on a terminal."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task("", total=None)

    def show(self, job: Document) -> None:
        self._progress.update(
            self._task,
            description=stage_text(job),
            completed=job.get("done") or 0,
            total=job.get("total"),
            seconds_left=job.get("seconds_left"),
        )


class _Lines:
    """A line for each stage, and one now and then, where stderr is a file."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._stage = ""
        self._told_at = 0.0

    def show(self, job: Document) -> None:
        stage = stage_text(job)
        if stage == self._stage and time.monotonic() < self._told_at + _SILENCE_S:
            return
        self._stage, self._told_at = stage, time.monotonic()
        total, left = job.get("total"), time_text(job.get("seconds_left"))
        counts = f": {job.get('done') or 0:,} of {total:,}" if total else ""
        self._terminal.note(f"{stage}{counts}{f', about {left} left' if left else ''}")


class _Counts(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text("" if task.total is None else f"{task.completed:,.0f} of {task.total:,.0f}")


class _TimeLeft(ProgressColumn):
    def render(self, task: Task) -> Text:
        left = time_text(task.fields.get("seconds_left"))
        return Text(f"about {left} left" if left else "", style="dim")
