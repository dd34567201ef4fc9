import json

import pytest

from tests.unit.cli.stand_in import problem, topic


@pytest.fixture
def built(server):
    root = topic("Materials", 12)
    batteries = topic("Batteries", 8, parent=root)
    anodes = topic("Anodes [bold]", 5, parent=batteries)
    alloys = topic("Alloys", 4, parent=root)
    corpus = server.add_corpus("mine", n_papers=14, notice="Invented papers.")
    server.build(corpus, [root, batteries, anodes, alloys])
    return corpus


class TestBuild:
    def test_passes_on_what_was_asked_for(self, server, run):
        server.add_corpus("mine", n_papers=9)
        parameters = ("--parameter", "max_depth=3", "-p", "linkage=ward", "-p", 'names=["a"]')

        result = run("build", "mine", "--facet", "method", "--seed", "7", *parameters)

        assert result.exit_code == 0
        asked = {"facet": "method", "seed": 7}
        assert server.bodies == [{**asked, "parameters": {"max_depth": 3, "linkage": "ward", "names": ["a"]}}]
        assert result.stdout == "Built 6 topics over 9 papers of 'mine', 3 papers unassigned.\n"

    def test_does_not_send_on_to_measure_what_was_too_small_to_divide(self, server, run):
        server.add_corpus("mine", n_papers=1)
        server.n_topics_built = 1

        result = run("build", "mine")

        assert "Built no topics over 1 paper of 'mine'" in result.stdout
        assert "too few to be divided" in result.stdout
        assert "evaluate" not in result.stderr

    @pytest.mark.parametrize("slug", ["parameter-out-of-range", "urn:papertree:unknown-parameter"])
    def test_ends_as_wrong_usage_when_a_parameter_is_refused(self, server, run, slug):
        server.add_corpus("mine", n_papers=9)
        server.refused_paths["/hierarchies"] = problem(422, slug, "Refused", "max_depth must be at most 8.")

        result = run("build", "mine", "-p", "max_depth=99")

        assert result.exit_code == 2
        assert "max_depth must be at most 8." in result.stderr

    def test_tells_of_papers_that_came_meanwhile(self, server, run):
        server.add_corpus("mine", n_papers=9)
        server.n_papers_since = 4

        result = run("build", "mine")

        assert "over 9 papers" in result.stdout
        assert "4 more came meanwhile and will be filed" in result.stderr

    def test_says_how_to_see_and_to_measure_it(self, server, run):
        server.add_corpus("mine", n_papers=9)

        shown = run("build", "mine").stderr.splitlines()[-2:]
        assert shown[0] == "To see them: papertree tree mine"
        assert shown[1].startswith("papertree evaluate mine  measures it")
        assert "evaluate" not in run("build", "mine", "--facet", "method").stderr

    def test_counts_one_paper_as_one(self, server, run):
        server.add_corpus("mine", n_papers=1)

        assert "over 1 paper of" in run("build", "mine").stdout

    @pytest.mark.parametrize(
        ("n_named", "said"),
        [
            (0, "The language model named none of them; their keyphrases do (timeout: 6)."),
            (4, "The language model named 4 of them; keyphrases name the others (timeout: 6)."),
        ],
    )
    def test_says_who_named_the_topics(self, server, run, n_named, said):
        server.add_corpus("mine")
        server.labels = {"llm": n_named, "keyphrases": 6, "kept": {"timeout": 6}}

        assert said in run("build", "mine").stdout.splitlines()

    def test_leaves_out_what_was_not_asked_for(self, server, run):
        server.add_corpus("mine")

        run("build", "mine")

        assert server.bodies == [{"facet": "topic"}]

    def test_gives_a_program_the_job(self, server, run_json):
        server.add_corpus("mine")

        job = run_json("build", "mine")

        assert (job["kind"], job["state"], job["result"]["n_topics"]) == ("build_hierarchy", "succeeded", 7)

    @pytest.mark.parametrize("parameter", ["max_depth", "=3", "max_depth="])
    def test_refuses_a_parameter_without_name_or_value(self, server, run, parameter):
        result = run("build", "mine", "--parameter", parameter)

        assert result.exit_code == 2
        assert "NAME=VALUE" in result.stderr
        assert server.requests == []


