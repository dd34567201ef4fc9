"""What needs the torch extra: run where it is installed, with ``-m model`` (``-m gpu`` on a GPU)."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from app.index.open import open_embedder
from app.index.weights import find_minilm
from tests.unit.index.reference import cosines, reference_texts

if TYPE_CHECKING:
    from app.index.embedder import Embedder

pytestmark = pytest.mark.model
FOLDER = str(find_minilm().weights.parent)


@pytest.fixture(scope="module")
def original() -> "Embedder":
    pytest.importorskip("sentence_transformers", reason="the torch extra is not installed")
    return open_embedder(f"st:{FOLDER}")


class TestSentenceTransformerEmbedder:
    def test_has_the_name_it_was_opened_by(self, original: "Embedder") -> None:
        assert (original.model, original.n_dimensions) == (FOLDER, 384)

    def test_gives_unit_vectors_for_any_text(self, original: "Embedder") -> None:
        vectors = original.embed(["", "a", "\0", "\ud800", "x" * 100_000, "word " * 20_000, "a"])
        assert vectors.shape == (7, 384)
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
        np.testing.assert_array_equal(vectors[1], vectors[6])
        assert original.embed([]).shape == (0, 384)

    def test_refuses_a_folder_without_a_model(self, original: "Embedder", tmp_path: Path) -> None:
        from app.index.sentence_transformer import ModelUnavailable  # noqa: PLC0415 - Loads torch.

        with pytest.raises(ModelUnavailable, match="could not be loaded"):
            open_embedder(f"st:{tmp_path}")


class TestUnit:
    def test_turns_a_zero_vector_into_a_unit_one(self, original: "Embedder") -> None:
        from app.index.sentence_transformer import unit  # noqa: PLC0415 - Loads torch.

        found = unit(np.array([[0, 0, 0, 0], [0, 3, 4, 0]], np.float32))
        np.testing.assert_allclose(found, [[0.5] * 4, [0, 0.6, 0.8, 0]], atol=1e-7)
        assert found.dtype == np.float32


class TestMinilm:
    @pytest.mark.parametrize(("name", "least"), [("minilm", 0.9995), ("minilm-fast", 0.99)])
    def test_agrees_with_sentence_transformers(self, original: "Embedder", name: str, least: float) -> None:
        texts = reference_texts()
        assert cosines(open_embedder(name).embed(texts), original.embed(texts)).min() > least


@pytest.mark.gpu
class TestOnTheGpu:
    def test_stays_near_single_precision(self, original: "Embedder") -> None:
        torch = pytest.importorskip("torch")
        if not torch.cuda.is_available():
            pytest.skip("there is no GPU")
        texts = reference_texts()
        on_cpu = open_embedder("minilm").embed(texts)
        assert cosines(original.embed(texts), on_cpu).min() > 0.999
