import json

import pytest

from tests.unit.cli.stand_in import problem, topic

STEP = "01890a5d-ac96-774b-bcce-b302099a8057"


def effect(**changes: object) -> dict[str, object]:
    lists = ("topics_touched", "topics_created", "topics_carried", "locked_carried")
    return {"n_papers_moved": 0, "n_papers_carried": 0, **{name: [] for name in lists}, **changes}


def step(**changes: object) -> dict[str, object]:
    done = {"operation_id": STEP, "kind": "correct", "version": 8, "based_on": 7, "n_operations": 1}
    return {**done, "effect": effect(n_papers_moved=2, topics_touched=["t"]), "not_done": [], **changes}


def preview(**changes: object) -> dict[str, object]:
    return {"version": 7, "effect": effect(), "conflicts": [], "splits": [], **changes}


@pytest.fixture
def built(server):
    corpus = server.add_corpus("mine", n_papers=300)
    server.build(corpus, [topic("Materials", 50), topic("Bees", 4)])
    server.papers = [{"id": "00000000-0000-0000-0000-000000000001", "source_id": "p1"}]
    server.answers = {"corrections": step(), "undo": step(kind="undo"), "redo": step(kind="redo")}
    return corpus


@pytest.fixture
def operations(tmp_path):
    def write(document: object) -> str:
        path = tmp_path / "operations.json"
        path.write_text(json.dumps(document))
        return str(path)

    return write


class TestCorrect:
    def test_sends_labels_and_source_ids_as_ids(self, server, built, run, operations):
        bees, paper = server.topics[1]["id"], server.papers[0]["id"]
        file = operations(
            [
                {"op": "assign_paper", "paper": "p1", "topic": "bees"},
                {"op": "merge_topics", "topics": ["Bees"], "into": "materials"},
                {"op": "create_topic", "parent": "Bees", "label": "Bees", "papers": ["p1"], "topic": STEP},
                {
                    "op": "split_topic",
                    "topic": bees,
                    "groups": [{"label": "x", "papers": ["p1", paper], "children": ["Materials"]}],
                },
            ]
        )

        result = run("correct", "mine", file)

        assert result.stdout == "Version 8: 2 papers moved, 1 topic touched.\n"
        sent = server.bodies[-1]["operations"]
        assert sent[0] == {"op": "assign_paper", "paper": paper, "topic": bees}
        assert (sent[1]["topics"], sent[1]["into"]) == ([bees], server.topics[0]["id"])
        assert sent[2] == {
            "op": "create_topic",
            "parent": bees,
            "label": "Bees",
            "papers": [paper],
            "topic": STEP,
        }
        assert sent[3]["groups"][0]["papers"] == [paper, paper]
        assert sent[3]["groups"][0]["children"] == [server.topics[0]["id"]]

    def test_names_the_version_it_saw_and_a_new_key_each_time(self, server, built, run, operations):
        file = operations({"op": "lock", "topic": "Bees"})

        run("correct", "mine", file)
        run("correct", "mine", file)

        (first, one), (second, other) = server.conditions
        assert first == second == '"7"'
        assert one != other

    def test_repeats_itself_under_the_same_key_while_the_server_is_away(self, server, built, run, operations):
        file = operations({"op": "lock", "topic": "Bees"})
        server.refused_paths["/corrections"] = problem(503, "database-busy", "Busy", "Again.")
        server.refusals = []

        def open_again(*_: object) -> None:
            server.refused_paths.clear()

        from app.cli import client  # noqa: PLC0415

        pause, client.time.sleep = client.time.sleep, open_again
        try:
            result = run("correct", "mine", file)
        finally:
            client.time.sleep = pause

        assert result.exit_code == 0
        assert len(server.conditions) == 1

    def test_reads_operations_from_stdin(self, server, built, run):
        result = run("correct", "mine", "-", given='{"operations": [{"op": "lock", "topic": "Bees"}]}')

        assert result.exit_code == 0
        assert server.bodies[-1]["operations"][0]["op"] == "lock"

    @pytest.mark.parametrize("document", [[], "x", [1], [{"topic": "Bees"}]])
    def test_says_what_it_cannot_read(self, server, built, run, operations, document):
        if document == []:
            document = {"operations": 3}

        result = run("correct", "mine", operations(document))

        assert result.exit_code == 1
        assert "rename_topic" in result.stderr

    def test_previews(self, server, built, run, operations):
        conflict = {"operation": 0, "reason": "locked", "detail": "It is locked.", "topics": [], "papers": []}
        server.answers["corrections/preview"] = preview(conflicts=[conflict])

        result = run("correct", "mine", operations({"op": "lock", "topic": "Bees"}), "--preview")

        assert result.exit_code == 1
        assert result.stdout == "It would: nothing changed.\nNot possible, operation 1: It is locked.\n"

    def test_tells_the_groups_that_a_split_would_make(self, server, built, run, operations):
        group = {
            "label": "wild bees",
            "papers": ["a", "b"],
            "children": [],
            "exemplars": [{"title": "On bees"}],
        }
        server.answers["corrections/preview"] = preview(splits=[{"operation": 0, "groups": [group]}])

        result = run(
            "correct", "mine", operations({"op": "split_topic", "topic": "Bees", "k": 2}), "--preview"
        )

        assert result.stdout.splitlines()[1:] == ["part\tof\tsuch as", "wild bees\t2 papers\tOn bees"]
        assert server.bodies[-1]["operations"][0]["k"] == 2


