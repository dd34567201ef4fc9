"""What dies is started again, and what keeps dying is given up."""

import os
import signal

import pytest

from app.embedded import supervise
from app.embedded.process import Command
from app.embedded.supervise import KeepsDying, Program, Watch
from app.errors import UnavailableError

from .conftest import eventually


class NotNow(UnavailableError):
    slug = "not-now"
    title = "Not now"


class Stubborn(Program):
    """Starts once, and never again."""

    n_starts = 0

    def start(self, pause=None):
        self.n_starts += 1
        if self.n_starts > 1:
            raise NotNow("The disk is full.")
        super().start()


def make_command(directory, *arguments):
    return Command(name="worker", arguments=arguments, environment={}, log=directory / "worker.log")


def look_until(watch, happened):
    return eventually(lambda: watch.look(lambda seconds: None) or happened())


class TestWatch:
    def test_starts_what_was_killed_again(self, tmp_path):
        part = Program(make_command(tmp_path, "/bin/sleep", "600"))
        part.start()
        watch = Watch(part)
        first = part.child.pid
        os.kill(first, signal.SIGKILL)
        assert look_until(watch, lambda: part.child.running and part.child.pid != first)
        part.stop()

    def test_gives_up_at_the_fifth_death_and_tells_the_last_words(self, tmp_path, monkeypatch):
        monkeypatch.setattr(supervise, "FIRST_BACKOFF_S", 0.01)
        part = Program(make_command(tmp_path, "/bin/sh", "-c", "echo began >> starts; echo no model; exit 3"))
        monkeypatch.chdir(tmp_path)
        part.start()
        watch = Watch(part)
        with pytest.raises(
            KeepsDying, match=r"worker died 5 times(.|\n)*status 3(.|\n)*no model(.|\n)*worker\.log"
        ):
            look_until(watch, lambda: False)
        assert (tmp_path / "starts").read_text().count("began") == 5

    def test_forgets_deaths_of_long_ago(self, tmp_path, monkeypatch):
        monkeypatch.setattr(supervise, "FIRST_BACKOFF_S", 0.0)
        monkeypatch.setattr(supervise, "DEATHS_WINDOW_S", 0.0)
        part = Program(make_command(tmp_path, "/bin/sh", "-c", "echo began >> starts"))
        monkeypatch.chdir(tmp_path)
        (tmp_path / "starts").touch()
        part.start()
        watch = Watch(part)
        assert look_until(watch, lambda: (tmp_path / "starts").read_text().count("began") > 6)
        part.stop()

    def test_takes_a_failed_start_for_a_death(self, tmp_path, monkeypatch):
        monkeypatch.setattr(supervise, "FIRST_BACKOFF_S", 0.01)
        part = Stubborn(make_command(tmp_path, "/bin/true"))
        part.start()
        watch = Watch(part)
        with pytest.raises(KeepsDying, match=r"The disk is full\."):
            look_until(watch, lambda: False)
        assert part.n_starts == 5
