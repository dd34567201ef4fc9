"""What every encoder offers: texts in, unit vectors out."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""Unit vectors, shape (n_papers, n_dimensions), float32; row i belongs to text i."""


class Embedder(Protocol):
    """Turns texts into unit vectors."""

    @property
    def model(self) -> str:
        """Name under which its vectors are stored; two embedders share it only if their vectors agree."""

    @property
    def n_dimensions(self) -> int:
        """Length of a vector."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed texts, in their order.

        Parameters
        ----------
        texts : sequence of str
            Any length, empty strings included; long ones are cut at the model's limit.

        Returns
        -------
        ndarray of shape (n_texts, n_dimensions), float32
            Finite unit vectors.
        """
