"""Opens an embedder by its name, loading only the libraries that one needs."""

from pathlib import Path

from app.errors import InvalidError
from app.index.embedder import Embedder


class EmbedderUnknown(InvalidError):
    """No embedder has this name."""

    slug = "embedder-unknown"
    title = "No such embedder"


def open_embedder(name: str, *, threads: int | None = None, cache_directory: Path | None = None) -> Embedder:
    """Open the embedder of that name."""
    if name in ("minilm", "minilm-fast"):
        from app.index.minilm import MinilmEmbedder  # noqa: PLC0415 - openvino takes half a second

        return MinilmEmbedder(threads=threads, cache_directory=cache_directory)
    raise EmbedderUnknown(f"No embedder is called {name!r}.")
