import pytest

from tests.unit.cli.stand_in import topic


@pytest.fixture
def built(server):
    corpus = server.add_corpus("mine", n_papers=300)
    server.build(corpus, [topic("Materials", 50)])
    return corpus


class TestFile:
    def test_waits_for_papers_to_be_filed_and_tells_what_is_to_be_looked_at(self, server, built, run):
        server.filed = {"n_filed": 118, "n_unassigned": 2, "n_doubtful": 21}

        result = run("file", "mine")

        assert result.stdout.splitlines() == ["Filed 118 papers of 'mine'."]
        assert "2 papers fitted nowhere: papertree unassigned mine" in result.stderr
        assert "Doubtful: 21. To look at them: papertree review mine" in result.stderr
        assert server.asked("POST", "/arrivals") == 1

    def test_says_no_more_where_nothing_came(self, server, built, run):
        result = run("file", "mine")

        assert result.stdout.splitlines() == ["Filed 0 papers of 'mine'."]
        assert "papertree" not in result.stderr
