"""A hierarchy to correct through the API, with short names for its topics and papers."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from fastapi.testclient import TestClient
from httpx2 import Response

from app.db.session import Sessions, transaction
from app.services.corpora import get_corpus
from tests.factories import make_hierarchy, publish_tree

# Topics 1 and 2 below the root; 3 and 4 below 1; 5 and 6 below 2. Papers p10 and p11 are unassigned.
PARENTS = [-1, 0, 0, 1, 1, 2, 2]
ASSIGNMENTS = [3, 3, 3, 4, 4, 5, 5, 5, 6, 6, -1, -1]
SECOND_HOMES = [(0, 4, 0.3), (3, 6, 0.4), (5, 3, 0.25)]


@dataclass
class Corrected:
    client: TestClient
    hierarchy_id: str
    topics: dict[int, str]
    papers: dict[str, str]

    @property
    def address(self) -> str:
        return f"/api/v1/hierarchies/{self.hierarchy_id}"

    def tree(self) -> dict[str, Any]:
        return dict(self.client.get(self.address).json())

    def topic(self, number: int) -> dict[str, Any]:
        return next(one for one in self.tree()["topics"] if one["id"] == self.topics[number])

    def send(
        self,
        path: str,
        body: object,
        *,
        version: int | str | None = None,
        key: str | None = None,
        client: TestClient | None = None,
    ) -> Response:
        seen = self.tree()["version"] if version is None else version
        headers = {"If-Match": f'"{seen}"', "Idempotency-Key": key or uuid4().hex}
        return (client or self.client).post(f"{self.address}/{path}", json=body, headers=headers)

    def correct(self, *operations: dict[str, Any], **how: Any) -> Response:
        return self.send("corrections", {"operations": list(operations)}, **how)

    def did(self, *operations: dict[str, Any], **how: Any) -> dict[str, Any]:
        answer = self.correct(*operations, **how)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def rename(self, number: int, label: str, **how: Any) -> Response:
        return self.correct({"op": "rename_topic", "topic": self.topics[number], "label": label}, **how)

    def assign(self, paper: str, number: int) -> dict[str, Any]:
        return {"op": "assign_paper", "paper": self.papers[paper], "topic": self.topics[number]}

    def check(self) -> dict[str, Any]:
        found = dict(self.client.get(f"{self.address}/check").json())
        assert found["holds"], found
        return found


def make_corrected(client: TestClient, sessions: Sessions, workspace_id: UUID, corpus_id: str) -> Corrected:
    papers = [{"id": f"p{n}", "title": f"A study of matter number {n}"} for n in range(len(ASSIGNMENTS))]
    assert client.post(f"/api/v1/corpora/{corpus_id}/papers", json={"papers": papers}).status_code == 201
    tree = make_hierarchy(
        PARENTS,
        ASSIGNMENTS,
        second_homes=SECOND_HOMES,
        best_guesses=[*ASSIGNMENTS[:10], 3, 6],
        runners_up=[5] * 5 + [3] * 5 + [5, 3],
    )
    with transaction(sessions) as session:
        corpus = get_corpus(session, UUID(corpus_id), workspace_id=workspace_id)
        hierarchy_id = str(publish_tree(session, corpus, tree))
    late = {"papers": [{"id": "late", "title": "A study that came too late"}]}
    assert client.post(f"/api/v1/corpora/{corpus_id}/papers", json=late).status_code == 201
    topics = client.get(f"/api/v1/hierarchies/{hierarchy_id}").json()["topics"]
    listed = client.get(f"/api/v1/corpora/{corpus_id}/papers?limit=50").json()["items"]
    return Corrected(
        client,
        hierarchy_id,
        {number: topic["id"] for number, topic in enumerate(topics)},
        {paper["source_id"]: paper["id"] for paper in listed},
    )
