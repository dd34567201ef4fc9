import pytest


def found(rank, title, *, similarity=None):
    paper = {"id": f"p{rank}", "source_id": f"s{rank}", "title": title, "year": 2000 + rank, "venue": ""}
    return {"rank": rank, "similarity": similarity, "paper": paper, "path": ["Materials", "Alloys"]}


class TestSearch:
    def test_prints_the_best_first_with_their_topics(self, server, run):
        server.add_corpus("mine")
        server.found = [found(1, "Light alloys"), found(2, "Heavy alloys")]

        result = run("search", "mine", "alloys")

        assert server.bodies == [{"query": "alloys", "k": 10, "mode": "words"}]
        lines = [line.split("\t") for line in result.stdout.splitlines()]
        assert lines[1] == ["1", "", "2001", "s1", "Light alloys", "Materials > Alloys"]
        assert lines[2][4] == "Heavy alloys"

    def test_searches_by_meaning_when_asked(self, server, run):
        server.add_corpus("mine")
        server.found = [found(1, "Light alloys", similarity=0.81249)]

        result = run("search", "mine", "what is light and strong", "--mode", "meaning", "-k", "3")

        assert server.bodies == [{"query": "what is light and strong", "k": 3, "mode": "meaning"}]
        assert "\t0.812\t" in result.stdout

    def test_gives_a_program_what_the_server_gave(self, server, run_json):
        server.add_corpus("mine")
        server.found = [found(1, "Üben")]

        assert run_json("search", "mine", "üben") == {"items": server.found, "mode": "words"}

    def test_tells_the_notice_that_the_papers_come_with(self, server, run):
        server.add_corpus("mine", notice="Invented.")
        server.found = [found(1, "Light alloys")]

        assert run("search", "mine", "alloys").stderr == "Invented.\n"

    def test_finds_nothing_without_failing(self, server, run):
        server.add_corpus("mine")

        result = run("search", "mine", "nothing")

        assert (result.exit_code, result.stdout) == (0, "")

    @pytest.mark.parametrize("wrong", [["-k", "0"], ["-k", "201"], ["--mode", "smell"]])
    def test_refuses_wrong_usage_with_status_2(self, server, run, wrong):
        assert run("search", "mine", "alloys", *wrong).exit_code == 2


class TestNeighbours:
    def test_finds_the_paper_by_the_id_of_its_source(self, server, run):
        server.add_corpus("mine", notice="Invented.")
        server.papers = [{"id": "p9", "source_id": "10.1/x y", "title": "Alloys"}]
        server.found = [found(1, "Light alloys", similarity=0.5), found(2, "Heavy alloys", similarity=-0.25)]

        result = run("neighbours", "mine", "10.1/x y", "-k", "2")

        assert server.asked("GET", "/papers/p9/neighbours") == 1
        assert result.stderr == "Nearest to: Alloys\nInvented.\n"
        assert [line.split("\t")[0] for line in result.stdout.splitlines()] == [
            "similarity",
            "0.500",
            "-0.250",
        ]

    def test_says_that_there_is_no_such_paper(self, server, run_json):
        server.add_corpus("mine")

        document = run_json("neighbours", "mine", "nobody", status=1)

        assert document["type"] == "no-paper-of-this-source-id"
        assert "'nobody'" in document["detail"]
