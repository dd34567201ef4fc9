"""Corrections as programs make them: their effects, conditions, repetition, undo, history."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.db.session import Sessions, transaction
from app.services.keys import add_key
from tests.api.correcting import Corrected, make_corrected


@pytest.fixture
def tree(client: TestClient, sessions: Sessions, workspace_id: UUID, corpus_id: str) -> Corrected:
    return make_corrected(client, sessions, workspace_id, corpus_id)


@pytest.fixture
def colleague(app: Any, client: TestClient, sessions: Sessions, workspace_id: UUID) -> TestClient:
    with transaction(sessions) as session:
        key = add_key(session, workspace_id=workspace_id, name="colleague")
    headers = {"Authorization": f"Bearer {key}"}
    return TestClient(app, base_url="http://localhost", headers=headers, raise_server_exceptions=False)


def slug(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("urn:papertree:")


def every_operation(tree: Corrected) -> list[dict[str, Any]]:
    topics, papers = tree.topics, tree.papers
    ferns = str(uuid4())
    return [
        {"op": "rename_topic", "topic": topics[3], "label": "woody plants"},
        {"op": "describe_topic", "topic": topics[3], "description": "Plants with wood."},
        {
            "op": "create_topic",
            "parent": topics[2],
            "label": "ferns",
            "topic": ferns,
            "papers": [papers["p0"]],
        },
        {"op": "move_topic", "topic": topics[4], "parent": topics[2]},
        {"op": "assign_paper", "paper": papers["p10"], "topic": ferns},
        {"op": "assign_paper", "paper": papers["late"], "topic": topics[6]},
        {"op": "add_home", "paper": papers["p1"], "topic": topics[5]},
        {"op": "remove_paper", "paper": papers["p3"], "topic": topics[4]},
        {"op": "reject_assignment", "paper": papers["p8"], "topic": topics[2]},
        {"op": "split_topic", "topic": topics[5], "groups": [{"label": "part", "papers": [papers["p6"]]}]},
        {"op": "merge_topics", "topics": [topics[4]], "into": topics[6]},
        {"op": "reorder_children", "topic": topics[2], "children": [topics[6], topics[5]]},
        {"op": "delete_topic", "topic": topics[3], "papers_to": "parent"},
        {"op": "lock", "topic": topics[1]},
        {"op": "lock", "paper": papers["p7"]},
        {"op": "unlock", "topic": topics[1]},
    ]


class TestPostCorrections:
    def test_does_every_operation_and_readers_see_it(self, tree: Corrected) -> None:
        for operation in every_operation(tree):
            before = tree.tree()
            answer = tree.did(operation)
            assert answer["version"] == before["version"] + 1
            tree.check()
        labels = {topic["label"] for topic in tree.tree()["topics"]}
        assert {"ferns", "part"} <= labels
        assert not {"woody plants", "topic 4"} & labels
        assert tree.topic(2)["n_papers"] == 9
        assert tree.topic(2)["n_second_papers"] == 1
        assert tree.tree()["n_papers_since"] == 0

    def test_shows_a_persons_name_and_place_as_theirs(self, tree: Corrected, client: TestClient) -> None:
        assert tree.rename(3, "  woody \u200bplants ").status_code == 201
        tree.did(tree.assign("p0", 5))
        assert (tree.topic(3)["label"], tree.topic(3)["named_by"]) == ("woody plants", "person")
        homes = client.get(f"/api/v1/papers/{tree.papers['p0']}").json()["homes"]
        assert homes[0]["path"] == ["topic 2", "topic 5"]
        assert [(home["confidence"] == 1.0, home["placed_by"]) for home in homes] == [
            (True, "person"),
            (False, "machine"),
        ]
        filed = client.get(f"/api/v1/topics/{tree.topics[5]}/papers").json()["items"]
        assert {one["paper"]["source_id"]: one["placed_by"] for one in filed}["p0"] == "person"

    def test_shows_what_is_locked(self, tree: Corrected, client: TestClient) -> None:
        tree.did({"op": "lock", "topic": tree.topics[3]}, {"op": "lock", "paper": tree.papers["p0"]})
        assert tree.topic(3)["locked"]
        assert not tree.topic(4)["locked"]
        homes = client.get(f"/api/v1/papers/{tree.papers['p0']}").json()["homes"]
        assert [home["locked"] for home in homes] == [True, True]

    def test_is_all_or_nothing(self, tree: Corrected) -> None:
        before = tree.tree()
        answer = tree.correct(
            {"op": "rename_topic", "topic": tree.topics[3], "label": "x"},
            {"op": "move_topic", "topic": tree.topics[1], "parent": tree.topics[3]},
        )
        assert slug(answer) == (409, "correction-cycle")
        assert (answer.json()["operation"], answer.json()["reason"]) == (1, "cycle")
        assert tree.tree() == before

    @pytest.mark.parametrize(
        ("operation", "expected"),
        [
            ({"op": "rename_topic", "topic": "nowhere", "label": "x"}, (409, "correction-missing")),
            ({"op": "assign_paper", "paper": "nowhere", "topic": 3}, (409, "correction-missing")),
            ({"op": "delete_topic", "topic": 0, "papers_to": "parent"}, (409, "correction-impossible")),
            ({"op": "split_topic", "topic": 3, "k": 2}, (422, "split-needs-groups")),
            ({"op": "lock"}, (409, "correction-impossible")),
            ({"op": "rename_topic", "topic": 3, "label": " "}, (422, "invalid-request")),
            ({"op": "rename_topic", "topic": 3, "label": "x", "version": 1}, (422, "invalid-request")),
            ({"op": "burn_topic", "topic": 3}, (422, "invalid-request")),
        ],
    )
    def test_refuses_what_cannot_be(
        self, tree: Corrected, operation: dict[str, Any], expected: tuple[int, str]
    ) -> None:
        names: dict[object, str] = {**tree.topics, "nowhere": str(uuid4())}
        sent = {
            name: names[value] if name in ("topic", "paper") else value for name, value in operation.items()
        }
        assert slug(tree.correct(sent)) == expected

    def test_keeps_locked_and_rejected_things_as_they_are(self, tree: Corrected) -> None:
        tree.did({"op": "lock", "topic": tree.topics[3]}, {"op": "lock", "paper": tree.papers["p5"]})
        tree.did({"op": "reject_assignment", "paper": tree.papers["p8"], "topic": tree.topics[2]})
        assert slug(tree.rename(3, "x")) == (409, "correction-locked")
        assert slug(tree.correct(tree.assign("p5", 6))) == (409, "correction-locked")
        again = tree.correct(tree.assign("p8", 5))
        assert slug(again) == (409, "correction-rejected")
        assert again.json()["papers"] == [tree.papers["p8"]]


class TestConditions:
    def test_are_demanded(self, tree: Corrected, client: TestClient) -> None:
        body = {"operations": [tree.assign("p0", 5)]}
        address = f"{tree.address}/corrections"
        key, version = {"Idempotency-Key": "k"}, {"If-Match": '"1"'}
        assert slug(client.post(address, json=body, headers=key)) == (428, "version-not-named")
        assert slug(client.post(address, json=body, headers={**key, "If-Match": "*"}))[0] == 428
        assert slug(client.post(address, json=body, headers={**key, "If-Match": "1"})) == (
            400,
            "bad-if-match",
        )
        assert slug(client.post(address, json=body, headers=version)) == (400, "idempotency-key-missing")

    def test_take_the_etag_of_the_hierarchy_and_give_the_new_one(self, tree: Corrected) -> None:
        etag = tree.client.get(tree.address).headers["ETag"].strip('"')
        answer = tree.rename(3, "x", version=etag)
        assert (answer.status_code, answer.headers["ETag"]) == (201, '"2"')

    def test_let_people_change_different_things_side_by_side(self, tree: Corrected) -> None:
        assert tree.rename(3, "x", version=1).status_code == 201
        answer = tree.rename(5, "y", version=1)
        assert (answer.status_code, answer.json()["based_on"], answer.json()["version"]) == (201, 1, 3)

    def test_give_the_present_state_to_who_is_late(self, tree: Corrected) -> None:
        tree.rename(3, "first", version=1)
        answer = tree.rename(3, "second", version=1)
        assert slug(answer) == (412, "version-stale")
        assert answer.headers["ETag"] == '"2"'
        assert answer.json()["current_topics"][tree.topics[3]]["label"] == "first"
        assert tree.topic(3)["label"] == "first"

    def test_hold_for_the_papers_of_a_topic_that_goes(self, tree: Corrected) -> None:
        tree.did(tree.assign("p9", 3), version=1)
        answer = tree.correct(
            {"op": "merge_topics", "topics": [tree.topics[3]], "into": tree.topics[5]}, version=1
        )
        assert slug(answer) == (412, "version-stale")

    def test_do_not_know_versions_to_come(self, tree: Corrected) -> None:
        assert slug(tree.rename(3, "x", version=99)) == (412, "version-stale")


class TestIdempotencyKey:
    def test_gives_the_same_answer_for_the_same_request(self, tree: Corrected) -> None:
        first = tree.rename(3, "x", version=1, key="k1")
        tree.rename(3, "y")
        again = tree.rename(3, "x", version=1, key="k1")
        assert (again.status_code, again.text) == (201, first.text)
        assert again.headers["ETag"] == first.headers["ETag"]
        assert tree.topic(3)["label"] == "y"
        assert tree.tree()["version"] == 3

    def test_is_refused_for_another_request(self, tree: Corrected) -> None:
        tree.rename(3, "x", key="k1")
        assert slug(tree.rename(3, "y", key="k1")) == (422, "idempotency-key-reused")
        assert slug(tree.send("undo", {}, key="k1")) == (422, "idempotency-key-reused")

    def test_may_be_used_again_after_a_refusal(self, tree: Corrected) -> None:
        tree.rename(3, "x", version=1)
        assert tree.rename(3, "y", version=1, key="k1").status_code == 412
        assert tree.rename(3, "y", version=2, key="k1").status_code == 201

    def test_is_answered_409_while_the_request_runs(self, tree: Corrected, sessions: Sessions) -> None:
        with sessions() as session:
            key = f"{tree.hierarchy_id} k1"
            session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": key})
            assert slug(tree.rename(3, "x", key="k1")) == (409, "still-running")
        assert tree.rename(3, "x", key="k1").status_code == 201


class TestPreview:
    def test_tells_the_effect_and_changes_nothing(self, tree: Corrected, reader: TestClient) -> None:
        before = tree.tree()
        operations = [
            {"op": "move_topic", "topic": tree.topics[1], "parent": tree.topics[5]},
            {"op": "delete_topic", "topic": tree.topics[6], "papers_to": "unassigned"},
        ]
        found = reader.post(f"{tree.address}/corrections/preview", json={"operations": operations}).json()
        assert found["conflicts"] == []
        assert found["effect"]["n_papers_carried"] == 5
        assert found["effect"]["n_papers_moved"] == 3
        assert set(found["effect"]["topics_carried"]) == {tree.topics[3], tree.topics[4]}
        assert tree.tree() == before

    def test_tells_every_conflict_with_its_reason(self, tree: Corrected) -> None:
        tree.did({"op": "lock", "topic": tree.topics[3]})
        operations = [
            {"op": "rename_topic", "topic": tree.topics[3], "label": "x"},
            {"op": "rename_topic", "topic": tree.topics[4], "label": "y"},
            {"op": "move_topic", "topic": tree.topics[1], "parent": tree.topics[4]},
        ]
        found = tree.client.post(
            f"{tree.address}/corrections/preview", json={"operations": operations}
        ).json()
        assert [(one["operation"], one["reason"]) for one in found["conflicts"]] == [
            (0, "locked"),
            (2, "cycle"),
        ]
        assert found["effect"]["topics_touched"] == [tree.topics[4]]


class TestUndo:
    def test_takes_any_step_back_and_redo_does_it_again(self, tree: Corrected) -> None:
        checked = [tree.check()["sha256"]]
        for operation in every_operation(tree):
            tree.did(operation)
            checked.append(tree.check()["sha256"])
        for sha256 in reversed(checked[:-1]):
            assert tree.send("undo", {}).status_code == 201
            assert tree.check()["sha256"] == sha256
        assert slug(tree.send("undo", {})) == (409, "nothing-to-undo")
        for sha256 in checked[1:]:
            assert tree.send("redo", {}).status_code == 201
            assert tree.check()["sha256"] == sha256

    def test_takes_a_batch_back_whole(self, tree: Corrected) -> None:
        before = tree.check()["sha256"]
        step = tree.did(*every_operation(tree))
        assert step["n_operations"] == 16
        undone = tree.send("undo", {"operation_id": step["operation_id"]}).json()
        assert (undone["kind"], undone["n_operations"]) == ("undo", 1)
        assert tree.check()["sha256"] == before
        assert slug(tree.send("undo", {"operation_id": step["operation_id"]})) == (409, "cannot-undo")

    def test_gives_a_topic_that_comes_back_its_keyphrases_and_exemplars(
        self, tree: Corrected, sessions: Sessions
    ) -> None:
        with transaction(sessions) as session:
            statement = "UPDATE topic SET exemplars = ARRAY[CAST(:paper AS uuid)] WHERE id = :topic"
            session.execute(text(statement), {"paper": tree.papers["p0"], "topic": tree.topics[3]})
        tree.did({"op": "delete_topic", "topic": tree.topics[3], "papers_to": "parent"})
        tree.send("undo", {})
        shown = tree.client.get(f"/api/v1/topics/{tree.topics[3]}").json()
        assert (shown["label"], shown["named_by"], shown["keyphrases"]) == ("topic 3", "keyphrases", [])

    def test_leaves_what_others_did_to_other_things(self, tree: Corrected) -> None:
        step = tree.did({"op": "rename_topic", "topic": tree.topics[3], "label": "x"})
        tree.did({"op": "move_topic", "topic": tree.topics[3], "parent": tree.topics[2]})
        tree.send("undo", {"operation_id": step["operation_id"]})
        topic = tree.topic(3)
        assert (topic["label"], topic["parent_id"]) == ("topic 3", tree.topics[2])

    def test_is_refused_with_the_reason_when_it_is_no_longer_clean(self, tree: Corrected) -> None:
        step = tree.did({"op": "rename_topic", "topic": tree.topics[3], "label": "x"})
        tree.rename(3, "y")
        answer = tree.send("undo", {"operation_id": step["operation_id"]})
        assert slug(answer) == (409, "correction-changed-since")
        items = tree.client.get(f"{tree.address}/history?undoable=true").json()["items"]
        assert [bool(item["not_undoable"]) for item in items] == [False, True, False]

    def test_takes_back_all_of_an_actor_and_lists_what_it_cannot(
        self, tree: Corrected, colleague: TestClient
    ) -> None:
        tree.rename(3, "mine")
        since = (datetime.now(UTC) - timedelta(seconds=60)).isoformat()
        tree.rename(4, "theirs", client=colleague)
        tree.rename(5, "theirs too", client=colleague)
        tree.rename(5, "mine again")
        undone = tree.send("undo", {"actor": "colleague", "since": since}).json()
        assert undone["n_operations"] == 1
        (left,) = undone["not_done"]
        assert (left["reason"], left["topics"]) == ("changed", [tree.topics[5]])
        assert [tree.topic(number)["label"] for number in (3, 4, 5)] == ["mine", "topic 4", "mine again"]

    def test_of_an_undo_does_it_again(self, tree: Corrected) -> None:
        tree.rename(3, "x")
        undo = tree.send("undo", {}).json()
        again = tree.send("undo", {"operation_id": undo["operation_id"]})
        assert again.status_code == 201
        assert tree.topic(3)["label"] == "x"
        tree.check()

    def test_does_not_take_builds_back(self, tree: Corrected) -> None:
        build = tree.client.get(f"{tree.address}/history").json()["items"][-1]
        assert build["kind"] == "build"
        assert slug(tree.send("undo", {"operation_id": build["operation_id"]})) == (409, "cannot-undo")
        assert slug(tree.send("undo", {"operation_id": str(uuid4())})) == (404, "step-not-found")


class TestHistory:
    def test_lists_steps_newest_first_in_pages(self, tree: Corrected) -> None:
        for n in range(3):
            tree.rename(3, f"label {n}")
        tree.send("undo", {})
        first = tree.client.get(f"{tree.address}/history?limit=2").json()
        second = tree.client.get(f"{tree.address}/history?limit=9&cursor={first['next_cursor']}").json()
        items = first["items"] + second["items"]
        assert [item["version"] for item in items] == [5, 4, 3, 2, 1]
        assert [item["kind"] for item in items] == ["undo", "correct", "correct", "correct", "build"]
        assert [item["undone"] for item in items] == [False, True, False, False, False]
        assert items[1]["operations"][0]["label"] == "label 2"
        assert items[1]["actor"] == "test"


class TestDiff:
    def test_compares_snapshots_and_versions(self, tree: Corrected) -> None:
        assert tree.client.post(f"{tree.address}/snapshots", json={"name": "start"}).status_code == 201
        tree.did(*every_operation(tree))
        found = tree.client.get(f"{tree.address}/diff?from=start").json()
        assert (found["from_version"], found["to_version"]) == (1, 2)
        assert [one["after"] for one in found["topics_added"]] == ["part", "ferns"]
        assert {one["before"] for one in found["topics_removed"]} == {"topic 3", "topic 4"}
        moved = {one["id"]: (one["before"], one["after"]) for one in found["papers_moved"]}
        assert moved[tree.papers["late"]] == (None, tree.topics[6])
        assert found["n_papers_moved"] == len(moved)
        back = tree.client.get(f"{tree.address}/diff?from=2&to=1&limit=1").json()
        assert (len(back["papers_moved"]), back["n_papers_moved"]) == (1, len(moved))
        assert slug(tree.client.get(f"{tree.address}/diff?from=7")) == (404, "version-not-found")

    def test_keeps_the_name_of_a_snapshot(self, tree: Corrected) -> None:
        address = f"{tree.address}/snapshots"
        tree.client.post(address, json={"name": "start"})
        assert tree.client.post(address, json={"name": "start"}).status_code == 201
        tree.rename(3, "x")
        assert slug(tree.client.post(address, json={"name": "start"})) == (409, "snapshot-name-taken")
        assert [one["version"] for one in tree.client.get(address).json()["items"]] == [1]


class TestLog:
    @pytest.mark.parametrize("table", ["correction", "correction_step", "snapshot"])
    @pytest.mark.parametrize("statement", ["UPDATE {} SET version = 9", "DELETE FROM {}", "TRUNCATE {}"])
    def test_cannot_be_changed(self, tree: Corrected, sessions: Sessions, statement: str, table: str) -> None:
        tree.client.post(f"{tree.address}/snapshots", json={"name": "start"})
        tree.rename(3, "x")
        with sessions() as session, pytest.raises(DBAPIError) as raised:
            session.execute(text(statement.format(table)))
        assert isinstance(raised.value.orig, psycopg.errors.InsufficientPrivilege)

    def test_keeps_what_a_build_gave(self, tree: Corrected, sessions: Sessions) -> None:
        with sessions() as session, pytest.raises(DBAPIError):
            session.execute(text("UPDATE build SET output = 'x'"))

    def test_goes_with_its_corpus(self, tree: Corrected, corpus_id: str, sessions: Sessions) -> None:
        tree.rename(3, "x")
        assert tree.client.delete(f"/api/v1/corpora/{corpus_id}").status_code == 204
        count = "SELECT count(*) FROM correction WHERE hierarchy_id = CAST(:id AS uuid)"
        with sessions() as session:
            assert session.scalar(text(count), {"id": tree.hierarchy_id}) == 0


class TestCheck:
    @pytest.mark.parametrize(
        ("damage", "invariant"),
        [
            (
                "UPDATE topic SET label = 'other' WHERE id = :topic",
                "readers see the build with its corrections",
            ),
            ("UPDATE topic SET n_papers = 99 WHERE id = :topic", "topics tell how many papers they hold"),
            (
                "UPDATE assignment SET confidence = 0.123 WHERE topic_id = :topic",
                "readers see the build with its corrections",
            ),
            ("DELETE FROM topic WHERE id = :topic", "papers stand in topics that are there"),
            ("UPDATE topic SET parent_id = id WHERE id = :topic", "every topic is below the root"),
        ],
    )
    def test_finds_what_is_not_from_the_log(
        self, tree: Corrected, sessions: Sessions, damage: str, invariant: str
    ) -> None:
        tree.rename(3, "x")
        tree.check()
        with transaction(sessions) as session:
            session.execute(text(damage), {"topic": tree.topics[3]})
        found = tree.client.get(f"{tree.address}/check").json()
        assert not found["holds"]
        assert invariant in [one["invariant"] for one in found["findings"] if not one["holds"]]


class TestManyAtOnce:
    def test_lose_no_edit_and_make_none_twice(self, tree: Corrected) -> None:
        assert edit_at_once(tree, n_clients=8, n_each=12) > 0

    @pytest.mark.slow
    @pytest.mark.timeout(3600)
    def test_lose_none_of_ten_thousand(self, tree: Corrected) -> None:
        assert edit_at_once(tree, n_clients=16, n_each=625) > 1000


def edit_at_once(tree: Corrected, *, n_clients: int, n_each: int) -> int:
    """Have clients rename three topics, each by what it last saw, and twice; what they were told must be so.

    Returns
    -------
    int
        How many edits were taken.
    """
    taken: list[tuple[int, str, str]] = []
    refused: list[int] = []

    def edit(client: int) -> None:
        for n in range(n_each):
            label, key = f"by {client}, {n}", f"{client}-{n}"
            number = 3 + (client + n) % 3
            seen = tree.tree()["version"]
            answers = [tree.rename(number, label, version=seen, key=key) for _ in range(2)]
            made = [answer for answer in answers if answer.status_code == 201]
            assert len({answer.text for answer in made}) <= 1
            if made:
                taken.append(
                    (made[0].json()["version"], label, made[0].json()["effect"]["topics_touched"][0])
                )
            else:
                refused.append(answers[0].status_code)

    threads = [threading.Thread(target=edit, args=(client,)) for client in range(n_clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) + len(refused) == n_clients * n_each
    assert set(refused) <= {412, 503}
    steps = list(all_steps(tree))
    logged = [(one["version"], one["operations"][0]["label"], one["operations"][0]["topic"]) for one in steps]
    assert sorted(taken) == logged
    for earlier, later in pairs_about_one_topic(steps):
        assert later["based_on"] >= earlier["version"]
    tree.check()
    return len(taken)


def all_steps(tree: Corrected) -> Iterator[dict[str, Any]]:
    """Give the corrections, the oldest first."""
    found: list[dict[str, Any]] = []
    cursor = ""
    while cursor is not None:
        page = tree.client.get(f"{tree.address}/history?limit=200{cursor and f'&cursor={cursor}'}").json()
        found += page["items"]
        cursor = page["next_cursor"]
    return (step for step in reversed(found) if step["kind"] == "correct")


def pairs_about_one_topic(steps: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Pair each correction of a topic with the next one of it."""
    last: dict[str, dict[str, Any]] = {}
    for step in steps:
        topic = step["operations"][0]["topic"]
        if topic in last:
            yield last[topic], step
        last[topic] = step
