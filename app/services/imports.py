"""Imports: a file is kept until it is read, and every record of it is accounted for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.corpus.readers import Record
from app.db.bulk import driver_connection
from app.db.tables import ImportedRecordRow, JobRow, UploadChunkRow, UploadRow
from app.errors import ConflictError, NotFoundError
from app.services.arrivals import ask_for_arrivals
from app.services.corpora import get_corpus
from app.services.jobs import Claim, add_job
from app.services.taking import take_papers

IMPORT_FILE = "import_file"
CHUNK_BYTES = 1 << 20
OUTCOMES = ("taken", "merged", "rejected")


class NotAnImport(NotFoundError):
    """The job did not import a file."""

    slug = "not-an-import"
    title = "This job has no import report"


class UploadGone(ConflictError):
    """The uploaded file is no longer whole in the database."""

    slug = "upload-gone"
    title = "The uploaded file is gone"


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A file somebody sent: its name (data, never a path), content in pieces, size and SHA-256."""

    name: str
    chunks: Iterator[bytes]
    size_bytes: int
    sha256: bytes


def add_import(
    session: Session,
    file: ReceivedFile,
    *,
    workspace_id: UUID,
    corpus_id: UUID,
    options: Mapping[str, object],
) -> JobRow:
    """Keep an uploaded file and ask for it to be read.

    The same file sent twice to a corpus while it is being read is one job.
    """
    get_corpus(session, corpus_id, workspace_id=workspace_id)
    same_work = f"{IMPORT_FILE}:{file.sha256.hex()}"
    job = add_job(
        session,
        workspace_id=workspace_id,
        corpus_id=corpus_id,
        kind=IMPORT_FILE,
        arguments=options,
        same_work=same_work,
    )
    if session.get(UploadRow, job.id) is not None:
        return job
    upload = {"file_name": file.name, "size_bytes": file.size_bytes, "sha256": file.sha256}
    session.add(UploadRow(job_id=job.id, workspace_id=workspace_id, **upload))
    session.flush()
    statement = "COPY upload_chunk (job_id, number, workspace_id, data) FROM STDIN (FORMAT BINARY)"
    with driver_connection(session).cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types(["uuid", "int4", "uuid", "bytea"])
        for number, chunk in enumerate(file.chunks):
            copy.write_row((job.id, number, workspace_id, chunk))
    return job


def read_upload(session: Session, job_id: UUID) -> Iterator[bytes]:
    """Give the pieces of an uploaded file.

    Raises
    ------
    UploadGone
        If it is not whole.
    """
    upload = session.get(UploadRow, job_id)
    size = 0
    query = select(UploadChunkRow.data).where(UploadChunkRow.job_id == job_id).order_by(UploadChunkRow.number)
    for data in session.scalars(query.execution_options(yield_per=4)):
        size += len(data)
        yield data
    if upload is None or size != upload.size_bytes:
        raise UploadGone("The file is no longer whole in the database; upload it again.")


def take_records(session: Session, claim: Claim, records: Sequence[Record]) -> None:
    """Take the papers of a batch of records, and note what became of each record."""
    corpus = get_corpus(session, claim.corpus_id, workspace_id=claim.workspace_id, lock=True)
    papers = [record.paper for record in records if record.paper is not None]
    outcomes = iter(take_papers(session, corpus, papers, update=False))
    rows = []
    for record in records:
        if record.paper is None:
            row: tuple[object, ...] = ("rejected", None, None, record.rejected, None)
        else:
            taken = next(outcomes)
            reason = f"same {_SAME.get(taken.duplicate_by or '', '')}" if taken.duplicate_by else None
            said = "; ".join(filter(None, (reason, *record.notes))) or None
            row = (taken.outcome, taken.source_id, record.paper.title, said, taken.duplicate_of)
        rows.append((claim.job_id, record.number, claim.workspace_id, record.line, *row))
    statement = (
        "COPY imported_record (job_id, record, workspace_id, line, outcome, source_id, title, reason,"
        " duplicate_of) FROM STDIN (FORMAT BINARY)"
    )
    with driver_connection(session).cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types(["uuid", "int8", "uuid", "int8", "text", "text", "text", "text", "text"])
        for values in rows:
            copy.write_row(values)


def finish_import(session: Session, claim: Claim) -> dict[str, int]:
    """Count what became of the records of a file, let go of it, and have its papers join the hierarchies."""
    session.execute(delete(UploadChunkRow).where(UploadChunkRow.job_id == claim.job_id))
    ask_for_arrivals(session, claim.corpus_id)
    return count_outcomes(session, claim.job_id)


def count_outcomes(session: Session, job_id: UUID) -> dict[str, int]:
    """Count the records of an import by outcome, and in all."""
    query = select(ImportedRecordRow.outcome, func.count()).where(ImportedRecordRow.job_id == job_id)
    counted = dict(session.execute(query.group_by(ImportedRecordRow.outcome)).all())
    counts = {outcome: counted.get(outcome, 0) for outcome in OUTCOMES}
    return {**counts, "total": sum(counts.values())}


def get_upload(session: Session, job_id: UUID, *, workspace_id: UUID) -> UploadRow:
    """Find what is known of an imported file.

    Raises
    ------
    NotAnImport
        If the workspace has no import job of this id.
    """
    query = select(UploadRow).where(UploadRow.job_id == job_id, UploadRow.workspace_id == workspace_id)
    row = session.scalar(query)
    if row is None:
        raise NotAnImport("No import job of this id is in your workspace.")
    return row


def list_records(
    session: Session, job_id: UUID, *, after: int, limit: int, outcome: str | None = None
) -> Sequence[ImportedRecordRow]:
    """List what became of the records of a file, in its order."""
    query = select(ImportedRecordRow).where(
        ImportedRecordRow.job_id == job_id, ImportedRecordRow.record > after
    )
    if outcome is not None:
        query = query.where(ImportedRecordRow.outcome == outcome)
    return session.scalars(query.order_by(ImportedRecordRow.record).limit(limit)).all()


_SAME = {
    "doi": "DOI",
    "arxiv": "arXiv id",
    "pmid": "PMID",
    "id": "id in its source",
    "title": "title and year",
}
