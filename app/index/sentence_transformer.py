"""Any sentence-transformers model, on the GPU where there is one; needs the torch extra."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from sentence_transformers import SentenceTransformer

from app.errors import UnavailableError
from app.index.embedder import Vectors
from app.index.texts import distinct_texts

BATCH_TEXTS_CPU = 32
BATCH_TEXTS_CUDA = 256


class ModelUnavailable(UnavailableError):
    """A sentence-transformers model could not be fetched or read."""

    slug = "model-unavailable"
    title = "The encoder's model could not be loaded"


class SentenceTransformerEmbedder:
    """Embeds texts with a sentence-transformers model; never runs code that a model brings along.

    Parameters
    ----------
    name : str
        The model's public name, or the folder it is in; its vectors are stored under it.
    threads : int, optional
        Threads that compute on the CPU, for all of this process; torch's choice when not given.
    cache_directory : Path, optional
        Where a model that has to be fetched is kept; the library's own folder when not given.

    Raises
    ------
    ModelUnavailable
        If the model cannot be loaded.
    """

    def __init__(self, name: str, *, threads: int | None = None, cache_directory: Path | None = None) -> None:
        if threads is not None:
            torch.set_num_threads(threads)
        self._on_gpu = torch.cuda.is_available()
        try:
            self._encoder = SentenceTransformer(
                name,
                device="cuda" if self._on_gpu else "cpu",
                cache_folder=None if cache_directory is None else str(cache_directory),
                trust_remote_code=False,
                model_kwargs={"dtype": _precision(on_gpu=self._on_gpu)},
            )
        except (OSError, ValueError) as error:
            raise ModelUnavailable(f"The model {name} could not be loaded: {error}") from error
        self._model = name
        self._n_dimensions = int(self._encoder.get_embedding_dimension())

    @property
    def model(self) -> str:
        """Name under which its vectors are stored."""
        return self._model

    @property
    def n_dimensions(self) -> int:
        """Length of a vector."""
        return self._n_dimensions

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed texts, in their order; equal texts are computed once.

        Parameters
        ----------
        texts : sequence of str
            Any length, empty strings included; cut at the model's limit.

        Returns
        -------
        ndarray of shape (n_texts, n_dimensions), float32
            Finite unit vectors.

        Notes
        -----
        The library sorts by length before it makes batches; their padding moves a vector a little, in
        bf16 by up to about 1e-2 in a coordinate.
        """
        distinct, rows = distinct_texts(texts)
        if not distinct:
            return np.empty((0, self._n_dimensions), np.float32)
        found = self._encoder.encode(
            distinct,
            batch_size=BATCH_TEXTS_CUDA if self._on_gpu else BATCH_TEXTS_CPU,
            show_progress_bar=False,
            convert_to_tensor=True,
        )
        return unit(found.float().cpu().numpy())[rows]


def unit(vectors: Vectors) -> Vectors:
    """Scale to unit length; a zero vector, which a model may give an empty text, becomes the diagonal."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    diagonal = np.float32(1 / np.sqrt(vectors.shape[1]))
    return np.where(norms > 0, vectors / np.where(norms > 0, norms, 1), diagonal)


def _precision(*, on_gpu: bool) -> torch.dtype:
    if not on_gpu:
        return torch.float32
    return torch.bfloat16 if torch.cuda.is_bf16_supported(including_emulation=False) else torch.float16