ESTIMATE = {
    **{"model": "small-1", "n_papers": 9, "n_topics": 46, "n_calls": 8, "tokens": 120_000, "money": 0.04},
    **{"tokens_left": 1_000_000, "money_left": 5.0, "is_affordable": True},
}


class TestBuildWithALanguageModel:
    def test_tells_what_it_takes_before_it_starts(self, server, run):
        server.add_corpus("mine", n_papers=9)
        server.estimate = ESTIMATE

        result = run("build", "mine", "--labels", "llm")

        assert result.exit_code == 0
        told = result.stderr.splitlines()[0]
        assert "small-1" in told
        assert (
            "46 topics in about 8 questions: about 120,000 tokens, which cost about 0.04 at your prices"
            in told
        )
        assert server.bodies == [{"facet": "topic", "labels": "llm"}]

    def test_says_what_the_budget_does_not_cover(self, server, run):
        server.add_corpus("mine", n_papers=9)
        server.estimate = {**ESTIMATE, "tokens_left": 5, "is_affordable": False}

        assert "not enough for all of them" in run("build", "mine").stderr

    def test_tells_no_more_digits_than_an_estimate_has(self, server, run):
        server.add_corpus("mine", n_papers=9)
        server.estimate = {**ESTIMATE, "tokens": 11_977}

        assert "about 12,000 tokens" in run("build", "mine", "--dry-run").stdout

    def test_leaves_money_out_where_nothing_has_a_price(self, server, run):
        server.add_corpus("mine", n_papers=9)
        server.estimate = {**ESTIMATE, "money": 0.0}

        told = run("build", "mine", "--dry-run").stdout

        assert "prices" not in told
        assert "Left to spend: 1,000,000 tokens." in told

    def test_starts_nothing_on_a_dry_run(self, server, run, run_json):
        server.add_corpus("mine", n_papers=9)
        server.estimate = ESTIMATE

        assert "about 120,000 tokens" in run("build", "mine", "--dry-run").stdout
        assert run_json("build", "mine", "--dry-run") == ESTIMATE
        assert server.bodies == []

    def test_says_that_keyphrases_cost_nothing(self, server, run):
        server.add_corpus("mine", n_papers=9)

        assert "at no cost" in run("build", "mine", "--dry-run").stdout
        assert "cost" not in run("build", "mine").stderr

    def test_asks_before_money_is_spent_on_a_terminal(self, server, run, monkeypatch):
        server.add_corpus("mine", n_papers=9)
        server.estimate = ESTIMATE
        monkeypatch.setattr("app.cli.estimate._is_somebody_there", lambda terminal: True)

        assert run("build", "mine", given="n\n").exit_code == 1
        assert server.bodies == []
        assert run("build", "mine", given="y\n").exit_code == 0
        assert run("build", "mine", "--yes").exit_code == 0
        server.estimate = {**ESTIMATE, "money": 0.0}
        assert run("build", "mine").exit_code == 0
        assert len(server.bodies) == 3


