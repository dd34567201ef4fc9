"""What a tree yields, as programs read it: second homes, unassigned papers, papers that came since."""

from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.db.session import Sessions, transaction
from app.db.tables import TopicRow
from app.services.corpora import get_corpus
from tests.factories import make_hierarchy, publish_tree

# Papers p4 and p5 are unassigned; p0 is at home in both broad topics.
PARENTS = [-1, 0, 0, 1, 1]
ASSIGNMENTS = [3, 3, 4, 2, -1, -1]


@pytest.fixture
def hierarchy_id(client: TestClient, sessions: Sessions, workspace_id: UUID, corpus_id: str) -> str:
    papers = [{"id": f"p{n}", "title": f"A study of matter number {n}"} for n in range(6)]
    assert client.post(f"/api/v1/corpora/{corpus_id}/papers", json={"papers": papers}).status_code == 201
    tree = make_hierarchy(
        PARENTS,
        ASSIGNMENTS,
        second_homes=[(0, 2, 0.25), (3, 4, 0.5)],
        best_guesses=[*ASSIGNMENTS[:4], 4, 2],
        runners_up=[2, 2, 2, 3, 2, 3],
    )
    with transaction(sessions) as session:
        corpus = get_corpus(session, UUID(corpus_id), workspace_id=workspace_id)
        return str(publish_tree(session, corpus, tree))


@pytest.fixture
def tree(client: TestClient, hierarchy_id: str) -> dict[str, Any]:
    return dict(client.get(f"/api/v1/hierarchies/{hierarchy_id}").json())


def paper_of(client: TestClient, corpus_id: str, source_id: str) -> dict[str, Any]:
    found = client.get(f"/api/v1/corpora/{corpus_id}/papers", params={"source_id": source_id}).json()
    return dict(client.get(f"/api/v1/papers/{found['items'][0]['id']}").json())


class TestGetHierarchy:
    def test_counts_papers_that_are_there_by_a_second_home_apart(self, tree: dict[str, Any]) -> None:
        assert [topic["n_papers"] for topic in tree["topics"]] == [4, 3, 1, 2, 1]
        assert [topic["n_second_papers"] for topic in tree["topics"]] == [0, 1, 1, 0, 1]

    def test_counts_the_papers_it_does_not_know_and_is_sent_again_then(
        self, client: TestClient, corpus_id: str, hierarchy_id: str, tree: dict[str, Any]
    ) -> None:
        assert (tree["n_papers"], tree["n_papers_since"]) == (6, 0)
        address = f"/api/v1/hierarchies/{hierarchy_id}"
        etag = client.get(address).headers["ETag"]
        late = {"papers": [{"id": "late", "title": "A study that came too late"}]}
        client.post(f"/api/v1/corpora/{corpus_id}/papers", json=late)
        again = client.get(address, headers={"If-None-Match": etag})
        assert again.status_code == 200
        assert (again.json()["n_papers"], again.json()["n_papers_since"]) == (6, 1)


class TestGetTopicPapers:
    def test_says_by_which_home_a_paper_is_there(self, client: TestClient, tree: dict[str, Any]) -> None:
        address = f"/api/v1/topics/{tree['topics'][1]['id']}/papers"
        first = client.get(address, params={"limit": 3}).json()
        second = client.get(address, params={"limit": 3, "cursor": first["next_cursor"]}).json()
        items = first["items"] + second["items"]
        shown = [(item["paper"]["source_id"], item["home"], item["topic_id"]) for item in items]
        ids = [topic["id"] for topic in tree["topics"]]
        assert shown == [
            ("p0", "first", ids[3]),
            ("p1", "first", ids[3]),
            ("p2", "first", ids[4]),
            ("p3", "second", ids[4]),
        ]
        assert items[3]["confidence"] == 0.5


