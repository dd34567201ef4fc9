from pathlib import Path

import numpy as np
import pytest

from app.hierarchy import confidence
from app.hierarchy.confidence import WEIGHTS, Evidence, Weights, weigh
from benchmarks.calibration import fit_weights, measure_calibration, write_weights


def random_evidence(n_places, seed):
    random = np.random.default_rng(seed)
    return Evidence(*random.uniform(0, 1, (5, n_places)).astype(np.float32))


class TestMeasureCalibration:
    def test_finds_no_error_where_confidences_come_true(self):
        confidences = np.repeat(np.array([0.25, 0.75], dtype=np.float32), 100)
        truths = np.tile(np.arange(100) < 25, 2) ^ (confidences > 0.5)
        found = measure_calibration(confidences, truths)
        assert found.error == pytest.approx(0.0, abs=1e-6)
        assert (found.mean, found.rate) == (pytest.approx(0.5), 0.5)
        assert found.brier == pytest.approx(0.25 * 0.75)
        assert found.brier < found.brier_of_rate

    def test_finds_by_how_much_all_are_too_sure(self):
        found = measure_calibration(np.full(100, 0.95, dtype=np.float32), np.arange(100) < 60)
        assert found.error == pytest.approx(0.35, abs=1e-6)

    def test_takes_certainty_for_the_highest_bin(self):
        assert measure_calibration(np.ones(10, dtype=np.float32), np.ones(10, dtype=bool)).error == 0.0


class TestFitWeights:
    def test_finds_the_weights_that_cases_were_drawn_with(self):
        true = Weights(-1.0, 2.0, 1.5, -1.0, 0.5, -0.5)
        cases = []
        for seed in range(2):
            evidence = random_evidence(100_000, seed)
            draws = np.random.default_rng(10 + seed).uniform(size=100_000)
            cases.append((evidence, draws < weigh(evidence, true)))
        fitted = fit_weights(cases)
        for name in ("intercept", "nearness", "agreement", "rivalry", "cohesion", "size"):
            assert getattr(fitted, name) == pytest.approx(getattr(true, name), abs=0.1)


class TestWriteWeights:
    def test_puts_them_in_the_module_and_leaves_the_rest(self, tmp_path):
        source = Path(confidence.__file__).read_text(encoding="utf-8")
        module = tmp_path / "confidence.py"
        module.write_text(source, encoding="utf-8")
        write_weights(Weights(1.0, 2.0, 3.0, 4.0, 5.0, 6.25), module)
        written = module.read_text(encoding="utf-8")
        assert "    intercept=1.0,\n    nearness=2.0,\n" in written
        assert "    size=6.25,\n)\n" in written
        write_weights(WEIGHTS, module)
        assert module.read_text(encoding="utf-8") == source

    def test_refuses_a_module_without_any(self, tmp_path):
        module = tmp_path / "other.py"
        module.write_text("x = 1\n", encoding="utf-8")
        with pytest.raises(SystemExit, match="no WEIGHTS"):
            write_weights(WEIGHTS, module)
