from fastapi.testclient import TestClient

PAPER = {
    "id": "p1",
    "title": "Wild bees in hedgerows of the north",
    "abstract": "Bees like hedges.",
    "year": 2019,
}


def post(client: TestClient, corpus_id: str, *papers: object) -> dict[str, object]:
    answer = client.post(f"/api/v1/corpora/{corpus_id}/papers", json={"papers": papers})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


class TestPostPapers:
    def test_reports_each_row_and_the_counts_add_up(self, client: TestClient, corpus_id: str) -> None:
        first = post(client, corpus_id, {**PAPER, "doi": "https://doi.org/10.5555/ABC"})
        assert first["counts"] == {"taken": 1, "updated": 0, "merged": 0, "rejected": 0}
        second = post(
            client,
            corpus_id,
            PAPER,
            {**PAPER, "id": "p2", "doi": "10.5555/abc"},
            {"id": "p3", "title": "Another work about something else"},
            {"id": "p4"},
            {"id": "p5", "title": "A paper from the far future", "year": 2**31},
        )
        assert second["counts"] == {"taken": 1, "updated": 1, "merged": 1, "rejected": 2}
        rows = second["rows"]
        assert [row["outcome"] for row in rows] == ["updated", "merged", "taken", "rejected", "rejected"]
        assert (rows[1]["duplicate_of"], rows[1]["duplicate_by"]) == ("p1", "doi")
        assert "title" in rows[3]["reason"]
        assert rows[4]["source_id"] == "p5"

    def test_changes_nothing_when_sent_again(self, client: TestClient, corpus_id: str) -> None:
        post(client, corpus_id, PAPER)
        version = client.get(f"/api/v1/corpora/{corpus_id}").json()["version"]
        post(client, corpus_id, PAPER)
        corpus = client.get(f"/api/v1/corpora/{corpus_id}").json()
        assert (corpus["n_papers"], corpus["version"]) == (1, version)

    def test_refuses_a_batch_that_is_too_large(self, client: TestClient, corpus_id: str) -> None:
        papers = [{**PAPER, "id": str(n)} for n in range(2001)]
        answer = client.post(f"/api/v1/corpora/{corpus_id}/papers", json={"papers": papers})
        assert answer.status_code == 422

    def test_stores_texts_clean(self, client: TestClient, corpus_id: str) -> None:
        row = post(client, corpus_id, {**PAPER, "title": "Bees\u0000 \u202eand\u200b hedges"})["rows"][0]
        assert client.get(f"/api/v1/papers/{row['paper_id']}").json()["title"] == "Bees and hedges"


class TestGetPapers:
    def test_finds_by_words_and_by_a_merged_id(self, client: TestClient, corpus_id: str) -> None:
        post(
            client,
            corpus_id,
            {**PAPER, "doi": "10.5555/q"},
            {"id": "p9", "title": "Bees again", "doi": "10.5555/q"},
        )
        post(client, corpus_id, {"id": "x", "title": "Concrete in cold weather"})
        address = f"/api/v1/corpora/{corpus_id}/papers"
        assert [p["source_id"] for p in client.get(address, params={"q": "hedgerow"}).json()["items"]] == [
            "p1"
        ]
        assert [p["source_id"] for p in client.get(address, params={"source_id": "p9"}).json()["items"]] == [
            "p1"
        ]
        assert len(client.get(address).json()["items"]) == 2

    def test_goes_through_all_in_pages(self, client: TestClient, corpus_id: str) -> None:
        post(client, corpus_id, *({"id": str(n), "title": f"Work number {n} on roofs"} for n in range(7)))
        seen, cursor = [], ""
        while cursor is not None:
            page = client.get(
                f"/api/v1/corpora/{corpus_id}/papers",
                params={"limit": 3, **({"cursor": cursor} if cursor else {})},
            ).json()
            seen += [paper["source_id"] for paper in page["items"]]
            cursor = page["next_cursor"]
        assert seen == [str(n) for n in range(7)]


class TestGetPaper:
    def test_tells_where_it_stands(self, client: TestClient, corpus_id: str, hierarchy_id: str) -> None:
        brief = client.get(f"/api/v1/corpora/{corpus_id}/papers?limit=1").json()["items"][0]
        homes = client.get(f"/api/v1/papers/{brief['id']}").json()["homes"]
        assert len(homes) == 1
        assert homes[0]["path"][-1] == homes[0]["label"]
        assert 0 <= homes[0]["confidence"] <= 1


class TestNeighboursAndSearch:
    def test_finds_papers_on_the_same_subject(
        self, client: TestClient, corpus_id: str, hierarchy_id: str
    ) -> None:
        bees = client.get(f"/api/v1/corpora/{corpus_id}/papers", params={"q": "bees"}).json()["items"]
        found = client.get(f"/api/v1/papers/{bees[0]['id']}/neighbours?k=5").json()["items"]
        similarities = [one["similarity"] for one in found]
        assert similarities == sorted(similarities, reverse=True)
        assert {one["paper"]["id"] for one in found} <= {bee["id"] for bee in bees[1:]}

    def test_asks_for_a_build_first(self, client: TestClient, corpus_id: str) -> None:
        row = post(client, corpus_id, PAPER)["rows"][0]
        answer = client.get(f"/api/v1/papers/{row['paper_id']}/neighbours")
        assert (answer.status_code, answer.json()["type"].split(":")[-1]) == (409, "not-embedded")

    def test_finds_by_meaning_and_by_words(
        self, client: TestClient, corpus_id: str, hierarchy_id: str
    ) -> None:
        for mode in ("meaning", "words"):
            body = {"query": "sodium batteries", "k": 3, "mode": mode}
            found = client.post(f"/api/v1/corpora/{corpus_id}/search", json=body).json()["items"]
            assert len(found) == 3
            assert all("sodium" in one["paper"]["title"].lower() for one in found)
            assert all(one["path"] for one in found)

    def test_finds_by_doi(self, client: TestClient, corpus_id: str) -> None:
        post(client, corpus_id, {**PAPER, "doi": "10.5555/Q(1)"}, {"id": "p2", "title": "Another work"})
        for query in ("10.5555/q(1)", "doi: 10.5555/Q(1)", "https://doi.org/10.5555/q(1)"):
            answer = client.post(f"/api/v1/corpora/{corpus_id}/search", json={"query": query})
            assert [one["paper"]["source_id"] for one in answer.json()["items"]] == ["p1"]
        absent = client.post(f"/api/v1/corpora/{corpus_id}/search", json={"query": "10.5555/r"})
        assert absent.json()["items"] == []
