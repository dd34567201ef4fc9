"""A look at a file before it is imported: its format, its columns, and what would become of its records."""

import tempfile
from pathlib import Path
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Form, UploadFile
from pydantic import BaseModel, Field

from app.api.authentication import IdentityDep
from app.api.dependencies import SessionDep, SettingsDep
from app.api.imports import Format, Outcome, read_mapping
from app.corpus.readers.preview import preview_papers
from app.services import corpora
from app.services.import_previews import Foreseen, foresee

router = APIRouter(tags=["imports"])

_MOST_BYTES = 8 << 20
_MOST_RECORDS = 2_000
_SHOWN = 20
_CHUNK_BYTES = 1 << 20


class PreviewedRecord(BaseModel):
    """A record of the file as it would be read, and what would become of it."""

    record: int
    line: int
    outcome: Outcome
    reason: str | None
    duplicate_of: str | None = None
    source_id: str | None = None
    title: str | None = None
    abstract: str | None = None
    authors: list[str] = Field(default_factory=list)
    year: int | None = None
    venue: str | None = None
    doi: str | None = None


class ImportPreview(BaseModel):
    """What importing a file would give; nothing is kept of it.

    ``columns`` are those of a table, ``mapping`` names the column of each of our fields. ``counts`` are of
    all records that were read: all of the file if ``is_whole``, else its first 2,000 or first 8 MiB.
    ``records`` shows the first 20, ``rejected`` the first 20 that would be rejected.
    """

    format: str
    columns: list[str]
    mapping: dict[str, str]
    is_whole: bool
    counts: dict[Outcome, int]
    n_without_abstract: int
    records: list[PreviewedRecord]
    rejected: list[PreviewedRecord]


@router.post("/corpora/{corpus_id}/imports/preview")
def post_import_preview(
    corpus_id: UUID,
    session: SessionDep,
    identity: IdentityDep,
    settings: SettingsDep,
    file: Annotated[UploadFile, File(description="The bibliography, or its first 8 MiB.")],
    format: Annotated[Format | None, Form(description="Guessed from the content if absent.")] = None,  # noqa: A002
    mapping: Annotated[str | None, Form(max_length=10_000, description="CSV: our field -> column.")] = None,
    cut: Annotated[bool, Form(description="Only the beginning of the file is sent.")] = False,
) -> ImportPreview:
    """Tell what importing a file would do, without doing it: format, columns, first records, outcomes.

    A table without a column of titles is answered with 422 `no-title-column` and the `columns` it has.
    """
    corpora.get_corpus(session, corpus_id, workspace_id=identity.workspace_id)
    wanted = read_mapping(mapping)
    folder = settings.data_directory / "reading"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        path = Path(scratch) / "preview"
        is_cut = _copy_beginning(file, path) or cut
        seen = preview_papers(path, most=_MOST_RECORDS, cut=is_cut, format=format, mapping=wanted)
    found = foresee(session, seen.records, corpus_id=corpus_id, workspace_id=identity.workspace_id)
    shown = [_show(one) for one in found]
    counts: dict[Outcome, int] = {"taken": 0, "merged": 0, "rejected": 0}
    for one in shown:
        counts[one.outcome] += 1
    return ImportPreview(
        format=seen.format,
        columns=list(seen.columns),
        mapping=dict(seen.mapping),
        is_whole=seen.is_whole,
        counts=counts,
        n_without_abstract=sum(one.outcome == "taken" and not one.abstract for one in shown),
        records=shown[:_SHOWN],
        rejected=[one for one in shown if one.outcome == "rejected"][:_SHOWN],
    )


def _copy_beginning(file: UploadFile, path: Path) -> bool:
    """Write the beginning of a file; gives whether there was more."""
    left = _MOST_BYTES
    with path.open("wb") as beginning:
        while left > 0 and (chunk := file.file.read(min(left, _CHUNK_BYTES))):
            beginning.write(chunk)
            left -= len(chunk)
    return bool(file.file.read(1))


def _show(one: Foreseen) -> PreviewedRecord:
    record, paper, taken = one.record, one.record.paper, one.taken
    outcome: Outcome = "rejected" if taken is None else "taken" if taken.outcome == "taken" else "merged"
    said = "; ".join(filter(None, (record.rejected, *record.notes))) or None
    shown = PreviewedRecord(record=record.number, line=record.line, outcome=outcome, reason=said)
    if paper is None or taken is None:
        return shown
    told = {name: getattr(paper, name) for name in ("title", "abstract", "year", "venue", "doi")}
    told |= {"source_id": taken.source_id, "duplicate_of": taken.duplicate_of, "authors": list(paper.authors)}
    return shown.model_copy(update=told)
