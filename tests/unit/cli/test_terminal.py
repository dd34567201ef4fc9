import io
import json

from hypothesis import given
from hypothesis import strategies as st

from app.cli.terminal import Terminal, clean
from app.errors import InvalidError


class Refused(InvalidError):
    slug = "refused"
    title = "It was refused"


class TestClean:
    @given(st.text())
    def test_leaves_nothing_that_a_terminal_obeys(self, text):
        shown = clean(text)

        assert not any(ord(sign) < 32 or 127 <= ord(sign) < 160 for sign in shown)
        assert [sign for sign in text if sign.isalnum()] == [sign for sign in shown if sign.isalnum()]


class TestTerminal:
    def test_shows_a_problem_on_stderr_for_people(self, capsys):
        Terminal().problem(Refused("Try another."))

        captured = capsys.readouterr()
        assert (captured.out, captured.err) == ("", "It was refused.\nTry another.\n")

    def test_gives_a_program_the_document(self, capsys):
        Terminal(as_json=True).problem(Refused("Try another.", member=3))

        expected = {"type": "refused", "title": "It was refused", "detail": "Try another.", "member": 3}
        assert json.loads(capsys.readouterr().out) == expected

    def test_breaks_no_line_where_nobody_looks(self, capsys):
        Terminal().say("word " * 100)

        assert capsys.readouterr().out == "word " * 100 + "\n"

    def test_says_nothing_to_a_program_but_json(self, capsys):
        terminal = Terminal(as_json=True)

        terminal.say("a sentence")
        terminal.table(["column"], [["row"]])

        assert capsys.readouterr().out == ""

    def test_takes_words_in_brackets_for_words(self, capsys):
        Terminal().say("[bold]Alloys[/bold] :smile:")

        assert capsys.readouterr().out == "[bold]Alloys[/bold] :smile:\n"

    def test_survives_a_stdout_that_knows_only_ascii(self, monkeypatch):
        narrow = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
        monkeypatch.setattr("sys.stdout", narrow)

        Terminal().say("naïve")
        Terminal(as_json=True).json({"title": "naïve"})

        narrow.flush()
        line, *document = narrow.buffer.getvalue().decode("ascii").splitlines()
        assert line == "na?ve"
        assert json.loads("".join(document)) == {"title": "naïve"}
