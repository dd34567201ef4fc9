"""The web pages, served as files."""

from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.responses import FileResponse, PlainTextResponse, Response
from fastapi.staticfiles import StaticFiles

STATIC = Path(__file__).resolve().parents[2] / "frontend" / "static"

router = APIRouter(include_in_schema=False)


@router.get("/")
def get_index() -> Response:
    """Give the page, or say how it is built."""
    index = STATIC / "index.html"
    if not index.is_file():
        return PlainTextResponse("The API is running. The pages are not built: run `make run`.\n")
    return FileResponse(index, headers={"Cache-Control": "no-cache"})


def install(app: FastAPI) -> None:
    """Serve the page at ``/`` and its files below ``/static``."""
    app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC, check_dir=False), name="static")
