"""Measures whether confidences come true, and fits the weights that make them do so."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from app.hierarchy.confidence import Evidence, Weights, evidence_names
from app.hierarchy.tree import Similarities
from benchmarks.samples import SampleBuild, Truths, filed_again, pair_builds

N_BINS = 10


@dataclass(frozen=True)
class Calibration:
    """How often what was said with some confidence came true.

    ``error`` is the expected calibration error: the mean difference, over cases, between the mean confidence
    and the rate of its bin, of ten. ``brier`` is the mean squared difference; ``brier_of_rate`` what saying
    the rate of every case would have.
    """

    n_cases: int
    mean: float
    rate: float
    error: float
    brier: float
    brier_of_rate: float


def measure_calibration(confidences: Similarities, truths: Truths) -> Calibration:
    """Compare confidences with what came true."""
    bins = np.minimum((confidences * N_BINS).astype(np.int64), N_BINS - 1)
    expected = np.bincount(bins, confidences, minlength=N_BINS)
    found = np.bincount(bins, truths, minlength=N_BINS)
    rate = float(truths.mean())
    return Calibration(
        len(truths),
        float(confidences.mean()),
        rate,
        float(np.abs(expected - found).sum() / len(truths)),
        float(np.mean((confidences - truths) ** 2)),
        rate * (1 - rate),
    )


def gather_cases(builds: Sequence[SampleBuild]) -> tuple[Evidence, Truths]:
    """Put together, over all pairs of builds, the evidence for each paper's leaf and whether it came true."""
    pairs = list(pair_builds(builds))
    columns = [
        np.concatenate([getattr(pair.one.evidence, name)[pair.rows] for pair in pairs])
        for name in evidence_names()
    ]
    return Evidence(*columns), np.concatenate([filed_again(pair) for pair in pairs])


def fit_weights(cases: Sequence[tuple[Evidence, Truths]]) -> Weights:
    """Fit a logistic regression, each set of cases counting the same whatever its size."""
    columns: list[NDArray[np.float32]] = [
        np.stack([getattr(evidence, name) for name in evidence_names()], axis=1) for evidence, _ in cases
    ]
    truths = np.concatenate([found for _, found in cases])
    counts = np.concatenate([np.full(len(found), len(truths) / len(found)) for _, found in cases])
    model = LogisticRegression(C=1e4, max_iter=1000)
    model.fit(np.concatenate(columns), truths, sample_weight=counts / len(cases))
    numbers = [model.intercept_[0], *model.coef_[0]]
    return Weights(*(round(float(number), 2) for number in numbers))


def write_weights(weights: Weights, module: Path) -> None:
    """Put weights in place of those that a module has."""
    lines = "".join(f"    {name}={value},\n" for name, value in asdict(weights).items())
    source = module.read_text(encoding="utf-8")
    written, n_found = re.subn(
        r"^WEIGHTS = Weights\(\n.*?^\)\n", f"WEIGHTS = Weights(\n{lines})\n", source, flags=re.M | re.S
    )
    if n_found != 1:
        raise SystemExit(f"{module} has no WEIGHTS to put others in the place of.")
    module.write_text(written, encoding="utf-8")


def describe_weights(weights: Weights) -> str:
    """Name each weight in one line."""
    return ", ".join(f"{field.name} {getattr(weights, field.name):+.2f}" for field in fields(weights))
