"""Exports: the papers of a corpus, and a hierarchy, as files that other programs read."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import Field

from app.api.authentication import IdentityDep
from app.api.dependencies import SessionDep, SessionsDep
from app.api.filed_papers import FilterDep
from app.api.operations import MAX_PAPERS
from app.api.texts import Body
from app.corpus import writers as paper_writers
from app.corpus.writers import PaperFormat, write_papers
from app.db.session import Sessions
from app.hierarchy import writers as outline_writers
from app.hierarchy.writers import OutlineFormat, write_outline
from app.services import corpora, exporting, hierarchies, hierarchy_export

router = APIRouter(tags=["exports"])

HierarchyQuery = Annotated[
    UUID | None, Query(description="Whose topics to give; the corpus's own hierarchy if none is named.")
]
_WITH_PAPERS = ("skos-turtle", "skos-jsonld", "html")


class PapersExportIn(Body):
    """A selection of papers to export, at most 20,000."""

    format: PaperFormat
    papers: Annotated[list[UUID], Field(max_length=MAX_PAPERS)]
    hierarchy: UUID | None = None


@router.get("/corpora/{corpus_id}/export", response_class=StreamingResponse)
def get_papers_export(
    corpus_id: UUID,
    session: SessionDep,
    sessions: SessionsDep,
    identity: IdentityDep,
    wanted: FilterDep,
    format: PaperFormat,  # noqa: A002
    hierarchy: HierarchyQuery = None,
) -> StreamingResponse:
    """Export papers: of the whole corpus, of a topic, or those with words or of years.

    RIS, BibTeX and CSL-JSON carry the paths to their topics among the keywords, CSV and JSONL apart.
    """
    corpus = corpora.get_corpus(session, corpus_id, workspace_id=identity.workspace_id)
    shown = exporting.find_exported(session, corpus, hierarchy)
    papers = list(exporting.select_papers(session, corpus, shown, wanted))
    return _send(sessions, corpus_id, papers, shown, format)


@router.post("/corpora/{corpus_id}/export", response_class=StreamingResponse)
def post_papers_export(
    corpus_id: UUID, body: PapersExportIn, session: SessionDep, sessions: SessionsDep, identity: IdentityDep
) -> StreamingResponse:
    """Export a selection of papers, in its order; those that are not in the corpus are left out."""
    corpus = corpora.get_corpus(session, corpus_id, workspace_id=identity.workspace_id)
    shown = exporting.find_exported(session, corpus, body.hierarchy)
    return _send(sessions, corpus_id, body.papers, shown, body.format)


@router.get("/hierarchies/{hierarchy_id}/export")
def get_export(
    hierarchy_id: UUID,
    session: SessionDep,
    identity: IdentityDep,
    format: Annotated[Literal["json"] | OutlineFormat, Query()] = "json",  # noqa: A002
) -> Any:  # noqa: ANN401
    """Export a hierarchy: JSON with its papers' source ids, SKOS, a table, an outline, a graph, a page."""
    row, build = hierarchies.get_hierarchy(session, hierarchy_id, workspace_id=identity.workspace_id)
    if format == "json":
        headers = _attachment(f"hierarchy-{row.id}.json")
        return JSONResponse(hierarchy_export.export_document(session, row, build), headers=headers)
    known = outline_writers.FORMATS[format]
    outline = exporting.read_outline(session, row, build, papers=format in _WITH_PAPERS)
    headers = _attachment(f"hierarchy-{row.id}.{known.suffix}")
    return StreamingResponse(write_outline(outline, format), media_type=known.media_type, headers=headers)


def _send(
    sessions: Sessions, corpus_id: UUID, papers: list[UUID], hierarchy_id: UUID | None, kind: PaperFormat
) -> StreamingResponse:
    known = paper_writers.FORMATS[kind]
    entries = exporting.read_entries(sessions, corpus_id, papers, hierarchy_id)
    headers = _attachment(f"papers-{corpus_id}.{known.suffix}")
    return StreamingResponse(write_papers(entries, kind), media_type=known.media_type, headers=headers)


def _attachment(name: str) -> dict[str, str]:
    # The name is ours: what a corpus is called could be anything.
    return {"Content-Disposition": f'attachment; filename="{name}"'}
