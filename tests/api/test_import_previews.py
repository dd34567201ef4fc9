from typing import Any

import pytest
from fastapi.testclient import TestClient

_CSV = (
    "Article,Name of it,When\n"
    "a1,=First & <b>only</b>,2019\n"
    "a2,Second,2020\n"
    "a3,,2021\n"
    "a1,Second,2020\n"
)  # fmt: skip


@pytest.fixture
def address(corpus_id: str) -> str:
    return f"/api/v1/corpora/{corpus_id}/imports/preview"


def _preview(client: TestClient, address: str, content: str, **form: str) -> dict[str, Any]:
    answer = client.post(address, files={"file": ("x.txt", content.encode())}, data=form)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


class TestPostImportPreview:
    def test_tells_columns_mapping_and_outcomes_and_keeps_nothing(
        self, client: TestClient, address: str, corpus_id: str
    ) -> None:
        mapping = '{"id": "Article", "title": "Name of it", "year": "When"}'
        found = _preview(client, address, _CSV, mapping=mapping)
        assert (found["format"], found["is_whole"]) == ("csv", True)
        assert found["columns"] == ["Article", "Name of it", "When"]
        assert found["mapping"] == {"id": "Article", "title": "Name of it", "year": "When"}
        assert found["counts"] == {"taken": 2, "merged": 1, "rejected": 1}
        assert [one["title"] for one in found["records"]] == ["=First & only", "Second", None, "Second"]
        assert [(one["line"], one["reason"]) for one in found["rejected"]] == [
            (4, "The record has no title.")
        ]
        corpus = client.get(f"/api/v1/corpora/{corpus_id}").json()
        assert (corpus["n_papers"], corpus["version"]) == (0, 0)
        assert client.get("/api/v1/jobs").json()["items"] == []

    def test_knows_what_is_in_the_corpus(self, client: TestClient, address: str, corpus_id: str) -> None:
        papers = {"papers": [{"id": "x", "title": "Second", "doi": "10.1000/a"}]}
        client.post(f"/api/v1/corpora/{corpus_id}/papers", json=papers)
        found = _preview(client, address, "TY  - JOUR\nTI  - Second\nDO  - 10.1000/a\nER  - \n")
        assert found["format"] == "ris"
        assert [(one["outcome"], one["duplicate_of"]) for one in found["records"]] == [("merged", "x")]
        assert client.get(f"/api/v1/corpora/{corpus_id}").json()["n_papers"] == 1

    def test_of_a_table_without_titles_names_the_columns(self, client: TestClient, address: str) -> None:
        answer = client.post(address, files={"file": ("x.csv", b"a,b\n1,2\n")}, data={"format": "csv"})
        assert (answer.status_code, answer.json()["type"]) == (422, "urn:papertree:no-title-column")
        assert answer.json()["columns"] == ["a", "b"]

    def test_leaves_out_the_last_record_of_a_beginning(self, client: TestClient, address: str) -> None:
        text = "TY  - JOUR\nTI  - Whole\nER  - \nTY  - JOUR\nTI  - Ha"
        found = _preview(client, address, text, cut="true")
        assert [one["title"] for one in found["records"]] == ["Whole"]
        assert found["is_whole"] is False

    def test_reads_no_more_than_it_says(
        self, client: TestClient, address: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("app.api.import_previews._MOST_RECORDS", 3)
        found = _preview(client, address, "".join(f'{{"title": "T {n}"}}\n' for n in range(9)))
        assert (sum(found["counts"].values()), found["is_whole"]) == (3, False)

    def test_refuses_what_an_import_would_refuse(self, client: TestClient, address: str) -> None:
        answer = client.post(address, files={"file": ("x", b"<html>")})
        assert (answer.status_code, answer.json()["type"]) == (422, "urn:papertree:not-a-bibliography")
