from pathlib import Path

import pytest

from app.cli.bring_in import NothingUsable, bring_in, corpus_name
from app.cli.client import Client, Server
from app.cli.terminal import ServerProblem, Terminal
from tests.unit.cli.stand_in import KEY, topic


@pytest.fixture
def client(server):
    client = Client(lambda: Server(server.address, KEY), lambda _: None)
    yield client
    client.close()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "refs.ris"
    path.write_text("TY  - JOUR\nER  -\n")
    return path


class TestCorpusName:
    @pytest.mark.parametrize(
        ("file", "name"),
        [
            ("refs.ris", "refs"),
            ("in/graphs.v2.jsonl.gz", "graphs.v2"),
            ("arxiv_demo/papers.jsonl.gz", "arxiv_demo"),
            ("arxiv_demo/papers.bib", "arxiv_demo"),
            ("REFS.CSV.XZ", "REFS"),
            ("/papers.ris", "papers"),
        ],
    )
    def test_is_the_files_or_its_folders(self, file, name):
        assert corpus_name(Path(file)) == name


class TestBringIn:
    def test_imports_and_builds_at_first(self, server, client, file):
        corpus = bring_in(client, file, "mine", Terminal(), notice="Invented.")

        assert (corpus["n_papers"], corpus["notice"]) == (2, "Invented.")
        assert len(corpus["hierarchies"]) == 1
        assert server.asked("POST", "/imports") == server.asked("POST", "/hierarchies") == 1

    def test_does_nothing_when_all_is_done(self, server, client, file):
        bring_in(client, file, "mine", Terminal())
        server.requests.clear()

        bring_in(client, file, "mine", Terminal())

        assert {method for method, _ in server.requests} == {"GET"}

    def test_only_builds_what_was_imported(self, server, client, file):
        corpus = bring_in(client, file, "mine", Terminal())
        server.corpora[0]["hierarchies"] = []

        corpus = bring_in(client, file, "mine", Terminal())

        assert len(corpus["hierarchies"]) == 1
        assert server.asked("POST", "/imports") == 1
        assert server.asked("POST", "/hierarchies") == 2

    def test_waits_for_the_import_that_an_earlier_run_left(self, server, client, file):
        corpus = server.add_corpus("mine")
        client.upload(f"/corpora/{corpus['id']}/imports", file, {})

        bring_in(client, file, "mine", Terminal())

        assert server.asked("POST", "/imports") == 1
        assert server.asked("POST", "/hierarchies") == 1

    def test_waits_for_the_build_that_an_earlier_run_left(self, server, client, file):
        bring_in(client, file, "mine", Terminal())
        server.corpora[0]["hierarchies"] = []
        server.add_job("build_hierarchy", server.corpora[0])

        assert len(bring_in(client, file, "mine", Terminal())["hierarchies"]) == 1
        assert server.asked("POST", "/hierarchies") == 1

    def test_imports_again_after_an_import_that_failed(self, server, client, file):
        server.job_problem = {"type": "worker-lost", "title": "The worker died", "detail": "Three times."}
        with pytest.raises(ServerProblem, match="Three times"):
            bring_in(client, file, "mine", Terminal())
        server.job_problem = None

        bring_in(client, file, "mine", Terminal())

        assert server.asked("POST", "/imports") == 2

    def test_takes_in_a_file_that_has_changed_and_builds_anew(self, server, client, file):
        bring_in(client, file, "mine", Terminal())
        file.write_text("TY  - BOOK\nER  -\n")

        corpus = bring_in(client, file, "mine", Terminal())

        assert corpus["n_papers"] == 4
        assert server.asked("POST", "/imports") == server.asked("POST", "/hierarchies") == 2

    def test_builds_nothing_of_a_file_without_usable_records(self, server, client, file):
        server.outcomes = {"taken": 0, "merged": 0, "rejected": 1}
        server.rejected = [
            {"record": 1, "line": 1, "outcome": "rejected", "title": None, "reason": "no title"}
        ]

        with pytest.raises(NothingUsable, match="The first: no title"):
            bring_in(client, file, "mine", Terminal())

        assert server.asked("POST", "/hierarchies") == 0

    def test_keeps_the_hierarchy_another_way_of_dividing_has(self, server, client, file):
        server.build(server.add_corpus("mine"), [topic("all", 1)])
        server.corpora[0]["hierarchies"][0]["facet"] = "method"

        bring_in(client, file, "mine", Terminal())

        assert server.bodies[-1] == {"facet": "topic"}
