"""Opens an embedder by its name and loads only the libraries that one needs."""

import importlib.util
from pathlib import Path

from app.errors import InvalidError, UnavailableError
from app.index.embedder import Embedder

SENTENCE_TRANSFORMERS_PREFIX = "st:"


class EmbedderUnknown(InvalidError):
    """No embedder has this name."""

    slug = "embedder-unknown"
    title = "No embedder has this name"


class TorchExtraMissing(UnavailableError):
    """The embedder needs packages that are only installed when asked for."""

    slug = "torch-extra-missing"
    title = "The torch extra is not installed"


def open_embedder(name: str, *, threads: int | None = None, cache_directory: Path | None = None) -> Embedder:
    """Open the embedder of a name; takes about a second, so keep what it returns.

    Parameters
    ----------
    name : str
        ``minilm``: all-MiniLM-L6-v2, precise, the default. ``minilm-fast``: the same in int8, whose
        vectors are not mixed with the precise ones. ``st:NAME``: any sentence-transformers model by
        its public name or its folder, on the GPU where there is one.
    threads : int, optional
        Threads that compute; all processors this process may run on when not given.
    cache_directory : Path, optional
        Where ``st:`` models that have to be fetched are kept; the library's own folder when not given.
        The others need none: their weights are installed, and building them takes a fifth of a second.

    Returns
    -------
    Embedder
        Safe to share between threads.

    Raises
    ------
    EmbedderUnknown
        If there is no such name.
    WeightsMissing, WeightsDamaged
        If the installed weights are not there, or not the published ones.
    TorchExtraMissing
        If it is an ``st:`` name and sentence-transformers is not installed.
    ModelUnavailable
        If that model cannot be loaded.
    """
    if name in ("minilm", "minilm-fast"):
        from app.index.minilm import MinilmEmbedder  # noqa: PLC0415 - OpenVINO takes half a second to load.

        return MinilmEmbedder(fast=name == "minilm-fast", threads=threads)
    model = name.removeprefix(SENTENCE_TRANSFORMERS_PREFIX)
    if model in ("", name):
        raise EmbedderUnknown(f"No embedder is called {name!r}; there are minilm, minilm-fast and st:MODEL.")
    if importlib.util.find_spec("sentence_transformers") is None:
        raise TorchExtraMissing(
            f"The embedder {name} needs sentence-transformers: pip install -r requirements-torch.lock"
        )
    from app.index.sentence_transformer import SentenceTransformerEmbedder  # noqa: PLC0415 - Loads torch.

    return SentenceTransformerEmbedder(model, threads=threads, cache_directory=cache_directory)