class TestTree:
    def test_draws_it_with_counts_under_the_notice(self, built, run):
        lines = run("tree", "mine").stdout.splitlines()

        assert lines == [
            "Invented papers.",
            "Materials  12",
            "├── Batteries  8",
            "│   └── Anodes [bold]  5",
            "└── Alloys  4",
            "2 papers are unassigned.",
        ]

    def test_counts_second_homes_after_a_plus(self, server, run):
        root = topic("Materials", 12)
        server.build(server.add_corpus("mine"), [root, topic("Alloys", 4, parent=root, n_second=3)])

        assert "└── Alloys  4 +3" in run("tree", "mine").stdout.splitlines()

    @pytest.mark.parametrize(
        ("n_since", "said"),
        [(1, "1 paper came after this build"), (1200, "1,200 papers came after this build")],
    )
    def test_tells_how_many_papers_the_build_does_not_know(self, server, built, run, n_since, said):
        server.n_papers_since = n_since

        assert said in run("tree", "mine").stdout

    def test_says_in_a_line_what_was_measured(self, server, built, run):
        grounding = {"n_labels": 4, "found": 0.96, "shuffled": 0.02}
        stability = {"n_shared": 11, "found": 0.934, "shuffled": 0.17}
        server.evaluation_summary = {
            "evaluated_at": "2026-01-02T03:04:05Z",
            "stability": stability,
            "grounding": grounding,
        }

        start = "Evaluated on 2026-01-02, shuffled in brackets: "
        grounded = "96 % of labels grounded (2 %)."
        assert run("tree", "mine").stdout.splitlines()[-1] == f"{start}stability 0.93 (0.17), {grounded}"

        server.evaluation_summary["stability"] = None
        assert run("tree", "mine").stdout.splitlines()[-1] == start + grounded

        server.evaluation_summary["grounding"] = {"n_labels": 0, "found": 1.0, "shuffled": 1.0}
        assert run("tree", "mine").stdout.splitlines()[-1] == "Evaluated on 2026-01-02: no topics to measure."

    def test_stops_at_a_depth(self, built, run):
        shown = run("tree", "mine", "--depth", "1").stdout

        assert "Batteries" in shown
        assert "Anodes" not in shown

    def test_gives_a_program_the_topics_to_that_depth(self, built, run_json):
        hierarchy = run_json("tree", "mine", "--depth", "1")

        assert [one["label"] for one in hierarchy["topics"]] == ["Materials", "Batteries", "Alloys"]

    def test_says_how_to_build_it_when_it_is_not(self, server, run):
        server.add_corpus("mine")

        result = run("tree", "mine")

        assert result.exit_code == 1
        assert "papertree build mine" in result.stderr

    def test_draws_nothing_for_a_corpus_without_papers(self, server, run):
        server.build(server.add_corpus("mine"), [])

        assert "No topics" in run("tree", "mine").stdout


class TestExport:
    DOCUMENT = json.dumps({"topics": [], "unassigned": ["ü"]}, ensure_ascii=False).encode()

    def test_writes_the_bytes_the_server_sent(self, server, built, run, tmp_path):
        server.export = self.DOCUMENT

        result = run("export", "mine", "--format", "json", "-o", tmp_path / "mine.json")

        assert result.exit_code == 0
        assert [path.name for path in tmp_path.iterdir()] == ["mine.json"]
        assert (tmp_path / "mine.json").read_bytes() == self.DOCUMENT

    def test_goes_to_stdout_without_a_file(self, server, built, run):
        server.export = self.DOCUMENT

        assert run("export", "mine", "--format", "json").stdout_bytes == self.DOCUMENT

    def test_writes_papers_where_the_format_is_one_of_papers_or_they_are_asked_for(self, built, run):
        assert run("export", "mine", "--format", "ris").stdout == "ris"
        words = run("export", "mine", "--papers", "--format", "csv", "--query", "wild bees")
        assert words.stdout == "csv wild bees"

    def test_refuses_papers_in_a_format_of_hierarchies(self, built, run):
        assert run("export", "mine", "--papers", "--format", "html").exit_code == 2
        assert run("export", "mine", "--format", "csv", "--query", "bees").exit_code == 2

    def test_tells_a_program_what_was_written(self, server, built, run_json, tmp_path):
        server.export = self.DOCUMENT

        answer = run_json("export", "mine", "--format", "json", "-o", tmp_path / "mine.json")

        assert answer["size_bytes"] == len(self.DOCUMENT)

    def test_keeps_the_file_there_was_when_it_fails(self, server, built, run, tmp_path):
        output = tmp_path / "mine.json"
        output.write_text("older")
        server.refused_paths["/export"] = problem(
            404, "hierarchy-not-found", "No such hierarchy", "It is gone."
        )

        result = run("export", "mine", "--format", "json", "-o", output)

        assert result.exit_code == 1
        assert "It is gone." in result.stderr
        assert output.read_text() == "older"
        assert [path.name for path in tmp_path.iterdir()] == ["mine.json"]

    def test_says_that_a_directory_is_missing(self, built, run, tmp_path):
        result = run("export", "mine", "--format", "json", "-o", tmp_path / "missing" / "mine.json")

        assert result.exit_code == 1
        assert "there is no directory" in result.stderr

    def test_needs_a_format_it_knows(self, built, run):
        assert run("export", "mine", "--format", "yaml").exit_code == 2
        assert run("export", "mine").exit_code == 2
