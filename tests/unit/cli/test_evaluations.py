import pytest

from tests.unit.cli.stand_in import problem, topic


def found(exact, exact_in_beam, path):
    return {"exact": exact, "exact_in_beam": exact_in_beam, "path": path}


EVALUATION = {
    "hierarchy_id": "0",
    "version": 1,
    "evaluated_at": "2026-01-02T03:04:05Z",
    "n_papers_since": 3,
    "structure": {
        "n_papers": 1200,
        "n_unassigned": 6,
        "accounted_for": 1.0,
        "coverage": 0.995,
        "n_topics": 60,
        "n_leaves": 50,
        "depth": 2,
        "n_single_children": 0,
        "smallest_fan_out": 3,
        "mean_fan_out": 5.25,
        "largest_fan_out": 9,
        "smallest_leaf": 5,
        "median_leaf": 20.0,
        "largest_leaf": 77,
        "largest_share": 0.38,
    },
    "homes": {"n_second_homes": 7, "n_papers_with_several": 6, "n_violations": 0, "n_memberships": 3600},
    "label_shape": {
        "n_repeated_siblings": 1,
        "n_repeated_parents": 2,
        "sibling_overlap": 0.25,
        "mean_words": [1.5, 2.25],
    },
    "grounding": {"n_labels": 59, "found": 0.95, "shuffled": 0.02},
    "categories": {
        "field": "path",
        "n_with": 1100,
        "n_without": 90,
        "n_unreadable": 10,
        "levels": [
            {
                "level": 1,
                "n_categories": 8,
                "n_too_small": 2,
                "n_papers": 1000,
                "found": {"best_node_f1": 0.72, "dendrogram_purity": 0.61, "ami": 0.5},
                "shuffled": {"best_node_f1": 0.31, "dendrogram_purity": 0.24, "ami": -0.001},
            }
        ],
    },
    "walks": [
        {
            "by": "labels",
            "query": "title",
            "beam": 1,
            "n_queries": 1000,
            "found": found(0.4, 0.4, 0.5),
            "random": found(0.02, 0.02, 0.1),
            "shuffled": found(0.03, 0.03, 0.11),
        },
        {
            "by": "centroids",
            "query": "sentences",
            "beam": 3,
            "n_queries": 1000,
            "found": found(0.8, 0.9, 0.85),
            "random": found(0.02, 0.06, 0.1),
            "shuffled": found(0.03, 0.09, 0.11),
        },
    ],
    "stability": {"n_shared": 972, "found": 0.93, "shuffled": 0.17},
}


@pytest.fixture
def built(server):
    corpus = server.add_corpus("mine", n_papers=14)
    server.build(corpus, [topic("Materials", 12)])
    server.evaluation = EVALUATION
    return corpus


class TestEvaluate:
    def test_passes_on_what_was_asked_for(self, server, built, run):
        assert run("evaluate", "mine", "--labels", "path", "--no-stability").exit_code == 0
        assert run("evaluate", "mine").exit_code == 0

        assert server.bodies == [{"stability": False, "labels": "path"}, {"stability": True}]

    def test_shows_each_figure_beside_its_control(self, built, run):
        lines = run("evaluate", "mine", "--labels", "path").stdout.splitlines()

        assert "Papers\t1,200" in lines
        assert "Topics below the root\t59, 50 of them leaves" in lines
        assert "Fan-out, smallest, mean, largest\t3, 5.2, 9" in lines
        assert "Words in a label, level by level\t1.5, 2.2" in lines
        assert "Papers without\t90" in lines
        assert "Second homes\t7, of 6 papers" in lines
        assert "Pairs of siblings that share a word\t25.0 %" in lines
        assert "Papers with something else there\t10" in lines
        assert "Level 1, 8 categories (2 too small), 1,000 papers: best-node F1\t0.720\t0.310\t" in lines
        assert "Grounded labels, of 59\t95.0 %\t2.0 %\t" in lines
        assert "Stability\t0.930\t0.170\t" in lines
        assert "Found again by labels, title, beam 1: leaf\t40.0 %\t3.0 %\t2.0 %" in lines
        where = "Found again by centroids, first sentences, beam 3"
        assert f"{where}: leaf, any\t90.0 %\t9.0 %\t6.0 %" in lines
        assert f"{where}: share of the path\t85.0 %\t11.0 %\t10.0 %" in lines

    def test_leaves_out_what_was_not_measured(self, server, built, run):
        server.evaluation = {**EVALUATION, "categories": None, "stability": None, "walks": []}

        shown = run("evaluate", "mine", "--no-stability").stdout

        assert "Level" not in shown.replace("Levels", "")
        assert "Stability" not in shown
        assert "Found again" not in shown

    def test_says_that_a_root_alone_has_nothing_to_measure(self, server, built, run):
        alone = {**EVALUATION["structure"], "n_papers": 1, "depth": 0, "n_topics": 1}
        server.evaluation = {**EVALUATION, "structure": alone}

        shown = run("evaluate", "mine").stdout

        assert shown == "The hierarchy of 'mine' has no topics, over 1 paper: there is nothing to measure.\n"

    def test_shows_a_dash_where_nothing_was_measured(self, server, built, run):
        server.evaluation = {
            **EVALUATION,
            "structure": {**EVALUATION["structure"], "largest_share": None},
            "label_shape": {**EVALUATION["label_shape"], "sibling_overlap": None, "mean_words": []},
            "grounding": {"n_labels": 0, "found": None, "shuffled": None},
            "walks": [
                {**walk, "found": None, "random": None, "shuffled": None} for walk in EVALUATION["walks"]
            ],
        }

        lines = run("evaluate", "mine").stdout.splitlines()

        assert "Largest share of a parent\t–" in lines
        assert "Words in a label, level by level\t–" in lines
        assert "Grounded labels, of 0\t–\t–\t" in lines
        assert not any(line.startswith("Pairs of siblings") for line in lines)
        assert all(line.endswith("\t–\t–\t–") for line in lines if line.startswith("Found again"))

    def test_gives_a_program_all_figures(self, built, run_json):
        assert run_json("evaluate", "mine") == EVALUATION

    def test_tells_what_it_is_doing(self, built, run):
        assert "Building from samples: 5 of 10" in run("evaluate", "mine").stderr

    def test_says_which_fields_there_are(self, server, built, run):
        server.refused_paths["/evaluations"] = problem(
            422, "unknown-label-field", "No paper has this field", "There are: id, title."
        )

        result = run("evaluate", "mine", "--labels", "nonsense")

        assert result.exit_code == 1
        assert "There are: id, title." in result.stderr

    def test_says_how_to_build_what_is_not(self, server, run):
        server.add_corpus("mine")

        result = run("evaluate", "mine")

        assert result.exit_code == 1
        assert "papertree build mine" in result.stderr
