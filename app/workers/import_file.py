"""Reading an uploaded file into a corpus, batch by batch."""

import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

from app.corpus.readers import Record, read_papers
from app.db.session import Sessions, transaction
from app.services.imports import finish_import, read_upload, take_records
from app.services.jobs import finish_job
from app.workers.failpoints import failpoint
from app.workers.lease import Lease

_BATCH = 1000


def run_import_file(sessions: Sessions, lease: Lease, *, folder: Path) -> None:
    """Read the file of a job from where the last checkpoint left off.

    Parameters
    ----------
    sessions : Sessions
        The database.
    lease : Lease
        The job.
    folder : Path
        Where the file is put while it is read; nothing in it outlives the job.
    """
    claim = lease.claim
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        path = Path(scratch) / "upload"
        with sessions() as session, path.open("wb") as file:
            for chunk in read_upload(session, claim.job_id):
                file.write(chunk)
        failpoint("read.start")
        last = int(claim.checkpoint.get("record", 0))
        for records in _ahead(_batches(path, claim.arguments, after=last)):
            _take(sessions, lease, records)
    with transaction(sessions) as session:
        counts = finish_import(session, claim)
        finish_job(session, claim, result=counts)
        failpoint("read.before_finish")


def _batches(path: Path, options: object, *, after: int) -> Iterator[list[Record]]:
    assert isinstance(options, dict)  # noqa: S101 - Written by us.
    records = read_papers(path, format=options.get("format"), mapping=options.get("mapping"))
    fresh = (record for record in records if record.number > after)
    while batch := list(islice(fresh, _BATCH)):
        yield batch


def _ahead(batches: Iterator[list[Record]]) -> Iterator[list[Record]]:
    """Read the next batch while PostgreSQL stores the last one."""
    with ThreadPoolExecutor(1) as reader:
        coming = reader.submit(next, batches, None)
        while (batch := coming.result()) is not None:
            coming = reader.submit(next, batches, None)
            yield batch


def _take(sessions: Sessions, lease: Lease, records: list[Record]) -> None:
    with transaction(sessions) as session:
        take_records(session, lease.claim, records)
        failpoint("read.before_checkpoint")
        last = records[-1].number
        lease.save(session, "read", {"record": last}, last, None)
    failpoint("read.after_checkpoint")
