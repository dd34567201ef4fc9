import random
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import openvino as ov
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.index.minilm import MinilmEmbedder, native_precision
from tests.unit.index.reference import cosines, reference_texts, reference_vectors

STRANGE_TEXTS = [
    "",
    " ",
    "a",
    "\0",
    "\ud800",
    "😀" * 50,
    "x" * 100_000,
    "word " * 20_000,
    "\u202e\ufeff",
    "ß",
]


@pytest.fixture(scope="module")
def precise() -> Iterator[MinilmEmbedder]:
    return MinilmEmbedder()


@pytest.fixture(scope="module")
def fast() -> Iterator[MinilmEmbedder]:
    return MinilmEmbedder(fast=True)


@pytest.fixture(params=["precise", "fast"])
def embedder(request: pytest.FixtureRequest) -> MinilmEmbedder:
    found: MinilmEmbedder = request.getfixturevalue(request.param)
    return found


class TestPreciseMode:
    def test_agrees_with_sentence_transformers(self, precise: MinilmEmbedder) -> None:
        assert cosines(precise.embed(reference_texts()), reference_vectors()).min() > 0.9995

    def test_is_the_same_model_in_single_precision(self) -> None:
        vectors = MinilmEmbedder(precision="f32").embed(reference_texts())
        np.testing.assert_allclose(vectors, reference_vectors(), atol=2e-6)

    def test_uses_bf16_only_where_the_engine_would(self) -> None:
        core = ov.Core()
        native = core.get_property("CPU", "INFERENCE_PRECISION_HINT") == ov.Type.bf16
        assert native_precision(core) == ("bf16" if native else "f32")


class TestFastMode:
    def test_stays_near_sentence_transformers(self, fast: MinilmEmbedder) -> None:
        similarities = cosines(fast.embed(reference_texts()), reference_vectors())
        assert similarities.min() > 0.99
        assert similarities.mean() > 0.998

    def test_stores_vectors_under_a_name_of_its_own(
        self, fast: MinilmEmbedder, precise: MinilmEmbedder
    ) -> None:
        assert (fast.model, precise.model) == ("all-MiniLM-L6-v2-int8", "all-MiniLM-L6-v2")


class TestEmbed:
    def test_gives_unit_vectors_for_any_text(self, embedder: MinilmEmbedder) -> None:
        vectors = embedder.embed(STRANGE_TEXTS)
        assert vectors.dtype == np.float32
        assert vectors.shape == (len(STRANGE_TEXTS), embedder.n_dimensions)
        assert np.isfinite(vectors).all()
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)

    @settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(texts=st.lists(st.text(st.characters(codec=None), max_size=80), max_size=5))
    def test_never_fails_on_a_str(self, precise: MinilmEmbedder, texts: list[str]) -> None:
        norms = np.linalg.norm(precise.embed(texts), axis=1)
        np.testing.assert_allclose(norms, np.ones(len(texts)), atol=1e-6)

    def test_gives_no_vectors_for_no_texts(self, embedder: MinilmEmbedder) -> None:
        assert embedder.embed([]).shape == (0, 384)

    def test_gives_a_text_the_same_vector_whatever_its_batch(self, embedder: MinilmEmbedder) -> None:
        texts = reference_texts()
        alone = np.concatenate([embedder.embed([text]) for text in texts])
        shuffled = random.Random(3).sample(range(len(texts)), len(texts))
        crowded = [texts[i] for i in shuffled] + [f"{text} again" for text in texts]
        together = embedder.embed(crowded)[: len(texts)]
        np.testing.assert_allclose(together, alone[shuffled], rtol=0, atol=1e-6)

    def test_gives_texts_of_one_length_the_same_vectors_alone_and_together(
        self, embedder: MinilmEmbedder
    ) -> None:
        texts = [
            f"{word} grows in the valley" for word in ("barley", "rye", "moss", "rice", "corn") for _ in "ab"
        ]
        alone = np.concatenate([embedder.embed([text]) for text in texts])
        np.testing.assert_allclose(embedder.embed(texts), alone, rtol=0, atol=1e-6)

    def test_gives_equal_texts_equal_vectors(self, embedder: MinilmEmbedder) -> None:
        vectors = embedder.embed(["same", "other", "same", "other words", "same"])
        np.testing.assert_array_equal(vectors[[2, 4]], vectors[[0, 0]])

    def test_cuts_a_long_text_at_256_tokens(self, precise: MinilmEmbedder) -> None:
        whole, cut, shorter = precise.embed(["moss " * 400, "moss " * 254, "moss " * 253])
        np.testing.assert_array_equal(whole, cut)
        assert not np.array_equal(cut, shorter)

    def test_works_through_more_texts_than_it_holds_at_once(
        self, precise: MinilmEmbedder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        texts = reference_texts()[:12]
        at_once = precise.embed(texts)
        monkeypatch.setattr("app.index.minilm.TEXTS_AT_ONCE", 5)
        np.testing.assert_allclose(precise.embed(texts), at_once, rtol=0, atol=1e-6)

    def test_is_shared_by_threads(self, precise: MinilmEmbedder) -> None:
        texts = reference_texts()[:10]
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(precise.embed, [texts] * 8))
        assert all(np.array_equal(vectors, found[0]) for vectors in found)

    @pytest.mark.parametrize("threads", [1, 2])
    def test_gives_the_same_vectors_with_any_number_of_threads(
        self, precise: MinilmEmbedder, threads: int
    ) -> None:
        texts = reference_texts()[:10]
        found = MinilmEmbedder(threads=threads).embed(texts)
        np.testing.assert_allclose(found, precise.embed(texts), rtol=0, atol=1e-6)


class TestLeavingTheProcess:
    def test_neither_hangs_nor_aborts(self) -> None:
        leave = (
            "from app.index.minilm import MinilmEmbedder\n"
            "embedder = MinilmEmbedder(threads=2)\n"
            "embedder.embed([f'{n} ' * n for n in range(40)])\n"
            "del embedder"
        )
        for _ in range(3):
            ended = subprocess.run([sys.executable, "-c", leave], capture_output=True, timeout=60)
            assert (ended.returncode, ended.stderr) == (0, b"")
