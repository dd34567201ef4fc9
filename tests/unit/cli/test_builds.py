import pytest

from tests.unit.cli.stand_in import topic
from tests.unit.cli.test_corrections import step

FIRST, SECOND = "01890a5d-ac96-774b-bcce-b302099a8057", "01890a5d-ac96-774b-bcce-b302099a8058"
ORPHAN = {
    "operation_id": FIRST,
    "version": 12,
    "number": 3,
    "operation": {"op": "rename_topic", "topic": FIRST, "label": "Bees"},
    "reason": "missing",
    "detail": "The build has no topic like 'Wild bees'.",
    "topics": [FIRST],
    "papers": [],
}


@pytest.fixture
def built(server):
    corpus = server.add_corpus("mine", n_papers=300)
    server.build(corpus, [topic("Materials", 50)])
    switched = {"version": 9, "build_id": FIRST, "n_obeyed": 7, "n_needless": 0, "orphans": [ORPHAN]}
    built_at = "2026-11-25T10:00:00Z"
    server.answers = {
        "orphans": {"items": [ORPHAN]},
        "orphans/dismiss": step(effect={**step()["effect"], "n_papers_moved": 0, "topics_touched": []}),
        "orphans/apply": step(),
        f"builds/{FIRST}/switch": switched,
        "builds": {
            "items": [
                {"id": SECOND, "version": 7, "live": True, "built_at": built_at},
                {"id": FIRST, "version": 1, "live": False, "built_at": built_at},
            ]
        },
    }
    return corpus


class TestBuilds:
    def test_lists_them_and_marks_the_live_one(self, server, built, run):
        lines = run("builds", "mine").stdout.splitlines()
        assert lines[1].split() == ["7", "2026-11-25", "10:00", "live", SECOND]
        assert lines[2].split() == ["1", "2026-11-25", "10:00", FIRST]

    def test_prints_all_of_it_for_programs(self, server, built, run_json):
        assert run_json("builds", "mine") == server.answers["builds"]


class TestSwitch:
    def test_goes_back_and_tells_what_became_of_the_corrections(self, server, built, run):
        result = run("switch", "mine", FIRST)
        assert result.stdout.splitlines() == [
            f"Version 9 is of the build {FIRST}.",
            "It obeys 7 corrections.",
            "It could not obey 1; to see them: papertree orphans mine",
        ]
        (seen, key) = server.conditions[-1]
        assert seen == '"7"'
        assert key


class TestOrphans:
    def test_are_listed_with_the_reason(self, server, built, run):
        lines = run("orphans", "mine").stdout.splitlines()
        assert "12.3" in lines[1]
        assert "rename topic" in lines[1]
        assert "The build has no topic like 'Wild bees'." in lines[1]

    def test_are_none_when_all_is_obeyed(self, server, built, run):
        server.answers["orphans"] = {"items": []}
        assert "Every correction is obeyed" in run("orphans", "mine").stderr

    @pytest.mark.parametrize("how", ["apply", "dismiss"])
    def test_are_settled_by_their_places(self, server, built, run, how):
        result = run("orphans", "mine", f"--{how}", "12.3", f"--{how}", "12.4")
        assert result.exit_code == 0, result.stderr
        places = [{"version": 12, "number": 3}, {"version": 12, "number": 4}]
        assert server.bodies[-1] == {"orphans": places}
        assert server.requests[-1][1].endswith(f"/orphans/{how}")

    @pytest.mark.parametrize("words", [["--apply", "12"], ["--apply", "1.0", "--dismiss", "1.1"]])
    def test_are_named_by_place_and_settled_one_way(self, server, built, run, words):
        assert run("orphans", "mine", *words).exit_code == 2