class TestGetPaper:
    def test_gives_all_its_homes_with_their_paths(
        self, client: TestClient, corpus_id: str, hierarchy_id: str
    ) -> None:
        paper = paper_of(client, corpus_id, "p0")
        shown = [(home["home"], home["path"], home["hierarchy_id"]) for home in paper["homes"]]
        assert shown == [
            ("first", ["topic 1", "topic 3"], hierarchy_id),
            ("second", ["topic 2"], hierarchy_id),
        ]
        assert paper["homes"][1]["confidence"] == 0.25
        assert paper["unassigned"] == []

    def test_gives_the_best_guess_and_the_next_where_it_has_no_home(
        self, client: TestClient, corpus_id: str, hierarchy_id: str, tree: dict[str, Any]
    ) -> None:
        paper = paper_of(client, corpus_id, "p4")
        assert paper["homes"] == []
        (guess,) = paper["unassigned"]
        assert (guess["hierarchy_id"], guess["facet"]) == (hierarchy_id, "topic")
        assert guess["best_guess"]["path"] == ["topic 1", "topic 4"]
        assert guess["runner_up"]["topic_id"] == tree["topics"][2]["id"]
        assert 0 <= guess["confidence"] <= 1


class TestGetUnassigned:
    def test_lists_them_in_pages_with_their_best_guesses(
        self, client: TestClient, hierarchy_id: str, tree: dict[str, Any]
    ) -> None:
        address = f"/api/v1/hierarchies/{hierarchy_id}/unassigned"
        first = client.get(address, params={"limit": 1}).json()
        second = client.get(address, params={"limit": 1, "cursor": first["next_cursor"]}).json()
        items = first["items"] + second["items"]
        assert [item["paper"]["source_id"] for item in items] == ["p4", "p5"]
        assert len(items) == tree["n_unassigned"]
        assert [item["best_guess"]["path"] for item in items] == [["topic 1", "topic 4"], ["topic 2"]]
        assert items[0]["best_guess"]["topic_id"] == tree["topics"][4]["id"]

    def test_is_not_a_resource_of_a_hierarchy_that_is_not_there(self, client: TestClient) -> None:
        answer = client.get("/api/v1/hierarchies/01890a5d-ac96-774b-bcce-b302099a8057/unassigned")
        assert (answer.status_code, answer.json()["type"].split(":")[-1]) == (404, "hierarchy-not-found")


class TestExport:
    def test_adds_second_papers_and_best_guesses_to_what_it_held(
        self, client: TestClient, corpus_id: str, hierarchy_id: str, tree: dict[str, Any]
    ) -> None:
        late = {"papers": [{"id": "late", "title": "A study that came too late"}]}
        client.post(f"/api/v1/corpora/{corpus_id}/papers", json=late)
        document = client.get(f"/api/v1/hierarchies/{hierarchy_id}/export").json()
        assert [topic["papers"] for topic in document["topics"]] == [[], [], ["p3"], ["p0", "p1"], ["p2"]]
        assert [topic["second_papers"] for topic in document["topics"]] == [[], [], ["p0"], [], ["p3"]]
        assert document["unassigned"] == ["p4", "p5", "late"]
        ids = [topic["id"] for topic in tree["topics"]]
        assert document["best_guesses"] == {"p4": ids[4], "p5": ids[2]}

    def test_gives_the_exemplars_of_a_topic_in_their_order(
        self, client: TestClient, sessions: Sessions, corpus_id: str, hierarchy_id: str, tree: dict[str, Any]
    ) -> None:
        exemplars = [UUID(paper_of(client, corpus_id, name)["id"]) for name in ("p1", "p0")]
        with transaction(sessions) as session:
            topic = session.scalars(
                select(TopicRow).where(TopicRow.id == UUID(tree["topics"][3]["id"]))
            ).one()
            topic.exemplars = exemplars

        document = client.get(f"/api/v1/hierarchies/{hierarchy_id}/export").json()

        assert [topic["exemplars"] for topic in document["topics"]] == [[], [], [], ["p1", "p0"], []]
