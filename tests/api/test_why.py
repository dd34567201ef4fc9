"""Why a paper stands where it does, on a built hierarchy."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient

from app.db.session import Sessions, transaction
from app.services.corpora import get_corpus
from tests.api.correcting import ASSIGNMENTS, PARENTS, Corrected, make_corrected
from tests.factories import make_hierarchy, publish_tree


@pytest.fixture
def tree(client: TestClient, sessions: Sessions, workspace_id: UUID, corpus_id: str) -> Corrected:
    return make_corrected(client, sessions, workspace_id, corpus_id)


@pytest.fixture
def paper(client: TestClient, corpus_id: str, hierarchy_id: str) -> dict[str, Any]:
    """A paper of the built hierarchy that is in a topic with exemplars and siblings."""
    tree = client.get(f"/api/v1/hierarchies/{hierarchy_id}").json()["topics"]
    depths = {topic["id"]: topic["depth"] for topic in tree}
    for brief in client.get(f"/api/v1/corpora/{corpus_id}/papers?limit=50").json()["items"]:
        found = dict(client.get(f"/api/v1/papers/{brief['id']}").json())
        if found["homes"] and depths[found["homes"][0]["topic_id"]] > 0:
            return found
    raise AssertionError("The hierarchy holds no paper.")


def rebuild(sessions: Sessions, workspace_id: UUID, corpus_id: str) -> None:
    with transaction(sessions) as session:
        corpus = get_corpus(session, UUID(corpus_id), workspace_id=workspace_id)
        publish_tree(session, corpus, make_hierarchy(PARENTS, ASSIGNMENTS))


class TestGetWhy:
    def test_tells_what_speaks_for_the_first_home(
        self, client: TestClient, hierarchy_id: str, paper: dict[str, Any]
    ) -> None:
        answer = client.get(f"/api/v1/hierarchies/{hierarchy_id}/papers/{paper['id']}/why")
        assert answer.status_code == 200, answer.text
        why, home = answer.json(), paper["homes"][0]
        assert (why["home"], why["topic"]["topic_id"]) == (home, home["topic_id"])
        assert [level["topic"]["label"] for level in why["path"]] == home["path"]
        similarities = [one["similarity"] for one in why["exemplars"]]
        assert similarities == sorted(similarities, reverse=True)
        assert 1 <= len(similarities) <= 3
        assert paper["id"] not in {one["paper"]["id"] for one in why["exemplars"]}
        beside = {level["topic"]["topic_id"] for level in why["runners_up"]}
        assert beside
        assert not beside & {level["topic"]["topic_id"] for level in why["path"]}
        assert max(level["similarity"] for level in why["runners_up"]) < why["path"][-1]["similarity"]

    def test_names_the_terms_a_paper_shares_with_its_topic(
        self, client: TestClient, hierarchy_id: str, paper: dict[str, Any]
    ) -> None:
        topic = client.get(f"/api/v1/topics/{paper['homes'][0]['topic_id']}").json()
        why = client.get(f"/api/v1/hierarchies/{hierarchy_id}/papers/{paper['id']}/why").json()
        assert why["shared_terms"]
        assert set(why["shared_terms"]) <= set(topic["keyphrases"])
        text = f"{paper['title']} {paper['abstract']}".casefold()
        assert any(term.casefold() in text for term in why["shared_terms"])

    def test_says_who_put_it_there_and_that_it_is_locked(self, client: TestClient, tree: Corrected) -> None:
        tree.did(tree.assign("p0", 5), {"op": "lock", "paper": tree.papers["p0"]})
        why = client.get(f"{tree.address}/papers/{tree.papers['p0']}/why").json()
        home = why["home"]
        assert (home["topic_id"], home["placed_by"], home["locked"]) == (tree.topics[5], "person", True)
        step = client.get(f"{tree.address}/history").json()["items"][0]
        assert why["put_by"] == {name: step[name] for name in ("operation_id", "actor", "at")}

    def test_names_the_step_that_a_later_build_obeyed(
        self, client: TestClient, tree: Corrected, sessions: Sessions, workspace_id: UUID, corpus_id: str
    ) -> None:
        done = tree.did(tree.assign("p0", 5))
        rebuild(sessions, workspace_id, corpus_id)
        why = client.get(f"{tree.address}/papers/{tree.papers['p0']}/why").json()
        assert why["put_by"]["operation_id"] == done["operation_id"]
        machine = client.get(f"{tree.address}/papers/{tree.papers['p1']}/why").json()
        assert (machine["home"]["placed_by"], machine["put_by"]) == ("machine", None)

    def test_takes_the_papers_of_a_topic_that_a_person_made_for_its_exemplars(
        self, client: TestClient, hierarchy_id: str, paper: dict[str, Any]
    ) -> None:
        tree = Corrected(client, hierarchy_id, {}, {})
        home = paper["homes"][0]["topic_id"]
        made = {"above": str(uuid4()), "mine": str(uuid4())}
        own = client.get(f"/api/v1/topics/{home}/papers").json()["items"]
        tree.did(
            {"op": "create_topic", "parent": home, "label": paper["title"], "topic": made["above"]},
            {
                "op": "create_topic",
                "parent": made["above"],
                "label": "mine",
                "topic": made["mine"],
                "papers": [one["paper"]["id"] for one in own],
            },
        )
        why = client.get(f"{tree.address}/papers/{paper['id']}/why?topic={made['above']}").json()
        assert why["exemplars"]
        assert None not in [level["similarity"] for level in why["path"]]
        assert why["shared_terms"] == [paper["title"]]

    def test_explains_a_topic_that_the_paper_is_not_in(self, client: TestClient, tree: Corrected) -> None:
        address = f"{tree.address}/papers/{tree.papers['p0']}/why?topic={tree.topics[6]}"
        why = client.get(address).json()
        assert (why["home"], why["topic"]["path"]) == (None, ["topic 2", "topic 6"])
        above = client.get(f"{tree.address}/papers/{tree.papers['p0']}/why?topic={tree.topics[1]}").json()
        assert above["home"]["topic_id"] == tree.topics[3]

    def test_explains_the_best_guess_of_an_unassigned_paper(
        self, client: TestClient, tree: Corrected
    ) -> None:
        why = client.get(f"{tree.address}/papers/{tree.papers['p10']}/why").json()
        assert (why["home"], why["topic"]["topic_id"]) == (None, tree.topics[3])

    def test_knows_nothing_of_what_is_not_there(self, client: TestClient, tree: Corrected) -> None:
        for paper, query, slug in (
            ("late", "", "paper-not-in-hierarchy"),
            ("p0", f"?topic={uuid4()}", "topic-not-found"),
            ("p0", f"?topic={tree.topics[0]}", "topic-not-found"),
        ):
            answer = client.get(f"{tree.address}/papers/{tree.papers[paper]}/why{query}")
            assert (answer.status_code, answer.json()["type"]) == (404, f"urn:papertree:{slug}")
        assert client.get(f"{tree.address}/papers/{tree.papers['p0']}/why?topic=x").status_code == 422
