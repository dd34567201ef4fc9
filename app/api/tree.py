"""The tree for pages: all topics in one short answer, and how they grew year by year."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Response
from pydantic import BaseModel

from app.api.authentication import IdentityDep
from app.api.conditional import REVALIDATED, is_seen
from app.api.dependencies import SessionDep
from app.labelling.label import NamedBy
from app.services import corpora, hierarchies, topic_tree
from app.services.topic_tree import Branch

router = APIRouter(prefix="/hierarchies/{hierarchy_id}", tags=["hierarchies"])

_KEYPHRASES = 3
SeenHeader = Annotated[str | None, Header(alias="If-None-Match", max_length=1_000)]


class BranchOut(BaseModel):
    """A topic of the tree.

    ``n_papers`` counts those below it too, ``n_own`` those filed right here, ``n_second`` those that are here
    or below only by a second home. ``confidence`` is the mean over its papers, null where it has none;
    ``n_doubtful`` counts those with less than one half that no person placed. ``edited`` says that a person
    made, named, described or moved it.
    """

    id: UUID
    parent_id: UUID | None
    label: str
    named_by: NamedBy
    keyphrases: list[str]
    n_papers: int
    n_own: int
    n_second: int
    confidence: float | None
    n_doubtful: int
    locked: bool
    edited: bool


class TreeOut(BaseModel):
    """All topics of a hierarchy: parents before children, siblings in the order they are shown."""

    hierarchy_id: UUID
    corpus_id: UUID
    facet: str
    version: int
    n_papers: int
    n_unassigned: int
    n_papers_since: int
    topics: list[BranchOut]


class YearsOut(BaseModel):
    """How many papers of each year, from ``first`` to ``last``, topics hold, those below them too.

    Topics without any are left out; the years are null when no paper has one.
    """

    version: int
    first: int | None
    last: int | None
    counts: dict[UUID, list[int]]


@router.get("/tree", response_model=TreeOut)
def get_tree(
    hierarchy_id: UUID,
    session: SessionDep,
    identity: IdentityDep,
    if_none_match: SeenHeader = None,
) -> Response:
    """Read all topics in one call. The ETag changes with the hierarchy and its corpus; it serves If-Match."""
    row, build = hierarchies.get_hierarchy(session, hierarchy_id, workspace_id=identity.workspace_id)
    corpus = corpora.get_corpus(session, row.corpus_id, workspace_id=identity.workspace_id)
    headers = {"ETag": f'"{row.version}-{corpus.version}"', **REVALIDATED}
    if is_seen(if_none_match, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    counts = hierarchies.count_papers(session, build, corpus)
    tree = TreeOut.model_construct(
        hierarchy_id=row.id,
        corpus_id=row.corpus_id,
        facet=row.facet,
        version=row.version,
        n_papers=counts.n_papers,
        n_unassigned=counts.n_unassigned,
        n_papers_since=counts.n_papers_since,
        topics=[_show(branch) for branch in topic_tree.read_branches(session, row, build)],
    )
    # Of 5,000 topics, checking what the types have checked already would take most of the time.
    return Response(tree.model_dump_json(), media_type="application/json", headers=headers)


@router.get("/years", response_model=YearsOut)
def get_years(
    hierarchy_id: UUID,
    session: SessionDep,
    identity: IdentityDep,
    response: Response,
    if_none_match: SeenHeader = None,
) -> Any:  # noqa: ANN401
    """Tell how topics grew: their papers by year."""
    row, build = hierarchies.get_hierarchy(session, hierarchy_id, workspace_id=identity.workspace_id)
    corpus = corpora.get_corpus(session, row.corpus_id, workspace_id=identity.workspace_id)
    headers = {"ETag": f'"{row.version}-{corpus.version}"', **REVALIDATED}
    if is_seen(if_none_match, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    response.headers.update(headers)
    found = topic_tree.count_years(session, build)
    return YearsOut(version=row.version, first=found.first, last=found.last, counts=found.counts)


def _show(branch: Branch) -> BranchOut:
    topic, sure = branch.topic, branch.mean_confidence
    return BranchOut.model_construct(
        id=topic.id,
        parent_id=topic.parent_id,
        label=topic.label,
        named_by=topic.named_by,
        keyphrases=topic.keyphrases[:_KEYPHRASES],
        n_papers=topic.n_papers,
        n_own=topic.n_papers_direct,
        n_second=topic.n_second_papers,
        confidence=None if sure is None else round(sure, 4),
        n_doubtful=branch.n_doubtful,
        locked=topic.locked,
        edited=branch.edited,
    )
