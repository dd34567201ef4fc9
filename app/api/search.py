"""Search: papers by words or by meaning."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter

from app.api.authentication import IdentityDep
from app.api.dependencies import OpenEmbedderDep, SessionDep
from app.api.papers import FoundPapers, show_found
from app.api.texts import Body, KCount, QueryText
from app.services import search

router = APIRouter(tags=["search"])


class SearchIn(Body):
    """What to look for: ``words`` as in a search box, or the ``meaning`` of a phrase or abstract."""

    query: QueryText
    k: KCount = 10
    mode: Literal["words", "meaning"] = "words"


@router.post("/corpora/{corpus_id}/search")
def post_search(
    corpus_id: UUID,
    body: SearchIn,
    session: SessionDep,
    identity: IdentityDep,
    open_embedder: OpenEmbedderDep,
) -> FoundPapers:
    """Find papers of a corpus, best first."""
    where = {"workspace_id": identity.workspace_id, "corpus_id": corpus_id}
    if body.mode == "words":
        found = search.search_by_words(session, body.query, k=body.k, **where)
    else:
        found = search.search_by_meaning(session, body.query, open_embedder(), k=body.k, **where)
    return show_found(session, found)
