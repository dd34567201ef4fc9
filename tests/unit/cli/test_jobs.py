import csv
import io
import json

import pytest


@pytest.fixture
def corpus(server):
    return server.add_corpus("mine")


class TestJobs:
    def test_lists_the_newest_first(self, server, corpus, run):
        server.add_job("import_file", corpus, state="succeeded")
        running = {"state": "running", "stage": "embed", "done": 50, "total": 1200, "seconds_left": 200.0}
        server.add_job("build_hierarchy", corpus, **running)

        lines = [line.split("\t") for line in run("jobs").stdout.splitlines()[1:]]

        assert [line[1:4] for line in lines] == [
            ["build hierarchy", "running", "Embedding the papers 50 of 1,200, 3 min left"],
            ["import file", "succeeded", ""],
        ]
        assert {line[5] for line in lines} == {"mine"}

    def test_lists_no_more_than_asked_for(self, server, corpus, run_json):
        for _ in range(5):
            server.add_job("import_file", corpus)

        assert len(run_json("jobs", "--limit", "3")["items"]) == 3

    def test_waits_for_one(self, server, corpus, run):
        job = server.add_job("build_hierarchy", corpus)

        result = run("jobs", "--watch", job["id"])

        assert result.exit_code == 0
        assert "Embedding the papers: 5 of 10, about 3 s left" in result.stderr
        assert result.stdout == f"Job {job['id']} (build hierarchy): succeeded\n"

    def test_fails_when_the_job_it_waits_for_was_cancelled(self, server, corpus, run_json):
        job = server.add_job("build_hierarchy", corpus, state="cancelled")

        document = run_json("jobs", "--watch", job["id"], status=1)

        assert (document["type"], document["job_id"]) == ("job-was-cancelled", job["id"])

    def test_shows_the_servers_problem(self, server, run):
        result = run("jobs", "--watch", "no-such-job")

        assert result.exit_code == 1
        assert "There is no such job.\nIts corpus may be deleted.\n" in result.stderr

    def test_cancels_one(self, server, corpus, run_json):
        job = server.add_job("build_hierarchy", corpus)

        assert run_json("jobs", "cancel", job["id"])["state"] == "cancelled"
        assert server.jobs[job["id"]]["cancel_requested"]


class TestReport:
    @pytest.fixture
    def job(self, server, corpus):
        server.rejected = [
            {"record": record, "outcome": "rejected", "reason": "no title"} for record in range(250)
        ]
        return server.add_job("import_file", corpus, state="succeeded")

    def test_is_csv(self, job, run):
        rows = list(csv.reader(io.StringIO(run("jobs", "report", job["id"]).stdout)))

        assert (len(rows), rows[1]) == (251, ["0", "no title"])

    def test_is_all_of_the_json_for_a_program(self, job, run_json):
        report = run_json("jobs", "report", job["id"])

        assert [row["record"] for row in report["rows"]] == list(range(250))
        assert "next_cursor" not in report

    def test_goes_to_a_file(self, job, run, run_json, tmp_path):
        run("jobs", "report", job["id"], "-o", tmp_path / "report.csv")
        run_json("jobs", "report", job["id"], "-o", tmp_path / "report.json")

        assert len((tmp_path / "report.csv").read_text().splitlines()) == 251
        assert len(json.loads((tmp_path / "report.json").read_text())["rows"]) == 250
