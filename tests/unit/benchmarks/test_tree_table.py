import re

import numpy as np

from benchmarks.peers.peer_tree import PeerTree
from benchmarks.scores import shape
from benchmarks.tree_table import HEADS, SHAPE_HEADS, write_shape_table, write_table
from tests.unit.hierarchy.trees import make_tree


def row(peer, *, cluster, label=None, found=None):
    seconds = {"cluster": cluster, "cluster_cpu": cluster / 2}
    if label is not None:
        seconds |= {"label": label, "label_cpu": label / 2}
    figures = {"f1": [0.5, 0.25], "ami": [0.1, 0.2], "purity": [1.0, 0.0]}
    return {
        "peer": peer,
        "title": peer,
        "seconds": seconds,
        "scores": figures,
        "shuffled": figures,
        "topics_by_depth": [1, 2, 3, 4, 5, 6, 7],
        "coverage": 0.9876,
        "found_again": found,
        "peak_mib": 12.3,
    }


def walk(share):
    found = {"exact": share / 2, "exact_in_beam": share}
    other = {"exact": 0.0, "exact_in_beam": 0.01}
    return {"found": found, "random": other, "shuffled": {**other, "exact_in_beam": 0.02}}


class TestWriteTable:
    def test_gives_times_as_multiples_of_ours(self):
        ours = row("ours", cluster=2.0, label=2.0, found=[walk(0.4), walk(0.6)])
        slow = row("slow", cluster=6.0, label=14.0, found=[walk(0.1), walk(0.2)])
        lines = write_table("corpus", 1000, [ours, slow])
        assert lines[0] == "### corpus, 1,000 papers"
        cells = [cell.strip() for cell in lines[-1].split("|")[1:-1]]
        assert len(cells) == len(HEADS)
        assert cells[1] == ".500 / .250"
        assert cells[2:5] == [".500 / .250", ".100 / .200", ".100 / .200"]
        assert cells[7:11] == ["6.0 s (3.0)", "3.00", "20.0 s (10.0)", "5.00"]
        assert cells[11] == "1, 2, 3, 4, 5, 6 ..."
        assert cells[13] == "20.0% (10.0%); 1.0%; 2.0%"

    def test_shows_the_purity_of_cuts_beside_that_of_a_whole_dendrogram(self):
        ward = row("ward", cluster=4.0)
        ward["scores"] = {**ward["scores"], "purity_of_cuts": [0.125, 0.0625]}
        cells = [cell.strip() for cell in write_table("corpus", 9, [ward])[-1].split("|")[1:-1]]
        assert cells[5] == "1.000 / .000 (.125 / .062)"

    def test_leaves_empty_what_a_peer_does_not_make(self):
        lines = write_table(
            "corpus", 9, [row("ours", cluster=2.0, label=1.0, found=[walk(1.0)]), row("bare", cluster=4.0)]
        )
        cells = [cell.strip() for cell in lines[-1].split("|")[1:-1]]
        assert cells[7:11] == ["4.0 s (2.0)", "2.00", "", ""]
        assert cells[13] == ""

    def test_lists_a_peer_without_a_tree_with_the_reason(self):
        failed = {"peer": "gone", "title": "gone", "failed": "No module named 'gone'"}
        line = write_table("corpus", 9, [failed])[-1]
        assert line.startswith("| gone | none: No module named 'gone' |")
        assert line.count("|") == len(HEADS) + 1


class TestWriteShapeTable:
    def test_shows_what_is_measured_of_our_own_tree(self):
        hierarchy = make_tree([-1, 0, 0, 1, 1], [2, 2, 2, 3, 3, 4, -1])
        tree = PeerTree(hierarchy, {}, ["All papers", "Bees", "bees", "Wild bees", "Bees of cities here"])
        texts = [("Bees of cities", "They like hedges here.")] * 7
        vectors = np.random.default_rng(5).normal(size=(7, 8)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        measured = shape(tree, texts, vectors, seed=5)
        lines = write_shape_table([{**row("ours", cluster=1.0), "shape": measured}, row("bare", cluster=1.0)])

        assert len(lines) == 3
        cells = [cell.strip() for cell in lines[-1].split("|")[1:-1]]
        assert len(cells) == len(SHAPE_HEADS)
        assert cells[:5] == ["ours", "100.0%", "85.7%", "4", "3"]
        assert cells[5:10] == ["1 to 3", "2 to 2", "0", "1", "0"]
        assert cells[11:12] == ["1.00, 3.00"]
        assert all(re.fullmatch(r"[\d.]+%? \([\d.]+%?\)", cell) for cell in cells[12:])

    def test_is_left_out_where_nothing_was_measured(self):
        assert write_shape_table([row("bare", cluster=1.0)]) == []
