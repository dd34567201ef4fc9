import pytest

from tests.unit.cli.stand_in import topic


@pytest.fixture
def built(server):
    corpus = server.add_corpus("mine", n_papers=300)
    server.build(corpus, [topic("Materials", 50)])
    return corpus


def unassigned(n: int, *, path: tuple[str, ...] = ("Materials", "Alloys \x1b[1m")) -> dict[str, object]:
    paper = {"id": str(n), "source_id": f"p{n}", "title": f"Work {n}", "year": 2001, "venue": ""}
    guess = {"topic_id": "t", "label": path[-1] if path else "All papers", "path": list(path)}
    return {"paper": paper, "best_guess": guess, "runner_up": None, "confidence": 0.314}


class TestUnassigned:
    def test_lists_papers_with_best_guess_and_confidence(self, server, built, run):
        server.unassigned = [unassigned(1)]

        lines = run("unassigned", "mine").stdout.splitlines()

        assert lines == [
            "confidence\tyear\tpaper\ttitle\tbest guess",
            "0.31\t2001\tp1\tWork 1\tMaterials > Alloys [1m",
        ]

    def test_calls_the_root_by_its_label(self, server, built, run):
        server.unassigned = [unassigned(1, path=())]

        assert run("unassigned", "mine").stdout.endswith("Work 1\tAll papers\n")

    def test_goes_through_all_pages(self, server, built, run_json):
        server.unassigned = [unassigned(n) for n in range(450)]

        assert run_json("unassigned", "mine") == {"items": server.unassigned}
        assert run_json("unassigned", "mine", "--limit", "3") == {"items": server.unassigned[:3]}

    def test_says_so_when_there_are_none(self, built, run):
        result = run("unassigned", "mine")

        assert (result.exit_code, result.stdout) == (0, "")
        assert "Every paper of the build is in a topic." in result.stderr

    def test_says_how_to_build_what_is_not_built(self, server, run):
        server.add_corpus("mine")

        result = run("unassigned", "mine")

        assert result.exit_code == 1
        assert "papertree build mine" in result.stderr
