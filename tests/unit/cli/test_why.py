import pytest

from tests.unit.cli.stand_in import topic

PAPER = {"id": "00000000-0000-0000-0000-000000000001", "source_id": "p1", "title": "Work \x1b[1m1"}


def level(*path: str, similarity: float | None, chance: float | None) -> dict[str, object]:
    found = {"topic_id": "t", "label": path[-1], "path": list(path)}
    return {"topic": found, "similarity": similarity, "chance": chance}


WHY = {
    "paper": PAPER,
    "topic": {"topic_id": "t", "label": "Alloys", "path": ["Materials", "Alloys"]},
    "home": {"home": "first", "placed_by": "person", "locked": True, "confidence": 1.0},
    "put_by": {"operation_id": "s", "actor": "ann", "at": "2026-07-01T10:00:00Z"},
    "exemplars": [{"paper": {"title": "Steel"}, "similarity": 0.512}],
    "shared_terms": ["alloy", "steel"],
    "path": [level("Materials", similarity=0.4, chance=0.9)],
    "runners_up": [level("Bees", similarity=None, chance=None)],
}


@pytest.fixture
def built(server):
    corpus = server.add_corpus("mine", n_papers=300)
    server.build(corpus, [topic("Materials", 50), topic("Bees", 4)])
    server.papers = [{"id": PAPER["id"], "source_id": "p1"}]
    server.answers = {f"papers/{PAPER['id']}/why": WHY}
    return corpus


class TestWhy:
    def test_tells_what_speaks_for_it_line_by_line(self, built, run):
        assert run("why", "mine", "p1").stdout.splitlines() == [
            "Work [1m1",
            "In Materials > Alloys",
            "By its first home, put there by ann at 2026-07-01T10:00:00Z, locked; confidence 1.00.",
            "Shared terms: alloy, steel",
            "what\tname\tsimilarity\tchance",
            "exemplar\tSteel\t0.51\t",
            "path\tMaterials\t0.40\t0.90",
            "instead\tBees\t\t",
        ]

    def test_says_that_a_paper_does_not_stand_there(self, server, built, run):
        server.answers[f"papers/{PAPER['id']}/why"] = {**WHY, "home": None, "shared_terms": []}

        lines = run("why", "mine", "p1").stdout.splitlines()

        assert lines[2:4] == ["It does not stand there.", "Shared terms: none"]

    def test_asks_about_the_topic_of_a_label(self, server, built, run_json):
        assert run_json("why", "mine", "p1", "--topic", "bees") == WHY
        assert server.queries[-1] == f"topic={server.topics[1]['id']}"

    @pytest.mark.parametrize("words", [("nowhere",), ("p1", "--topic", "nowhere")])
    def test_knows_no_other_names(self, built, run, words):
        result = run("why", "mine", *words)

        assert (result.exit_code, result.stdout) == (1, "")
        assert "nowhere" in result.stderr
