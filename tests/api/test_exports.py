"""Exports over HTTP: the right papers and topics, as a file with a name of ours."""

import csv
import io
import json
from pathlib import Path
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from app.corpus.paper import Paper
from app.corpus.readers import read_papers
from app.corpus.writers import FORMATS
from app.db.session import Sessions
from app.hierarchy.writers import FORMATS as OUTLINE_FORMATS
from tests.api.correcting import Corrected, make_corrected


@pytest.fixture
def tree(client: TestClient, sessions: Sessions, workspace_id: UUID, corpus_id: str) -> Corrected:
    return make_corrected(client, sessions, workspace_id, corpus_id)


@pytest.fixture
def corpus(corpus_id: str) -> str:
    return f"/api/v1/corpora/{corpus_id}/export"


def _read(text: bytes, folder: Path, kind: str) -> list[Paper]:
    file = folder / "exported"
    file.write_bytes(text)
    return [record.paper for record in read_papers(file, format=kind) if record.paper]


class TestExportOfPapers:
    def test_holds_every_paper_with_its_topics_in_every_format(
        self, tree: Corrected, corpus: str, tmp_path: Path
    ) -> None:
        first = " > ".join(tree.topic(n)["label"] for n in (1, 3))
        second = " > ".join(tree.topic(n)["label"] for n in (1, 4))
        for kind, known in FORMATS.items():
            answer = tree.client.get(corpus, params={"format": kind})
            assert answer.status_code == 200, answer.text
            assert answer.headers["content-type"].split(";")[0] == known.media_type.split(";")[0]
            assert answer.headers["content-disposition"].endswith(f'.{known.suffix}"')
            papers = _read(answer.content, tmp_path, kind)
            assert [paper.source_id for paper in papers] == [*(f"p{n}" for n in range(12)), "late"]
            if kind in ("ris", "bibtex", "csl-json"):
                assert papers[0].keywords == (first, second)
                assert papers[10].keywords == ()

    def test_takes_a_topic_words_or_the_unassigned(
        self, tree: Corrected, corpus: str, tmp_path: Path
    ) -> None:
        for wanted, expected in (
            ({"topic": tree.topics[4]}, ["p0", "p3", "p4"]),
            ({"unassigned": "true"}, ["p10", "p11"]),
            ({"q": "matter 7"}, ["p7"]),
            ({"topic": tree.topics[4], "q": "matter 3"}, ["p3"]),
        ):
            answer = tree.client.get(corpus, params={"format": "jsonl", **wanted})
            assert [json.loads(line)["id"] for line in answer.text.splitlines()] == expected

    def test_takes_a_selection_in_its_order(self, tree: Corrected, corpus: str, reader: TestClient) -> None:
        papers = [tree.papers[name] for name in ("p5", "late", "p1")] + [str(UUID(int=1))]
        for client in (tree.client, reader):
            answer = client.post(corpus, json={"format": "csv", "papers": papers})
            rows = list(csv.DictReader(io.StringIO(answer.text)))
            assert [row["id"] for row in rows] == ["p5", "late", "p1"]

    def test_refuses_what_there_is_not(self, tree: Corrected, corpus: str, client: TestClient) -> None:
        other = client.post("/api/v1/corpora", json={"name": "other"}).json()["id"]
        foreign = {"format": "ris", "hierarchy": tree.hierarchy_id}
        assert client.get(f"/api/v1/corpora/{other}/export", params=foreign).status_code == 404
        assert client.get(corpus, params={"format": "ris", "topic": str(UUID(int=1))}).status_code == 404
        assert client.get(corpus, params={"format": "docx"}).status_code == 422
        assert client.get(corpus).status_code == 422

    def test_of_an_empty_corpus_is_empty(self, client: TestClient, corpus: str) -> None:
        assert client.get(corpus, params={"format": "csl-json"}).json() == []


class TestExportOfAHierarchy:
    def test_gives_every_format_as_a_file(self, tree: Corrected) -> None:
        labels = [one["label"] for one in tree.tree()["topics"]]
        for kind, known in OUTLINE_FORMATS.items():
            answer = tree.client.get(f"{tree.address}/export", params={"format": kind})
            assert answer.status_code == 200, answer.text
            named = f'attachment; filename="hierarchy-{tree.hierarchy_id}.{known.suffix}"'
            assert answer.headers["content-disposition"] == named
            assert all(label in answer.text for label in labels), kind

    def test_names_papers_where_they_are_wanted(self, tree: Corrected) -> None:
        for kind in ("skos-turtle", "skos-jsonld", "html"):
            answer = tree.client.get(f"{tree.address}/export", params={"format": kind})
            assert answer.text.count("A study of matter number") == 10
