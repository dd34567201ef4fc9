import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from app.errors import InvalidError, UnavailableError
from app.index.open import EmbedderUnknown, TorchExtraMissing, open_embedder

HEAVY = ("openvino", "torch", "sentence_transformers", "tokenizers", "safetensors", "scipy", "sklearn")
TORCH_EXTRA = importlib.util.find_spec("sentence_transformers") is not None


class TestOpenEmbedder:
    @pytest.mark.parametrize(
        ("name", "model"), [("minilm", "all-MiniLM-L6-v2"), ("minilm-fast", "all-MiniLM-L6-v2-int8")]
    )
    def test_opens_the_embedder_of_that_name(self, name: str, model: str, tmp_path: Path) -> None:
        embedder = open_embedder(name, threads=1, cache_directory=tmp_path)
        assert (embedder.model, embedder.n_dimensions) == (model, 384)
        assert embedder.embed(["moss"]).shape == (1, 384)

    @pytest.mark.parametrize("name", ["", "st:", "minilm ", "MINILM", "bert", "st"])
    def test_refuses_any_other_name(self, name: str) -> None:
        with pytest.raises(EmbedderUnknown, match="minilm-fast") as problem:
            open_embedder(name)
        assert isinstance(problem.value, InvalidError)

    @pytest.mark.skipif(TORCH_EXTRA, reason="the torch extra is installed")
    def test_says_how_to_install_the_torch_extra(self) -> None:
        with pytest.raises(TorchExtraMissing, match=r"requirements-torch\.lock") as problem:
            open_embedder("st:all-MiniLM-L6-v2")
        assert isinstance(problem.value, UnavailableError)


class TestImportingTheIndex:
    def test_loads_no_heavy_library(self) -> None:
        look = (
            "import sys, app.index.batches, app.index.embedder, app.index.exact, app.index.open, "
            f"app.index.texts, app.index.weights; print([n for n in {HEAVY!r} if n in sys.modules])"
        )
        found = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
        assert found.stdout.strip() == "[]"


class TestOpeningTheDefault:
    def test_writes_nothing_at_home_and_loads_no_torch(self, tmp_path: Path) -> None:
        look = (
            "import sys; from app.index.open import open_embedder; open_embedder('minilm').embed(['moss']); "
            "print([n for n in ('torch', 'transformers', 'openvino_telemetry') if n in sys.modules])"
        )
        environment = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
        found = subprocess.run(
            [sys.executable, "-c", look],
            capture_output=True,
            text=True,
            check=True,
            env=environment,
            cwd=Path(__file__).parents[3],
        )
        assert found.stdout.strip() == "[]"
        assert list(tmp_path.iterdir()) == []
