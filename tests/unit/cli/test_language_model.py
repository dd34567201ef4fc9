from math import ceil

import pytest

from app.labelling.aspect_phrases import PAPERS_TOGETHER as PAPERS_TO_FILE
from app.labelling.claims import PAPERS_TOGETHER as PAPERS_TO_READ
from app.services.language_model import MOST_PAPERS
from tests.unit.cli.stand_in import topic

ESTIMATE = {
    **{"n_papers": 40, "n_topics": 0, "model": "small-1", "n_calls": 9, "tokens": 12_000, "money": 0.25},
    **{"tokens_left": 50_000, "money_left": None, "is_affordable": True},
}


def found(*passed, verdict="fit"):
    probes = [
        {"name": f"probe {n}", "kind": "parent", "passed": own, "detail": "" if own else "chose the child"}
        for n, own in enumerate(passed)
    ]
    counts = {"n_passed": sum(passed), "n_probes": len(passed), "needed": 0.8, "needed_of_a_kind": 0.5}
    return {"model": "small-1", "verdict": verdict, **counts, "probes": probes}


class TestCheckLlm:
    def test_is_content_with_a_model_that_is_up_to_it(self, server, run):
        server.check = found(True, True)

        result = run("check-llm")

        assert result.exit_code == 0
        assert "small-1 is up to naming topics: 2 of 2 passed." in result.stdout

    def test_shows_what_failed_and_ends_with_status_1(self, server, run):
        server.check = found(True, False, verdict="unfit")

        result = run("check-llm")

        assert result.exit_code == 1
        assert "FAILED\tparent\tprobe 1\tchose the child" in result.stdout
        assert "80% of all and 50% of each kind are needed" in result.stdout

    def test_ends_with_status_2_when_none_is_configured(self, server, run, run_json):
        result = run("check-llm")

        assert result.exit_code == 2
        assert "No language model is configured" in result.stderr
        assert run_json("check-llm", status=2)["type"].endswith("llm-not-configured")

    def test_gives_a_program_everything(self, server, run_json):
        server.check = found(True, False, verdict="unfit")

        assert run_json("check-llm", status=1) == server.check


class TestAudit:
    @pytest.fixture
    def built(self, server):
        root = topic("Materials", 12)
        anodes = {**topic("Hard carbon anodes", 5, parent=root), "named_by": "llm"}
        corpus = server.add_corpus("mine", n_papers=14)
        server.build(corpus, [root, anodes])
        messages = [{"role": "system", "content": "Name them."}, {"role": "user", "content": "{topics}"}]
        spent = {"tokens_in": 1200, "tokens_out": 80, "begun_at": "2026-01-02T03:04:05Z"}
        answered = {"outcome": "answered", "answer": "Hard carbon anodes, they said.", "detail": None}
        server.llm_calls = [{"id": "1", "model": "small-1", "messages": messages, **spent, **answered}]
        return anodes

    def test_lists_who_named_which_topic(self, built, run, run_json):
        assert "llm\t5\t  Hard carbon anodes" in run("audit", "mine").stdout
        items = run_json("audit", "mine")["items"]
        assert [item["named_by"] for item in items] == ["keyphrases", "llm"]

    def test_shows_prompt_and_answer_of_a_topic_by_label_or_id(self, built, run):
        for name in ("hard carbon anodes", built["id"]):
            lines = run("audit", "mine", name).stdout.splitlines()
            assert lines[0] == "2026-01-02T03:04:05  small-1: answered, 1,200 + 80 tokens"
            assert lines[1:5] == ["[system]", "Name them.", "[user]", "{topics}"]
            assert lines[-1] == "Hard carbon anodes, they said."

    def test_knows_only_topics_there_are(self, built, run):
        result = run("audit", "mine", "Zebras")

        assert result.exit_code == 1
        assert "'Zebras'" in result.stderr


class TestClaims:
    def test_has_the_papers_read_and_shows_what_they_claim(self, server, run):
        server.add_corpus("mine", n_papers=2)
        server.claims = [
            {"paper": {"title": "Bees"}, "claims": ["Bees like hedges.", "Hedges like bees."]},
            {"paper": {"title": "Eels"}, "claims": []},
        ]

        result = run("claims", "mine")

        assert result.stdout.splitlines() == [
            "Bees",
            "  - Bees like hedges.",
            "  - Hedges like bees.",
            "Eels",
            "  - (no claims)",
        ]
        assert server.asked("POST", "/claims") == 1

    def test_asks_nobody_when_it_is_only_to_show(self, server, run_json):
        server.add_corpus("mine", n_papers=2)

        assert run_json("claims", "mine", "--show") == {"items": []}
        assert server.asked("POST", "/claims") == 0


class TestAspects:
    def test_waits_for_every_hierarchy(self, server, run):
        server.add_corpus("mine", n_papers=40)
        server.aspects = [
            {"facet": "method", "name": "Method", "question": "How was it done?", "n_papers": 38},
            {"facet": "place", "name": "Place", "question": "Where was it done?", "n_papers": 20},
        ]

        result = run("aspects", "mine")

        assert result.exit_code == 0
        assert "method\t38\tHow was it done?" in result.stdout
        assert "papertree tree mine --facet method" in result.stderr
        builds = [job for job in server.jobs.values() if job["kind"] == "build_hierarchy"]
        assert [job["state"] for job in builds] == ["succeeded", "succeeded"]


class TestWhatItCosts:
    @pytest.mark.parametrize("command", ["claims", "aspects"])
    def test_is_told_before_anything_is_asked(self, server, run, command):
        server.add_corpus("mine", n_papers=40)
        server.estimate = ESTIMATE

        result = run(command, "mine", "--dry-run")

        assert "in about 9 questions: about 12,000 tokens, which cost about 0.25" in result.stdout
        assert "Left to spend: 50,000 tokens." in result.stdout
        assert server.asked("POST", f"/{command}") == 0

    def test_is_told_on_the_way_as_well(self, server, run):
        server.add_corpus("mine", n_papers=40)
        server.estimate = {**ESTIMATE, "is_affordable": False}

        result = run("claims", "mine")

        assert "about 12,000 tokens" in result.stderr
        assert "not enough for all of it" in result.stderr
        assert server.asked("POST", "/claims") == 1

    def test_is_nothing_without_a_model(self, server, run):
        server.add_corpus("mine", n_papers=40)

        assert "No language model is configured" in run("aspects", "mine", "--dry-run").stdout

    def test_is_told_in_the_help_as_what_is_asked_in_truth(self, run):
        claims, aspects = (" ".join(run(name, "--help").stdout.split()) for name in ("claims", "aspects"))

        assert f"at most {ceil(MOST_PAPERS / PAPERS_TO_READ)}," in claims
        assert f"at most {1 + ceil(MOST_PAPERS / PAPERS_TO_FILE)}," in aspects
