import sys

import numpy as np

from benchmarks.peer_process import run_peer
from benchmarks.peers.neighbour_edges import neighbour_edges
from benchmarks.peers.peer_tree import Papers
from benchmarks.peers.set_up import split_requirements


def run(name, folder, *, limit_s):
    Papers([("title", "abstract")] * 8, np.eye(8, dtype=np.float32)).save(folder)
    return run_peer(name, folder, python=sys.executable, seed=0, rounds=1, limit_s=limit_s, folder=folder)


class TestRunPeer:
    def test_makes_a_tree_in_another_process(self, tmp_path):
        found = run("kmeans", tmp_path, limit_s=120)
        assert found.failed == ""
        assert len(found.tree.hierarchy.assignments) == 8
        assert found.tree.seconds["cluster"] > 0
        assert found.facts["peak_mib"] > 0
        assert "scikit-learn" in found.facts["versions"]

    def test_says_why_there_is_no_tree(self, tmp_path):
        found = run("toponymy", tmp_path, limit_s=120)
        assert found.tree is None
        assert "No module named 'toponymy'" in found.failed

    def test_ends_what_takes_too_long(self, tmp_path):
        assert run("kmeans", tmp_path, limit_s=0.05).failed == "no tree within 0 s"


class TestNeighbourEdges:
    def test_lists_every_pair_once(self):
        vectors = np.random.default_rng(0).normal(size=(40, 8)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        sources, targets, weights = neighbour_edges(vectors)
        assert (sources < targets).all()
        assert len(set(zip(sources.tolist(), targets.tolist(), strict=True))) == len(sources)
        cosines = (vectors[sources] * vectors[targets]).sum(axis=1)
        assert np.allclose(weights, np.maximum(cosines, 0.01), atol=1e-6)


class TestSplitRequirements:
    def test_keeps_the_hashes_with_their_package(self):
        text = "a==1 \\\n    --hash=sha256:00 \\\n    --hash=sha256:11\n    # via b\n"
        text += "b==2 ; sys_platform == 'x' \\\n    --hash=sha256:22\n"
        found = split_requirements(text)
        assert [line.split()[0] for line in found] == ["a==1", "b==2"]
        assert found[0].count("--hash") == 2
