"""Builds that come after corrections, as programs see them: orphans, going back, undo across builds."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.api import steps
from app.db.session import Sessions, transaction
from app.db.tables import CorpusRow, PaperRow
from app.labelling.label import TopicLabel
from app.services.jobs import claim_job
from app.services.publishing import publish, save_tree
from tests.api.correcting import ASSIGNMENTS, PARENTS, Corrected, make_corrected
from tests.factories import make_hierarchy, publish_tree

# Topic 6 is gone: its papers stand in 5. Topics 3 and 4 have changed places.
OTHER_PARENTS = [-1, 0, 0, 1, 1, 2]
OTHER_ASSIGNMENTS = [4, 4, 4, 3, 3, 5, 5, 5, 5, 5, -1, -1]

Rebuild = Callable[..., None]


@pytest.fixture
def tree(client: TestClient, sessions: Sessions, workspace_id: UUID, corpus_id: str) -> Corrected:
    return make_corrected(client, sessions, workspace_id, corpus_id)


@pytest.fixture
def rebuild(sessions: Sessions, corpus_id: str) -> Rebuild:
    def rebuild(parents: list[int], assignments: list[int]) -> None:
        with transaction(sessions) as session:
            corpus = session.get_one(CorpusRow, UUID(corpus_id))
            publish_tree(session, corpus, make_hierarchy(parents, assignments))

    return rebuild


def labels(tree: Corrected) -> set[str]:
    return {topic["label"] for topic in tree.tree()["topics"]}


def orphans(tree: Corrected) -> list[dict[str, Any]]:
    return list(tree.client.get(f"{tree.address}/orphans").json()["items"])


def place(orphan: dict[str, Any]) -> dict[str, Any]:
    return {"orphans": [{name: orphan[name] for name in ("version", "number")}]}


class TestRebuild:
    def test_keeps_ids_labels_and_corrections(self, tree: Corrected, rebuild: Rebuild) -> None:
        tree.rename(3, "mine")
        tree.did(tree.assign("p0", 4), {"op": "lock", "topic": tree.topics[5]})
        before = {topic["id"]: topic for topic in tree.tree()["topics"]}
        rebuild(OTHER_PARENTS, OTHER_ASSIGNMENTS)
        after = {topic["id"]: topic for topic in tree.tree()["topics"]}
        assert set(before) - set(after) == {tree.topics[6]}
        assert after[tree.topics[3]]["label"] == "mine"
        assert after[tree.topics[4]]["label"] == "topic 4"
        assert after[tree.topics[5]]["n_papers_direct"] == before[tree.topics[5]]["n_papers_direct"] == 3
        home = tree.client.get(f"/api/v1/papers/{tree.papers['p0']}").json()["homes"][0]
        assert home["path"] == ["topic 1", "topic 4"]
        assert orphans(tree) == []
        tree.check()

    def test_can_be_undone_beyond(self, tree: Corrected, rebuild: Rebuild) -> None:
        step = tree.did({"op": "rename_topic", "topic": tree.topics[3], "label": "mine"})
        undone = tree.did({"op": "rename_topic", "topic": tree.topics[4], "label": "not mine"})
        tree.send("undo", {"operation_id": undone["operation_id"]})
        rebuild(OTHER_PARENTS, OTHER_ASSIGNMENTS)
        assert "not mine" not in labels(tree)
        assert tree.send("undo", {"operation_id": step["operation_id"]}).status_code == 201
        assert tree.topic(3)["label"] == "topic 3"
        assert tree.send("redo", {"operation_id": undone["operation_id"]}).status_code == 201
        assert tree.topic(4)["label"] == "not mine"
        tree.check()
        rebuild(PARENTS, ASSIGNMENTS)
        assert (tree.topic(3)["label"], tree.topic(4)["label"]) == ("topic 3", "not mine")
        tree.check()

    def test_can_be_compared_with_what_was_before(self, tree: Corrected, rebuild: Rebuild) -> None:
        tree.rename(3, "mine")
        rebuild(OTHER_PARENTS, OTHER_ASSIGNMENTS)
        found = tree.client.get(f"{tree.address}/diff").json()
        assert [one["id"] for one in found["topics_removed"]] == [tree.topics[6]]
        assert (found["topics_renamed"], found["topics_moved"], found["n_papers_moved"]) == ([], [], 2)

    def test_obeys_what_somebody_does_while_it_is_stored(
        self, tree: Corrected, corpus_id: str, sessions: Sessions
    ) -> None:
        class Editing(list[Any]):
            """Labels that, when they are read, give somebody the time for a correction."""

            def __iter__(self) -> Any:
                if not self.edited:
                    self.edited = True
                    assert tree.rename(3, "meanwhile").status_code == 201
                return super().__iter__()

            edited = False

        job = tree.client.post(f"/api/v1/corpora/{corpus_id}/hierarchies", json={}).json()
        built = make_hierarchy(OTHER_PARENTS, OTHER_ASSIGNMENTS)
        with transaction(sessions) as session:
            claim = claim_job(session, UUID(job["id"]), lease_s=60)
            assert claim is not None
            made = {"model": "hash", "corpus_version": 1, "parameters": {}}
            save_tree(session, claim, built, facet="topic", **made)  # type: ignore[arg-type]
            papers = session.scalars(
                select(PaperRow.id)
                .where(PaperRow.corpus_id == UUID(corpus_id))
                .order_by(PaperRow.position)
                .limit(12)
            ).all()
        own = Editing(TopicLabel(f"new {number}", (), "", ()) for number in range(6))
        with transaction(sessions) as session:
            publish(session, claim, papers, own)
            assert own.edited
            assert len(tree.tree()["topics"]) == 7
        assert "meanwhile" in labels(tree)
        assert len(tree.tree()["topics"]) == 6
        tree.check()


class TestOrphans:
    @pytest.fixture
    def orphaned(self, tree: Corrected, rebuild: Rebuild) -> Corrected:
        tree.did({"op": "rename_topic", "topic": tree.topics[6], "label": "mine"}, tree.assign("p0", 4))
        rebuild(OTHER_PARENTS, OTHER_ASSIGNMENTS)
        return tree

    def test_are_listed_with_the_reason(self, orphaned: Corrected) -> None:
        (orphan,) = orphans(orphaned)
        assert (orphan["version"], orphan["number"], orphan["reason"]) == (2, 0, "missing")
        assert orphan["operation"]["label"] == "mine"
        assert orphan["detail"] == "The build has no topic like 'mine'."
        assert orphan["topics"] == [orphaned.topics[6]]

    def test_are_obeyed_by_the_next_build_that_can(self, orphaned: Corrected, rebuild: Rebuild) -> None:
        rebuild(PARENTS, ASSIGNMENTS)
        assert orphans(orphaned) == []
        assert orphaned.topic(6)["label"] == "mine"
        orphaned.check()

    def test_can_be_dismissed_and_that_be_undone(self, orphaned: Corrected, rebuild: Rebuild) -> None:
        (orphan,) = orphans(orphaned)
        assert orphaned.send("orphans/dismiss", place(orphan)).status_code == 201
        assert orphans(orphaned) == []
        assert orphaned.send("orphans/dismiss", place(orphan)).status_code == 404
        orphaned.check()
        orphaned.send("undo", {})
        assert orphans(orphaned) == [orphan]
        orphaned.send("redo", {})
        rebuild(PARENTS, ASSIGNMENTS)
        assert orphans(orphaned) == []
        assert "mine" not in labels(orphaned)

    def test_can_be_applied_when_that_is_possible_again(self, orphaned: Corrected, rebuild: Rebuild) -> None:
        (orphan,) = orphans(orphaned)
        refused = orphaned.send("orphans/apply", place(orphan))
        assert (refused.status_code, refused.json()["reason"]) == (409, "missing")
        back = {"op": "create_topic", "topic": orphaned.topics[6], "parent": orphaned.topics[2], "label": "x"}
        orphaned.did(back)
        step = orphaned.send("orphans/apply", place(orphan))
        assert step.status_code == 201
        assert orphaned.topic(6)["label"] == "mine"
        assert orphans(orphaned) == []
        orphaned.check()
        rebuild(OTHER_PARENTS, OTHER_ASSIGNMENTS)
        assert (orphaned.topic(6)["label"], orphans(orphaned)) == ("mine", [])
        orphaned.check()

    def test_go_with_the_step_that_is_undone(self, orphaned: Corrected) -> None:
        step = orphans(orphaned)[0]["operation_id"]
        assert orphaned.send("undo", {"operation_id": step}).status_code == 201
        assert orphans(orphaned) == []
        home = orphaned.client.get(f"/api/v1/papers/{orphaned.papers['p0']}").json()["homes"][0]
        assert home["path"] == ["topic 1", "topic 3"]
        orphaned.check()

    def test_need_the_conditions_of_corrections(self, orphaned: Corrected) -> None:
        (orphan,) = orphans(orphaned)
        address = f"{orphaned.address}/orphans/dismiss"
        assert orphaned.client.post(address, json=place(orphan)).status_code == 400
        first = orphaned.send("orphans/dismiss", place(orphan), key="k1")
        again = orphaned.send("orphans/dismiss", place(orphan), key="k1", version=1)
        assert (again.status_code, again.text) == (201, first.text)


class TestBuilds:
    def test_can_be_gone_back_to_with_all_corrections(self, tree: Corrected, rebuild: Rebuild) -> None:
        tree.rename(6, "before")
        rebuild(OTHER_PARENTS, OTHER_ASSIGNMENTS)
        tree.rename(3, "after")
        now, old = tree.client.get(f"{tree.address}/builds").json()["items"]
        assert (now["live"], old["live"], old["version"]) == (True, False, 1)
        step = tree.send(f"builds/{old['id']}/switch", {}).json()
        assert (step["n_obeyed"], step["orphans"]) == (2, [])
        assert {"before", "after"} <= labels(tree)
        assert len(tree.tree()["topics"]) == 7
        tree.check()
        step = tree.send(f"builds/{now['id']}/switch", {}).json()
        assert (step["n_obeyed"], len(step["orphans"])) == (1, 1)
        assert len(tree.tree()["topics"]) == 6
        tree.check()

    def test_are_switched_past_the_failpoints_of_every_step(
        self, tree: Corrected, rebuild: Rebuild, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        rebuild(OTHER_PARENTS, OTHER_ASSIGNMENTS)
        old = tree.client.get(f"{tree.address}/builds").json()["items"][1]
        passed: list[str] = []
        monkeypatch.setattr(steps, "failpoint", passed.append)
        tree.send(f"builds/{old['id']}/switch", {})
        assert passed == ["correction.before_commit", "correction.after_commit"]

    def test_are_switched_once_and_by_who_has_seen_the_present_one(
        self, tree: Corrected, rebuild: Rebuild
    ) -> None:
        rebuild(OTHER_PARENTS, OTHER_ASSIGNMENTS)
        now, old = tree.client.get(f"{tree.address}/builds").json()["items"]
        assert tree.send(f"builds/{old['id']}/switch", {}, version=1).status_code == 412
        first = tree.send(f"builds/{old['id']}/switch", {}, key="k1")
        again = tree.send(f"builds/{old['id']}/switch", {}, key="k1")
        assert (again.status_code, again.text) == (201, first.text)
        assert tree.send(f"builds/{old['id']}/switch", {}).status_code == 409
        assert tree.send(f"builds/{uuid4()}/switch", {}).status_code == 404
        assert tree.tree()["version"] == 3
        assert now["id"] != old["id"]
