import threading
import time

import pytest
from fastapi.responses import PlainTextResponse

from app.cli import client as client_module
from app.cli.client import Client, Server, ServerUnreachable
from app.cli.terminal import ServerProblem
from tests.unit.cli.stand_in import KEY, problem


@pytest.fixture
def notes():
    return []


@pytest.fixture
def client(server, notes):
    client = Client(lambda: Server(server.address, KEY), notes.append)
    yield client
    client.close()


@pytest.fixture
def little_patience(monkeypatch):
    monkeypatch.setattr(client_module, "PATIENCE_S", 0.6)
    monkeypatch.setattr(client_module, "FIRST_PATIENCE_S", 0.3)
    monkeypatch.setattr(client_module, "_PAUSE_S", 0.02)


class TestAServerThatIsAway:
    def test_is_waited_for_while_it_answers_503(self, server, client, notes):
        server.add_corpus("mine")
        server.refusals = [problem(503, "starting", "Not yet", "Soon.") for _ in range(2)]

        assert [corpus["name"] for corpus in client.items("/corpora")] == ["mine"]
        assert len(server.requests) == 3

    def test_is_waited_for_while_it_restarts(self, server, client, notes):
        server.add_corpus("mine")
        assert client.get("/corpora")["items"]
        server.stop()
        restart = threading.Timer(1.5, server.start)
        restart.start()

        assert client.get("/corpora")["items"]

        restart.join()
        assert notes == [f"Waiting for the server at {server.address}."]

    def test_gets_a_file_again_from_its_beginning(self, server, client, tmp_path):
        corpus = server.add_corpus("mine")
        file = tmp_path / "refs.ris"
        file.write_bytes(b"x" * 100_000)
        server.refusals = [problem(503, "starting", "Not yet", "Soon.")]

        client.upload(f"/corpora/{corpus['id']}/imports", file, {})

        assert server.bodies[-1]["file"] == file.read_bytes()

    def test_is_given_up_in_the_end(self, server, client, little_patience):
        assert client.get("/corpora")["items"] == []
        server.stop()
        begin = time.monotonic()

        with pytest.raises(ServerUnreachable, match=server.address):
            client.get("/corpora")

        assert 0.6 < time.monotonic() - begin < 5
        server.start()

    def test_is_looked_for_again_because_it_may_have_moved(self, server, notes, little_patience):
        servers = iter([Server("http://127.0.0.1:9", KEY), Server(server.address, KEY)])
        client = Client(lambda: next(servers), notes.append)

        assert client.get("/corpora")["items"] == []
        assert client.server.address == server.address
        client.close()

    def test_shows_its_problem_when_503_never_ends(self, server, client, little_patience):
        server.refused_paths["/corpora"] = problem(503, "disk-full", "The disk is full", "Make room.")

        with pytest.raises(ServerProblem, match=r"Make room\.") as caught:
            client.get("/corpora")

        assert caught.value.document["type"] == "disk-full"


class TestAnswers:
    def test_that_are_problems_are_raised_as_they_are(self, server, client):
        server.refused_paths["/jobs"] = problem(409, "some-slug", "Some title", "Some detail.")

        with pytest.raises(ServerProblem) as caught:
            client.get("/jobs")

        expected = {"type": "some-slug", "title": "Some title", "status": 409, "detail": "Some detail."}
        assert caught.value.document == expected

    def test_that_are_no_problem_documents_are_told_as_what_they_are(self, server, client):
        server.refused_paths["/jobs"] = PlainTextResponse("<html>Bad gateway</html>", 502)

        with pytest.raises(ServerProblem) as caught:
            client.get("/jobs")

        assert caught.value.document["title"] == "The server answered 502 Bad Gateway"

    def test_come_from_this_machine_and_from_no_proxy(self, server, monkeypatch, notes):
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
        monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
        client = Client(lambda: Server(server.address, KEY), notes.append)

        assert client.get("/corpora")["items"] == []
        client.close()

    def test_of_a_download_begin_again_after_503(self, server, client, tmp_path):
        corpus = server.add_corpus("mine")
        built = server.build(corpus, [])
        server.export = b"0123456789" * 10_000
        server.refusals = [problem(503, "starting", "Not yet", "Soon.")]

        with (tmp_path / "out").open("w+b") as file:
            client.download(f"/hierarchies/{built['id']}/export", file, format="json")

        assert (tmp_path / "out").read_bytes() == server.export
