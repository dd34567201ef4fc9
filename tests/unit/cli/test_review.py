import pytest

from tests.unit.cli.stand_in import problem, topic

PAPER = {"id": "00000000-0000-0000-0000-000000000001", "source_id": "p1", "title": "Work \x1b[1m1"}


def at(*path: str) -> dict[str, object]:
    return {"topic_id": "t", "label": path[-1], "path": list(path)}


def doubtful(**changes: object) -> dict[str, object]:
    likely = [{"topic": at("Bees"), "chance": 0.62, "operation": {}}]
    item = {"paper": PAPER, "topic": at("Materials", "Alloys"), "stays": 0.21, "gain": 0.8, "likely": likely}
    return {**item, **changes}


def queue(*items: dict[str, object], scored_version: int = 7) -> dict[str, object]:
    return {"version": 7, "scored_version": scored_version, "n_answered": 1200, "items": list(items)}


@pytest.fixture
def built(server):
    corpus = server.add_corpus("mine", n_papers=300)
    server.build(corpus, [topic("Materials", 50), topic("Bees", 4)])
    server.papers = [{"id": PAPER["id"], "source_id": "p1"}]
    server.review = queue(doubtful())
    return corpus


class TestReview:
    def test_has_the_assignments_scored_and_lists_them(self, server, built, run):
        result = run("review", "mine")

        assert result.stdout.splitlines() == [
            "stays\tpaper\ttitle\tis in\tor rather",
            "0.21\tp1\tWork [1m1\tMaterials > Alloys\tBees (0.62)",
        ]
        assert "1,200 papers" in result.stderr
        assert server.asked("POST", "/review") == 1

    def test_lists_what_was_scored_at_this_version_as_it_is(self, server, built, run_json):
        server.answers = {"review": queue(doubtful(), doubtful())}

        assert run_json("review", "mine", "--limit", "1") == queue(doubtful())
        assert server.asked("POST", "/review") == 0

    def test_learns_anew_once_something_was_corrected(self, server, built, run_json):
        server.answers = {"review": queue(scored_version=6)}

        assert run_json("review", "mine") == server.review
        assert server.asked("POST", "/review") == 1

    def test_shows_unassigned_papers_and_what_is_not_known_yet(self, server, built, run):
        server.review = queue(doubtful(topic=None, stays=None, likely=[]))

        assert run("review", "mine").stdout.splitlines()[1] == "\tp1\tWork [1m1\t\t"

    def test_tells_another_problem_as_it_is(self, server, built, run):
        server.refused_paths["/review"] = problem(
            422, "urn:papertree:aspect-not-scored", "No", "Not this one."
        )

        result = run("review", "mine")

        assert (result.exit_code, result.stdout) == (1, "")
        assert "Not this one." in result.stderr
