"""Imports: a file in, a job; then the report of what became of each record."""

import csv
import io
import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, File, Form, Query, Response, UploadFile
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict

from app.api.authentication import IdentityDep
from app.api.dependencies import SendJobDep, SessionDep, SessionsDep, SettingsDep
from app.api.jobs import JobOut, accept
from app.api.paging import CursorQuery, LimitQuery, next_cursor, position_after
from app.corpus.clean import clean_text
from app.db.session import Sessions, after_commit
from app.errors import InvalidError
from app.services import imports
from app.services.space import check_room
from app.workers.failpoints import failpoint

router = APIRouter(tags=["imports"])

Format = Literal["ris", "bibtex", "csv", "tsv", "nbib", "jsonl", "csl-json"]
Outcome = Literal["taken", "merged", "rejected"]


class BadMapping(InvalidError):
    """The column mapping is not an object of strings."""

    slug = "bad-mapping"
    title = "The column mapping cannot be read"


class RecordOut(BaseModel):
    """What became of one record of a file; ``line`` is where it starts.

    ``reason`` says why it was rejected or merged, and what had to be mended or cut in it.
    """

    model_config = ConfigDict(from_attributes=True)

    record: int
    line: int
    outcome: Outcome
    source_id: str | None
    title: str | None
    reason: str | None
    duplicate_of: str | None


class ImportReport(BaseModel):
    """What became of a file; taken, merged and rejected add up to the total."""

    job_id: UUID
    file_name: str
    sha256: str
    counts: dict[Literal["taken", "merged", "rejected", "total"], int]
    rows: list[RecordOut]
    next_cursor: str | None


@router.post("/corpora/{corpus_id}/imports", status_code=202)
def post_import(
    corpus_id: UUID,
    session: SessionDep,
    identity: IdentityDep,
    send_job: SendJobDep,
    settings: SettingsDep,
    response: Response,
    file: Annotated[UploadFile, File(description="The bibliography, as it is or as .gz or .xz.")],
    format: Annotated[Format | None, Form(description="Guessed from the content if absent.")] = None,  # noqa: A002
    mapping: Annotated[str | None, Form(max_length=10_000, description="CSV: our field -> column.")] = None,
) -> JobOut:
    """Send a file of papers; it is kept safe at once and read by a worker.

    RIS, BibTeX, CSV, TSV, PubMed nbib, JSONL and CSL-JSON are told apart by their content.
    """
    options: dict[str, object] = {"format": format, "mapping": read_mapping(mapping)}
    received = _receive(file)
    check_room(settings.data_directory, received.size_bytes)
    job = imports.add_import(
        session, received, workspace_id=identity.workspace_id, corpus_id=corpus_id, options=options
    )
    failpoint("upload.before_commit")
    accepted = accept(job, session, send_job, response)
    after_commit(session, lambda: failpoint("upload.after_commit"))
    return accepted


@router.get("/jobs/{job_id}/report", response_model=ImportReport)
def get_report(
    job_id: UUID,
    session: SessionDep,
    sessions: SessionsDep,
    identity: IdentityDep,
    format: Annotated[Literal["json", "csv"], Query()] = "json",  # noqa: A002
    outcome: Outcome | None = None,
    limit: LimitQuery = 100,
    cursor: CursorQuery = None,
) -> Any:  # noqa: ANN401
    """Read what became of each record of an imported file: in pages as JSON, or whole as CSV."""
    upload = imports.get_upload(session, job_id, workspace_id=identity.workspace_id)
    if format == "csv":
        headers = {"Content-Disposition": f'attachment; filename="import-report-{job_id}.csv"'}
        rows = _csv_rows(sessions, job_id, outcome)
        return StreamingResponse(rows, media_type="text/csv; charset=utf-8", headers=headers)
    after = position_after(cursor, start=0)
    records = imports.list_records(session, job_id, after=after, limit=limit, outcome=outcome)
    return ImportReport(
        job_id=job_id,
        file_name=upload.file_name,
        sha256=upload.sha256.hex(),
        counts=imports.count_outcomes(session, job_id),  # type: ignore[arg-type]
        rows=[RecordOut.model_validate(record) for record in records],
        next_cursor=next_cursor(records, limit, records[-1].record if records else None),
    )


def _receive(file: UploadFile) -> imports.ReceivedFile:
    digest, size = sha256(), 0
    while chunk := file.file.read(imports.CHUNK_BYTES):
        digest.update(chunk)
        size += len(chunk)
    file.file.seek(0)
    name = clean_text(file.filename or "upload", max_length=300) or "upload"
    chunks = iter(lambda: file.file.read(imports.CHUNK_BYTES), b"")
    return imports.ReceivedFile(name=name, chunks=chunks, size_bytes=size, sha256=digest.digest())


def read_mapping(mapping: str | None) -> dict[str, str] | None:
    """Read a column mapping from its JSON.

    Raises
    ------
    BadMapping
        If it is not an object of strings.
    """
    if not mapping:
        return None
    try:
        document = json.loads(mapping)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict) or not all(isinstance(column, str) for column in document.values()):
        raise BadMapping('Give a JSON object such as {"title": "Article Title", "year": "PY"}.')
    return document


def _csv_rows(sessions: Sessions, job_id: UUID, outcome: str | None) -> Iterator[str]:
    """Write the report in pieces, guarded against being run as formulas by a spreadsheet."""
    fields = list(RecordOut.model_fields)
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(fields)
    after = 0
    while True:
        with sessions() as session:
            records = imports.list_records(session, job_id, after=after, limit=2000, outcome=outcome)
        writer.writerows([_guarded(getattr(record, name)) for name in fields] for record in records)
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
        if not records:
            return
        after = records[-1].record


def _guarded(value: object) -> object:
    dangerous = isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r"))
    return f"'{value}" if dangerous else value