class TestUndo:
    def test_asks_for_the_last_step_or_the_one_named(self, server, built, run):
        assert run("undo", "mine").exit_code == 0
        assert run("undo", "mine", "--step", STEP).exit_code == 0
        assert run("redo", "mine").exit_code == 0

        assert server.bodies == [{}, {"operation_id": STEP}, {}]

    def test_tells_what_it_left(self, server, built, run):
        left = {"version": 5, "detail": "It was changed by a later step."}
        server.answers["undo"] = step(not_done=[left])

        result = run("undo", "mine", "--actor", "student", "--since", "2026-07-01T00:00:00Z")

        assert "Left as it is, version 5: It was changed by a later step." in result.stdout
        assert server.bodies[-1] == {"actor": "student", "since": "2026-07-01T00:00:00Z"}


class TestHistory:
    def test_lists_what_was_done(self, server, built, run):
        entry = {
            **{
                "operation_id": STEP,
                "version": 8,
                "kind": "correct",
                "actor": "me",
                "at": "2026-07-01T10:00:00Z",
            },
            **{"undone": True, "not_undoable": None, "n_operations": 3, "operations": [{"op": "move_topic"}]},
        }
        server.answers["history"] = {"items": [entry], "next_cursor": None}

        lines = run("history", "mine").stdout.splitlines()

        assert lines[1].split("\t") == [
            "8",
            "2026-07-01 10:00",
            "me",
            "move topic and 2 more",
            "undone",
            STEP,
        ]

    def test_compares_versions(self, server, built, run):
        one = {"id": "t", "before": None, "after": "Ferns", "label": "Ferns"}
        other = {"id": "t", "before": "a", "after": "b", "label": "Bees"}
        kinds = ("removed", "renamed", "described")
        server.answers["diff"] = {
            **{"from_version": 3, "to_version": 7, "topics_added": [one], "n_papers_moved": 4},
            **{"topics_moved": [other]},
            **{f"topics_{kind}": [] for kind in kinds},
            **{"papers_moved": [], "n_homes_changed": 0},
        }

        stdout = run("diff", "mine", "3", "7").stdout

        assert "topic added: Ferns" in stdout
        assert "topic moved: Bees" in stdout
        assert "papers moved: 4" in stdout
        assert any("from=3" in query and "to=7" in query for query in server.queries)


class TestCheck:
    @pytest.mark.parametrize(("holds", "status"), [(True, 0), (False, 1)])
    def test_ends_with_1_when_something_is_broken(self, server, built, run, holds, status):
        finding = {"invariant": "there is one root", "holds": holds, "detail": "2 roots"}
        server.answers["check"] = {"version": 7, "sha256": "ab", "holds": holds, "findings": [finding]}

        result = run("check")

        assert result.exit_code == status
        said = "all as it must be" if holds else "there is one root: no. 2 roots"
        assert result.stdout.splitlines()[1].split("\t") == ["mine", "topic", "7", "ab", said]
