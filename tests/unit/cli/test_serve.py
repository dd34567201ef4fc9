import pytest

from app.cli.client import Client, Server
from app.cli.connection import connect, read_settings
from app.cli.serve import SAMPLE_NAME, SAMPLE_NOTICE, _bring_what_was_asked, _show
from app.cli.terminal import Terminal
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


def bring(client, file=None, demo=None):
    return [corpus["name"] for corpus in _bring_what_was_asked(client, file, demo, Terminal())]


class TestWhatIsBroughtIn:
    def test_is_the_sample_on_the_first_run(self, server, client):
        assert bring(client) == [SAMPLE_NAME]
        assert server.corpora[0]["notice"] == "Invented papers, written for papertree: not real research."
        assert server.bodies[1]["name"] == "papers.jsonl"

    def test_is_nothing_when_there_are_papers(self, server, client):
        server.add_corpus("mine", n_papers=3)

        assert bring(client) == []

    def test_is_the_sample_when_all_corpora_are_empty(self, server, client):
        server.add_corpus("an import that failed")

        assert bring(client) == [SAMPLE_NAME]

    def test_is_the_sample_when_an_earlier_run_did_not_finish_it(self, server, client):
        server.add_corpus(SAMPLE_NAME, n_papers=267, notice=SAMPLE_NOTICE)

        assert bring(client) == [SAMPLE_NAME]

    def test_is_nothing_when_the_sample_is_not_wanted(self, server, client):
        assert bring(client, demo=False) == []

    def test_is_only_the_file_on_the_first_run_with_one(self, server, client, file):
        assert bring(client, file) == ["refs"]

    def test_is_both_when_both_are_asked_for(self, server, client, file):
        assert bring(client, file, demo=True) == [SAMPLE_NAME, "refs"]


class TestWhatIsShown:
    @pytest.fixture
    def corpus(self, server):
        root = topic("Everything", 9)
        field = topic("Field", 9, parent=root)
        group = topic("Group", 9, parent=field)
        corpus = server.add_corpus("mine", n_papers=9, notice="Invented.")
        server.build(corpus, [root, field, group, topic("Too deep", 9, parent=group)])
        return corpus

    def test_is_the_top_of_the_tree_and_the_address(self, server, client, corpus, capsys):
        _show(client, [], read_settings(), Terminal())

        shown = capsys.readouterr().out
        assert "Corpus 'mine', 9 papers:\nInvented.\nEverything  9\n" in shown
        assert "Group" in shown
        assert "Too deep" not in shown
        assert f"papertree is at {server.address}\n" in shown

    def test_holds_no_key_where_stdout_may_be_a_log(self, client, corpus, capsys):
        _show(client, [corpus], read_settings(), Terminal())

        captured = capsys.readouterr()
        assert KEY not in captured.out + captured.err
        assert "local.key" in captured.out

    def test_holds_the_key_behind_the_address_on_a_terminal(
        self, server, client, corpus, capsys, monkeypatch
    ):
        monkeypatch.setattr("sys.stdout.isatty", lambda: True)

        _show(client, [corpus], read_settings(), Terminal())

        assert f"{server.address}/#key={KEY}" in "".join(capsys.readouterr().out.split("\n"))


class TestConnect:
    def test_closes_what_it_opened(self, server):
        with connect(Terminal()) as client:
            assert client.get("/corpora")["items"] == []

        with pytest.raises(RuntimeError, match="closed"):
            client.get("/corpora")
