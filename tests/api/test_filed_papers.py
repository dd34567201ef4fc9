from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient

from app.db.session import Sessions, transaction
from app.services.corpora import get_corpus
from tests.api.correcting import Corrected, make_corrected
from tests.factories import make_hierarchy, publish_tree

_PARENTS = [-1, 0, 0, 1, 1]
_YEARS = [2020, None, 2018, 2018, 2021, None, 2018, 2020, 1999, 2021, 2020, 2022]
_ASSIGNMENTS = [3, 3, 3, 4, 4, 2, 2, 2, 2, 2, -1, -1]
_TITLES = ["Öl", "beta", "Alpha", "alpha", "ALPHA", "zeta", "Бета", "مرحبا", "<b>x</b>", "e", "f", "g" * 400]


@pytest.fixture
def tree(client: TestClient, sessions: Sessions, workspace_id: UUID, corpus_id: str) -> Corrected:
    return make_corrected(client, sessions, workspace_id, corpus_id)


@pytest.fixture
def listed(client: TestClient, sessions: Sessions, workspace_id: UUID, corpus_id: str) -> Corrected:
    """A hierarchy whose papers have years and titles to sort by."""
    papers = [
        {"id": f"p{n}", "title": title, "abstract": "bees" if n % 2 else "", "year": year}
        for n, (title, year) in enumerate(zip(_TITLES, _YEARS, strict=True))
    ]
    papers[0]["authors"] = [f"Author {n}" for n in range(5)]
    assert client.post(f"/api/v1/corpora/{corpus_id}/papers", json={"papers": papers}).status_code == 201
    with transaction(sessions) as session:
        corpus = get_corpus(session, UUID(corpus_id), workspace_id=workspace_id)
        made = make_hierarchy(_PARENTS, _ASSIGNMENTS, second_homes=[(5, 3, 0.3), (0, 4, 0.2)])
        hierarchy_id = str(publish_tree(session, corpus, made))
    topics = client.get(f"/api/v1/hierarchies/{hierarchy_id}").json()["topics"]
    found = client.get(f"/api/v1/corpora/{corpus_id}/papers?limit=50").json()["items"]
    return Corrected(
        client,
        hierarchy_id,
        {number: topic["id"] for number, topic in enumerate(topics)},
        {paper["source_id"]: paper["id"] for paper in found},
    )


def _read(tree: Corrected, *, limit: int = 200, **wanted: Any) -> list[dict[str, Any]]:
    """Read a list page by page."""
    items, cursor = [], None
    while True:
        parameters = {**wanted, "limit": limit, **({"cursor": cursor} if cursor else {})}
        answer = tree.client.get(f"{tree.address}/papers", params=parameters)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        assert (page["total"] is None) == (cursor is not None)
        items += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return items


def _names(items: list[dict[str, Any]]) -> list[str]:
    return [one["paper"]["source_id"] for one in items]


class TestGetFiledPapers:
    def test_lists_all_papers_of_the_build_with_their_homes(self, listed: Corrected) -> None:
        items = _read(listed)
        assert _names(items) == [f"p{n}" for n in range(12)]
        homes = [one["topic_id"] for one in items]
        assert homes == [listed.topics.get(topic) for topic in _ASSIGNMENTS]
        assert [one["home"] for one in items] == ["first"] * 10 + [None] * 2
        assert (len(items[0]["paper"]["authors"]), items[0]["paper"]["n_authors"]) == (3, 5)

    def test_lists_what_is_in_a_topic_or_below_it_by_any_home(self, listed: Corrected) -> None:
        assert _names(_read(listed, topic=listed.topics[1])) == ["p0", "p1", "p2", "p3", "p4", "p5"]
        assert _names(_read(listed, topic=listed.topics[1], direct=True)) == []
        below = _read(listed, topic=listed.topics[3], direct=True)
        assert [(one["paper"]["source_id"], one["home"]) for one in below][-1] == ("p5", "second")

    def test_lists_the_unassigned(self, listed: Corrected) -> None:
        items = _read(listed, unassigned=True)
        assert _names(items) == ["p10", "p11"]
        assert [one["topic_id"] for one in items] == [None, None]

    def test_narrows_by_words_and_years(self, listed: Corrected) -> None:
        assert _names(_read(listed, q="bees", year_from=2018, year_to=2020)) == ["p3", "p7"]
        assert _names(_read(listed, year_from=2022)) == ["p11"]
        assert _read(listed, q="nothing like that") == []

    def test_pages_join_to_the_whole_in_order(self, listed: Corrected) -> None:
        listed.did(listed.assign("p4", 3), {"op": "lock", "paper": listed.papers["p9"]})
        sorts = ("position", "year", "title", "confidence", "doubt")
        for sort, order, wanted in product(sorts, ("asc", "desc"), ({}, {"topic": listed.topics[0]})):
            whole = _read(listed, sort=sort, order=order, **wanted)
            assert sorted(_names(whole)) == sorted(_names(_read(listed, **wanted)))
            assert _read(listed, sort=sort, order=order, limit=5, **wanted) == whole
            keys = [_key(one, sort) for one in whole]
            known = [key for key in keys if key is not None]
            assert known == sorted(known, reverse=order == "desc"), (sort, order)
            assert keys[len(known) :] == [None] * (len(keys) - len(known))

    def test_of_what_a_person_placed_there_is_no_doubt(self, listed: Corrected) -> None:
        listed.did(listed.assign("p4", 3), {"op": "lock", "paper": listed.papers["p9"]})
        doubts = {one["paper"]["source_id"]: one["doubt"] for one in _read(listed)}
        assert (doubts["p4"], doubts["p9"]) == (0, 0)

    def test_refuses_a_cursor_that_no_page_gave(self, listed: Corrected) -> None:
        wrong = ("x", "WzEsMl0", "bnVsbA==", "WzEsMSwxXQ==", "W05hTiwxXQ==", "WzEsLTFd", "W3RydWUsMV0=", "é")
        for cursor in wrong:
            answer = listed.client.get(f"{listed.address}/papers", params={"cursor": cursor, "sort": "title"})
            assert (answer.status_code, answer.json()["type"]) == (422, "urn:papertree:bad-cursor")

    def test_knows_no_topic_of_elsewhere(self, listed: Corrected) -> None:
        for topic in (uuid4(), listed.papers["p0"]):
            answer = listed.client.get(f"{listed.address}/papers", params={"topic": str(topic)})
            assert (answer.status_code, answer.json()["type"]) == (404, "urn:papertree:topic-not-found")


