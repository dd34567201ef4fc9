"""Writes docs/openapi.json from the application; a test keeps the two together."""

import json
from pathlib import Path

from app.main import create_app
from app.settings import Settings

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "openapi.json"


def render() -> str:
    """Give the OpenAPI document as it is committed; nothing is connected to."""
    settings = Settings(data_directory=Path(), database_url="postgresql://", redis_url="redis://")
    return json.dumps(create_app(settings).openapi(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    DOCUMENT.write_text(render())
