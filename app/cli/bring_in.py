"""Has a file in a corpus and the corpus organized, doing only what is not done yet."""

from contextlib import suppress
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.estimate import ask_for_estimate, confirm
from app.cli.hierarchies import ask_for_build
from app.cli.imports import read_rejected, tell_counts
from app.cli.named import have_corpus, hierarchy_summary
from app.cli.progress import OPEN_STATES, JobWasCancelled, watch
from app.cli.terminal import Document, ServerProblem, Terminal
from app.errors import InvalidError

if TYPE_CHECKING:
    from app.cli.client import Client

_PACKED = (".gz", ".xz")


class NothingUsable(InvalidError):
    """A file had no record that could be taken."""

    slug = "nothing-usable"
    title = "No paper of the file could be taken"


def corpus_name(file: Path) -> str:
    """Name the corpus of a file: as the file, or as its folder when it is just called "papers".

    >>> corpus_name(Path("refs/graphs.ris")), corpus_name(Path("arxiv_800/papers.jsonl.gz"))
    ('graphs', 'arxiv_800')
    """
    bare = file.with_suffix("") if file.suffix.lower() in _PACKED else file
    if bare.stem == "papers":
        return file.resolve().parent.name or bare.stem
    return bare.stem


def bring_in(
    client: "Client", file: Path, name: str, terminal: Terminal, *, notice: str | None = None
) -> Document:
    """Import a file into a corpus unless it is in it, and build the hierarchy unless there is one.

    Work that an earlier run left behind is waited for first, so that nothing is done twice.

    Raises
    ------
    NothingUsable
        If the file had no record that could be taken.
    ServerProblem
        If a job failed.
    """
    corpus = have_corpus(client, name, notice=notice)
    path = f"/corpora/{corpus['id']}"
    _finish_open_jobs(client, corpus, terminal)
    is_new = not _is_imported(client, corpus, file)
    if is_new:
        _import(client, corpus, file, terminal)
    corpus = client.get(path)
    if is_new or hierarchy_summary(corpus, "topic") is None:
        terminal.note(f"Building the hierarchy of {name!r}.")
        confirm(ask_for_estimate(client, corpus, "topic"), terminal, yes=True)
        watch(client, ask_for_build(client, corpus, facet="topic", seed=None, parameters={}), terminal)
        corpus = client.get(path)
    return corpus


def _finish_open_jobs(client: "Client", corpus: Document, terminal: Terminal) -> None:
    open_jobs = [
        job for state in OPEN_STATES for job in client.items("/jobs", corpus_id=corpus["id"], state=state)
    ]
    for job in sorted(open_jobs, key=lambda job: job["created_at"]):
        terminal.note(f"Going on with the work of an earlier run on {corpus['name']!r}.")
        with suppress(ServerProblem, JobWasCancelled):  # What it did not do is asked for again below.
            watch(client, job, terminal)


def _is_imported(client: "Client", corpus: Document, file: Path) -> bool:
    with file.open("rb") as content:
        digest = file_digest(content, "sha256").hexdigest()
    for job in client.items("/jobs", corpus_id=corpus["id"], state="succeeded"):
        if job["kind"] == "import_file":
            report = client.get(f"/jobs/{job['id']}/report", format="json", limit=1)
            if report["sha256"] == digest:
                return True
    return False


def _import(client: "Client", corpus: Document, file: Path, terminal: Terminal) -> None:
    name = corpus["name"]
    terminal.note(f"Importing {file.name} into {name!r}.")
    job = watch(client, client.upload(f"/corpora/{corpus['id']}/imports", file, {}), terminal)
    rejected = read_rejected(client, job)
    tell_counts(file.name, name, job, rejected, terminal)
    if job["result"]["taken"] + job["result"]["merged"] == 0:
        first = f" The first: {rejected[0]['reason']}." if rejected else ""
        detail = f"{file.name} holds {job['result']['total']} records, and none was usable.{first}"
        raise NothingUsable(detail, job_id=job["id"])
