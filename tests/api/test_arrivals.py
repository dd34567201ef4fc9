"""Papers that come after a hierarchy was built, through the API; a worker files them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fastapi.testclient import TestClient
from sqlalchemy import select, update

from app.db.session import Sessions, transaction
from app.db.tables import HierarchyRow, JobRow

PAPERS = [
    {"id": f"late{n}", "title": f"Bees and flowers {n}", "abstract": "Pollinators visit many flowers."}
    for n in range(3)
]


def post_papers(client: TestClient, corpus_id: str) -> None:
    assert client.post(f"/api/v1/corpora/{corpus_id}/papers", json={"papers": PAPERS}).status_code == 201


def open_jobs(sessions: Sessions, corpus_id: str, kind: str) -> list[UUID]:
    with sessions() as session:
        own = (JobRow.corpus_id == UUID(corpus_id), JobRow.kind == kind, JobRow.state == "queued")
        return list(session.scalars(select(JobRow.id).where(*own)))


class TestPostArrivals:
    def test_files_papers_that_came_and_marks_them(
        self,
        client: TestClient,
        corpus_id: str,
        hierarchy_id: str,
        sent: list[UUID],
        run: Callable[[str], None],
    ) -> None:
        post_papers(client, corpus_id)
        address = f"/api/v1/hierarchies/{hierarchy_id}"
        assert client.get(address).json()["n_papers_since"] == 3
        answer = client.post(f"{address}/arrivals")
        assert (answer.status_code, answer.json()["kind"]) == (202, "file_arrivals")
        assert client.post(f"{address}/arrivals").json()["id"] == answer.json()["id"]
        assert sent[-1] == UUID(answer.json()["id"])
        run(answer.json()["id"])
        tree = client.get(address).json()
        assert (tree["n_papers_since"], tree["version"]) == (0, 2)
        self.check_marks(client, tree)
        step = client.get(f"{address}/history").json()["items"][0]
        assert (step["kind"], step["n_operations"], step["operations"][0]["op"]) == ("file", 1, "file_papers")
        found = client.get(f"{address}/check").json()["findings"]
        assert all(one["holds"] for one in found), found

    def check_marks(self, client: TestClient, tree: dict[str, Any]) -> None:
        """The papers that came are told from the others wherever they are."""
        papers = f"/api/v1/topics/{tree['topics'][0]['id']}/papers"
        late = client.get(f"{papers}?arrived=true").json()["items"]
        assert {one["paper"]["source_id"] for one in late} <= {paper["id"] for paper in PAPERS}
        assert len(client.get(f"{papers}?limit=100").json()["items"]) > len(late)
        for one in late:
            homes = client.get(f"/api/v1/papers/{one['paper']['id']}").json()["homes"]
            assert [home["arrived"] for home in homes] == [True]

    def test_refuses_a_hierarchy_under_an_aspect(
        self, client: TestClient, hierarchy_id: str, sessions: Sessions
    ) -> None:
        with transaction(sessions) as session:
            own = HierarchyRow.id == UUID(hierarchy_id)
            session.execute(update(HierarchyRow).where(own).values(facet="method"))
        answer = client.post(f"/api/v1/hierarchies/{hierarchy_id}/arrivals")
        assert (answer.status_code, answer.json()["type"]) == (422, "urn:papertree:aspect-not-filed")

    def test_is_not_for_keys_that_only_read(self, reader: TestClient, hierarchy_id: str) -> None:
        assert reader.post(f"/api/v1/hierarchies/{hierarchy_id}/arrivals").status_code == 403


class TestPostPapers:
    def test_has_new_papers_filed_by_themselves(
        self, client: TestClient, corpus_id: str, hierarchy_id: str, sessions: Sessions
    ) -> None:
        post_papers(client, corpus_id)
        assert len(open_jobs(sessions, corpus_id, "file_arrivals")) == 1

    def test_asks_for_nothing_without_a_hierarchy(
        self, client: TestClient, corpus_id: str, sessions: Sessions
    ) -> None:
        post_papers(client, corpus_id)
        assert open_jobs(sessions, corpus_id, "file_arrivals") == []
