import shutil
from pathlib import Path

import pytest

from app.index.minilm import MinilmEmbedder
from app.index.weights import WeightsDamaged, WeightsMissing, find_minilm, verify_weights


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    files = find_minilm()
    shutil.copy(files.tokenizer, tmp_path)
    shutil.copy(files.weights, tmp_path)
    return tmp_path


class TestFindMinilm:
    def test_finds_the_installed_files(self) -> None:
        files = find_minilm()
        assert (files.weights.name, files.tokenizer.name) == ("model.safetensors", "tokenizer.json")

    def test_refuses_a_package_that_is_not_installed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("app.index.weights.MINILM_PACKAGE", "no_such_package")
        with pytest.raises(WeightsMissing, match="no-such-package"):
            find_minilm()

    def test_refuses_a_folder_without_the_tokenizer(self, copied: Path) -> None:
        (copied / "tokenizer.json").unlink()
        with pytest.raises(WeightsMissing, match=r"tokenizer\.json"):
            find_minilm(copied)


class TestVerifyWeights:
    def test_accepts_the_published_weights(self) -> None:
        verify_weights(find_minilm().weights)

    def test_refuses_other_bytes(self, tmp_path: Path) -> None:
        other = tmp_path / "model.safetensors"
        other.write_bytes(b"other")
        with pytest.raises(WeightsDamaged, match="SHA-256"):
            verify_weights(other)


class TestMinilmEmbedder:
    def test_refuses_weights_of_which_one_bit_differs(self, copied: Path) -> None:
        with (copied / "model.safetensors").open("r+b") as file:
            file.seek(50_000_000)
            byte = file.read(1)[0]
            file.seek(50_000_000)
            file.write(bytes([byte ^ 1]))
        with pytest.raises(WeightsDamaged):
            MinilmEmbedder(directory=copied)
