from fastapi.testclient import TestClient


class TestPostCorpus:
    def test_answers_with_its_address(self, client: TestClient) -> None:
        answer = client.post("/api/v1/corpora", json={"name": "Bees", "notice": "Invented."})
        assert answer.status_code == 201
        there = client.get(answer.headers["Location"]).json()
        assert (there["name"], there["notice"], there["n_papers"], there["hierarchies"]) == (
            "Bees",
            "Invented.",
            0,
            [],
        )

    def test_refuses_a_name_that_is_taken(self, client: TestClient) -> None:
        client.post("/api/v1/corpora", json={"name": "Bees"})
        answer = client.post("/api/v1/corpora", json={"name": "Bees"})
        assert answer.status_code == 409
        assert answer.json()["type"].endswith("corpus-name-taken")

    def test_refuses_members_it_does_not_know(self, client: TestClient) -> None:
        answer = client.post("/api/v1/corpora", json={"name": "Bees", "workspace_id": "x"})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == "#/workspace_id"

    def test_cleans_what_cannot_be_seen_out_of_a_name(self, client: TestClient) -> None:
        assert (
            client.post("/api/v1/corpora", json={"name": " A\u202e\u200b name "}).json()["name"] == "A name"
        )


class TestGetCorpora:
    def test_gives_all_in_pages(self, client: TestClient) -> None:
        for n in range(5):
            client.post("/api/v1/corpora", json={"name": f"c{n}"})
        names, cursor = [], None
        while True:
            page = client.get(
                "/api/v1/corpora", params={"limit": 2, **({"cursor": cursor} if cursor else {})}
            ).json()
            names += [corpus["name"] for corpus in page["items"]]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert names == [f"c{n}" for n in range(5)]

    def test_finds_one_by_name(self, client: TestClient, corpus_id: str) -> None:
        found = client.get("/api/v1/corpora", params={"name": "corpus"}).json()["items"]
        assert [corpus["id"] for corpus in found] == [corpus_id]

    def test_refuses_a_cursor_nobody_gave(self, client: TestClient) -> None:
        assert client.get("/api/v1/corpora?cursor=9").status_code == 422


class TestDeleteCorpus:
    def test_leaves_nothing(self, client: TestClient, corpus_id: str, hierarchy_id: str) -> None:
        assert client.delete(f"/api/v1/corpora/{corpus_id}").status_code == 204
        assert client.get(f"/api/v1/corpora/{corpus_id}").status_code == 404
        assert client.get(f"/api/v1/hierarchies/{hierarchy_id}").status_code == 404
        assert client.delete(f"/api/v1/corpora/{corpus_id}").status_code == 404
