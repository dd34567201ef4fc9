import csv
import io
import json
from collections.abc import Callable
from uuid import UUID

from fastapi.testclient import TestClient

RIS = b"""TY  - JOUR
TI  - The first paper about hedges
PY  - 2001
DO  - 10.5555/first
ER  -

TY  - JOUR
AB  - A record without a title.
ER  -

TY  - JOUR
TI  - The first paper about hedges, again
PY  - 2001
DO  - 10.5555/first
ER  -
"""


class TestPostImport:
    def test_accounts_for_every_record(
        self, client: TestClient, upload: Callable[..., dict[str, object]], run: Callable[[str], None]
    ) -> None:
        job = upload(RIS)
        run(str(job["id"]))
        done = client.get(f"/api/v1/jobs/{job['id']}").json()
        assert done["result"] == {"taken": 1, "merged": 1, "rejected": 1, "total": 3}
        report = client.get(f"/api/v1/jobs/{job['id']}/report").json()
        assert [row["outcome"] for row in report["rows"]] == ["taken", "rejected", "merged"]
        assert [row["line"] for row in report["rows"]] == [1, 7, 11]
        assert report["rows"][1]["reason"]
        assert "DOI" in report["rows"][2]["reason"]

    def test_rings_after_the_commit(self, upload: Callable[..., dict[str, object]], sent: list[UUID]) -> None:
        assert UUID(str(upload(RIS)["id"])) in sent

    def test_takes_the_same_file_once_while_it_waits(self, upload: Callable[..., dict[str, object]]) -> None:
        assert upload(RIS)["id"] == upload(RIS)["id"]

    def test_merges_everything_of_a_file_that_comes_again(
        self, client: TestClient, upload: Callable[..., dict[str, object]], run: Callable[[str], None]
    ) -> None:
        run(str(upload(RIS)["id"]))
        second = upload(RIS)
        run(str(second["id"]))
        result = client.get(f"/api/v1/jobs/{second['id']}").json()["result"]
        assert result == {"taken": 0, "merged": 2, "rejected": 1, "total": 3}

    def test_fails_clearly_for_what_is_no_bibliography(
        self, client: TestClient, upload: Callable[..., dict[str, object]], run: Callable[[str], None]
    ) -> None:
        for content in (b"", b"\x7fELF" + bytes(range(256)) * 9, b"Dear all, lunch is at noon.\n" * 9):
            job = upload(content)
            run(str(job["id"]))
            done = client.get(f"/api/v1/jobs/{job['id']}").json()
            assert done["state"] == "failed"
            assert done["problem"]["detail"]
            assert "work-failed" not in done["problem"]["type"]

    def test_never_takes_a_file_name_for_a_path(
        self, client: TestClient, upload: Callable[..., dict[str, object]], run: Callable[[str], None]
    ) -> None:
        job = upload(RIS, name="../../../etc/passwd\x00.ris")
        run(str(job["id"]))
        assert client.get(f"/api/v1/jobs/{job['id']}").json()["state"] == "succeeded"

    def test_maps_columns_as_told(
        self,
        client: TestClient,
        corpus_id: str,
        upload: Callable[..., dict[str, object]],
        run: Callable[[str], None],
    ) -> None:
        content = b"Nom;Resume\nLes haies du nord de la France;Des haies.\nLes murs;Des murs.\n"
        job = upload(content, mapping=json.dumps({"title": "Nom", "abstract": "Resume"}))
        run(str(job["id"]))
        titles = {p["title"] for p in client.get(f"/api/v1/corpora/{corpus_id}/papers").json()["items"]}
        assert titles == {"Les haies du nord de la France", "Les murs"}


class TestReport:
    def test_comes_as_csv_that_no_spreadsheet_runs(
        self, client: TestClient, upload: Callable[..., dict[str, object]], run: Callable[[str], None]
    ) -> None:
        paper = {"id": "1", "title": "=HYPERLINK(1)&cmd", "abstract": ""}
        job = upload(json.dumps(paper).encode() + b"\n")
        run(str(job["id"]))
        answer = client.get(f"/api/v1/jobs/{job['id']}/report?format=csv")
        assert answer.headers["Content-Disposition"].startswith("attachment")
        rows = list(csv.DictReader(io.StringIO(answer.text)))
        assert [row["title"] for row in rows] == ["'=HYPERLINK(1)&cmd"]

    def test_does_not_exist_for_other_jobs(self, client: TestClient, corpus_id: str) -> None:
        job = client.post(f"/api/v1/corpora/{corpus_id}/hierarchies", json={}).json()
        assert client.get(f"/api/v1/jobs/{job['id']}/report").status_code == 404
