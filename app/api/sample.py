"""The bundled sample, so that a page can bring it in as it would any other file."""

from importlib.resources import files

from fastapi import APIRouter, Response

from app.api.authentication import IdentityDep

router = APIRouter(tags=["imports"])


@router.get("/sample", response_class=Response, responses={200: {"content": {"application/jsonl": {}}}})
def get_sample(_identity: IdentityDep) -> Response:
    """Read the invented sample papers, as JSON Lines: a file to import, to look around with."""
    content = (files("app.corpus") / "sample" / "papers.jsonl").read_bytes()
    headers = {"Content-Disposition": 'attachment; filename="sample.jsonl"'}
    return Response(content, media_type="application/jsonl", headers=headers)