class TestGetIds:
    def test_gives_all_of_a_filter(self, listed: Corrected) -> None:
        for wanted in ({}, {"topic": listed.topics[1]}, {"unassigned": True}, {"q": "bees"}):
            found = listed.client.get(f"{listed.address}/papers/ids", params=wanted).json()
            assert found["ids"] == [one["paper"]["id"] for one in _read(listed, **wanted)]
            assert (found["total"], found["is_complete"]) == (len(found["ids"]), True)

    def test_gives_no_more_than_one_step_takes(
        self, listed: Corrected, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("app.api.filed_papers.MAX_PAPERS", 5)
        found = listed.client.get(f"{listed.address}/papers/ids").json()
        assert (len(found["ids"]), found["total"], found["is_complete"]) == (5, 12, False)


class TestGetPaperHistory:
    def test_tells_what_was_done_to_the_paper_alone(self, tree: Corrected) -> None:
        tree.did(tree.assign("p0", 4), tree.assign("p1", 4))
        tree.did({"op": "reject_assignment", "paper": tree.papers["p3"], "topic": tree.topics[4]})
        locked = tree.did({"op": "lock", "paper": tree.papers["p0"]})
        assert tree.send("undo", {"operation_id": locked["operation_id"]}).status_code == 201
        items = _history(tree, "p0")
        assert [one["kind"] for one in items] == ["undo", "correct", "correct"]
        assert [one["undone"] for one in items] == [False, True, False]
        moved = items[-1]["changes"]
        assert [(one["op"], one["part"]) for one in moved] == [("assign_paper", "homes")]
        assert moved[0]["before"][0]["id"] == tree.topics[3]
        assert moved[0]["after"][0]["id"] == tree.topics[4]
        assert moved[0]["after"][0]["label"] == tree.topic(4)["label"]
        assert [one["now"] for one in items[1]["changes"]] == [True]
        wrong = _history(tree, "p3")[0]["changes"]
        assert [one["now"] for one in wrong if one["part"] == "rejected"] == [True]
        assert _history(tree, "p9") == []

    def test_comes_in_pages(self, tree: Corrected) -> None:
        for number in (4, 3, 4):
            tree.did(tree.assign("p0", number))
        whole = _history(tree, "p0")
        address = f"/api/v1/papers/{tree.papers['p0']}/history"
        first = tree.client.get(address, params={"limit": 2}).json()
        rest = tree.client.get(address, params={"limit": 2, "cursor": first["next_cursor"]}).json()
        assert first["items"] + rest["items"] == whole


def _history(tree: Corrected, paper: str) -> list[dict[str, Any]]:
    answer = tree.client.get(f"/api/v1/papers/{tree.papers[paper]}/history")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def _key(item: dict[str, Any], sort: str) -> Any:
    if sort == "title":
        return item["paper"]["title"].lower()[:80]
    if sort == "year":
        return item["paper"]["year"]
    return 0 if sort == "position" else item[sort]
