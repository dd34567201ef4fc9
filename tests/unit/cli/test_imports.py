import json

import pytest

REJECTED = {
    "record": 4,
    "line": 31,
    "outcome": "rejected",
    "source_id": None,
    "title": "A title",
    "reason": "no abstract and no title",
    "duplicate_of": None,
}


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "refs.ris"
    path.write_bytes(b"TY  - JOUR\nTI  - A title\nER  -\n")
    return path


class TestImport:
    def test_sends_the_file_as_it_is(self, server, run, file):
        server.add_corpus("mine")

        result = run("import", file, "--corpus", "mine")

        assert result.exit_code == 0
        sent = server.bodies[-1]
        assert (sent["file"], sent["name"]) == (file.read_bytes(), "refs.ris")
        assert (sent["format"], sent["mapping"]) == (None, None)
        assert result.stdout == "refs.ris into 'mine': 2 taken, 1 merged, 0 rejected, of 3 records.\n"

    def test_makes_the_corpus_when_there_is_none(self, server, run, file):
        assert run("import", file, "--corpus", "new").exit_code == 0
        assert [corpus["name"] for corpus in server.corpora] == ["new"]

    def test_shows_the_first_rejected_records_and_where_the_others_are(self, server, run, file):
        server.outcomes = {"taken": 1, "merged": 0, "rejected": 9}
        server.rejected = [{**REJECTED, "record": record, "line": 10 * record} for record in range(9)]

        result = run("import", file, "--corpus", "mine")

        assert result.exit_code == 0
        assert "  line 0: no abstract and no title (A title)\n" in result.stderr
        assert "and 4 more" in result.stderr
        assert f"papertree jobs report {next(iter(server.jobs))}" in result.stderr

    def test_fails_when_no_record_was_usable(self, server, run, file):
        server.outcomes = {"taken": 0, "merged": 0, "rejected": 1}
        server.rejected = [REJECTED]

        result = run("import", file, "--corpus", "mine")

        assert result.exit_code == 1
        assert "line 31: no abstract and no title" in result.stderr

    def test_prints_only_json_for_a_program(self, server, run_json, file):
        server.outcomes = {"taken": 1, "merged": 0, "rejected": 1}
        server.rejected = [REJECTED]

        answer = run_json("import", file, "--corpus", "mine")

        assert answer["counts"] == {"taken": 1, "merged": 0, "rejected": 1, "total": 2}
        assert answer["corpus"]["name"] == "mine"
        assert answer["job"]["state"] == "succeeded"
        assert answer["rejected"] == [REJECTED]

    def test_passes_format_and_columns_on(self, server, run, file):
        columns = ("--column", "title=Article = Title", "--column", "year=PY")

        run("import", file, "--corpus", "mine", "--format", "csv", *columns)

        assert server.bodies[-1]["format"] == "csv"
        assert json.loads(server.bodies[-1]["mapping"]) == {"title": "Article = Title", "year": "PY"}

    def test_shows_why_a_job_failed(self, server, run, file):
        server.job_problem = {
            "type": "unknown-format",
            "title": "Not a bibliography",
            "detail": "It is a PDF.",
        }

        result = run("import", file, "--corpus", "mine")

        assert result.exit_code == 1
        assert result.stdout == ""
        assert "Not a bibliography.\nIt is a PDF.\n" in result.stderr

    def test_gives_a_program_the_problem_of_a_failed_job(self, server, run_json, file):
        server.job_problem = {
            "type": "unknown-format",
            "title": "Not a bibliography",
            "detail": "It is a PDF.",
        }

        document = run_json("import", file, "--corpus", "mine", status=1)

        assert document["type"] == "unknown-format"
        assert document["job_id"] in server.jobs

    @pytest.mark.parametrize(
        "arguments",
        [
            ["no-such-file.ris", "--corpus", "mine"],
            [".", "--corpus", "mine"],
            ["FILE"],
            ["FILE", "--corpus", "mine", "--column", "title"],
            ["FILE", "--corpus", "mine", "--column", "=PY"],
        ],
        ids=[
            "no such file",
            "a directory",
            "no corpus named",
            "a column without =",
            "a column without a field",
        ],
    )
    def test_refuses_wrong_usage_with_status_2(self, server, run, file, arguments):
        result = run("import", *(file if argument == "FILE" else argument for argument in arguments))

        assert result.exit_code == 2
        assert server.requests == []
