from tests.unit.cli.stand_in import topic


class TestCorpora:
    def test_lists_them_as_lines_with_tabs_where_nobody_looks(self, server, run):
        root = topic("all", 12)
        server.build(server.add_corpus("mine", n_papers=12), [root, topic("some", 5, parent=root)])
        server.add_corpus("sample", notice="Invented.")

        result = run("corpora")

        assert result.exit_code == 0
        heading, *lines = result.stdout.splitlines()
        assert heading.split("\t")[:2] == ["corpus", "papers"]
        assert lines[0].split("\t")[:3] == ["mine", "12", "topic (1 topic)"]
        assert lines[1].split("\t") == ["sample", "0", "not built", "2026-01-02", "Invented."]

    def test_reads_every_page(self, server, run_json):
        for number in range(201):
            server.add_corpus(f"corpus {number}")

        assert len(run_json("corpora")["items"]) == 201

    def test_says_how_to_begin_when_there_is_none(self, server, run):
        assert "papertree import" in run("corpora").stdout

    def test_shows_no_control_characters_of_a_name(self, server, run):
        server.add_corpus("evil\x1b[2Jname\tand\u202etab")

        assert "evil[2Jname andtab\t" in run("corpora").stdout


class TestDeleteCorpus:
    def test_asks_first(self, server, run):
        server.add_corpus("mine", n_papers=3)

        result = run("corpora", "delete", "mine", given="n\n")

        assert result.exit_code == 1
        assert "3 papers" in result.stderr
        assert len(server.corpora) == 1

    def test_deletes_after_a_yes(self, server, run):
        server.add_corpus("mine")

        assert run("corpora", "delete", "mine", given="y\n").exit_code == 0
        assert server.corpora == []

    def test_does_not_ask_when_told_so(self, server, run_json):
        corpus = server.add_corpus("mine")

        assert run_json("corpora", "delete", "mine", "--yes") == {
            "deleted": {"id": corpus["id"], "name": "mine"}
        }
        assert server.corpora == []

    def test_names_the_corpora_there_are_when_the_name_is_wrong(self, server, run):
        server.add_corpus("mine")

        result = run("corpora", "delete", "mime", "--yes")

        assert result.exit_code == 1
        assert "There are: mine." in result.stderr
        assert len(server.corpora) == 1
