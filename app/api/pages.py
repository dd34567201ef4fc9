"""The web pages: one document for every screen, and the files that it is made of."""

import secrets
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.responses import HTMLResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.types import Scope

from app.api.hosts import CONTENT_SECURITY_POLICY

STATIC = Path(__file__).resolve().parents[2] / "frontend" / "static"
"""Where `npm run build` puts the pages."""

_NONCE = "__CSP_NONCE__"
_NOT_BUILT = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>papertree</title></head>
<body>
<h1>The API is running. The pages are not built.</h1>
<p>Run <code>make run</code> in the repository: it builds them, and says what is missing if it cannot.
The <a href="/docs">API</a> works without them.</p>
</body>
</html>
"""

router = APIRouter(include_in_schema=False)


# The addresses of screens are read in the browser. Listed one by one, so that an address that is none is
# answered as it was before there were pages, and never with a page where a program expects something else.
@router.get("/")
@router.get("/help")
@router.get("/corpora/{screen:path}")
@router.get("/jobs/{screen:path}")
def get_page() -> Response:
    """Give the page, or say how it is built."""
    index = STATIC / "index.html"
    headers = {"Cache-Control": "no-cache"}
    if not index.is_file():
        return HTMLResponse(_NOT_BUILT, headers=headers)
    nonce = secrets.token_urlsafe(16)
    # The style elements that Mantine makes carry the nonce; nothing else inline is allowed.
    headers["Content-Security-Policy"] = f"{CONTENT_SECURITY_POLICY}; style-src 'self' 'nonce-{nonce}'"
    return HTMLResponse(index.read_text("utf-8").replace(_NONCE, nonce), headers=headers)


class Assets(StaticFiles):
    """Files whose names hold the hash of what is in them: a browser need never ask again."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Give a file, to be kept for ever."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def install(app: FastAPI) -> None:
    """Serve the page at the addresses of screens, and what it is made of below ``/assets``."""
    app.include_router(router)
    app.mount("/assets", Assets(directory=STATIC / "assets", check_dir=False), name="assets")
