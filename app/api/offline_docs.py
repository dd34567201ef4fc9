"""Serves the interactive API documentation without the internet and without inline scripts."""

from importlib.util import find_spec
from pathlib import Path

from fastapi import FastAPI, HTTPException, Request
from starlette.responses import FileResponse, HTMLResponse, Response

_ASSETS = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "favicon.png": "image/png",
}
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>papertree API</title>
<link rel="icon" href="/docs/favicon.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<noscript>The documentation needs scripts; /openapi.json says the same to programs.</noscript>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""
_START = """SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  validatorUrl: null,
});
"""


def install(app: FastAPI) -> None:
    """Serve ``/docs`` and what it is made of, for an application with ``docs_url=None, redoc_url=None``."""
    assets = _find_assets()
    headers = {"Cache-Control": "no-cache"}

    async def get_page(_request: Request) -> Response:
        return HTMLResponse(_PAGE, headers=headers)

    async def get_asset(request: Request) -> Response:
        name = request.path_params["name"]
        if name == "start.js":
            return Response(_START, media_type="text/javascript", headers=headers)
        if name not in _ASSETS:
            raise HTTPException(404)
        return FileResponse(assets / name, media_type=_ASSETS[name], headers=headers)

    app.add_route("/docs", get_page, include_in_schema=False)
    app.add_route("/docs/{name}", get_asset, include_in_schema=False)


def _find_assets() -> Path:
    """Find the files of Swagger UI in the package that brings them, without importing it."""
    spec = find_spec("fastapi_offline")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("fastapi_offline")
    return Path(spec.submodule_search_locations[0]) / "static"
