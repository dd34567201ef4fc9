"""What a hierarchy is grown from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.index.embedder import Vectors


@dataclass(frozen=True, slots=True)
class Material:
    """What a hierarchy was grown from, row by row: ids of the papers, their texts and vectors.

    ``checkpoint`` is what the stages after growing keep as theirs, so that this can be loaded again.
    """

    ids: Sequence[UUID]
    texts: Sequence[tuple[str, str]]
    vectors: Vectors
    checkpoint: Mapping[str, object]
