"""Logs stay small, and only their owner reads them."""

import os
import stat

from app.embedded import log_file
from app.embedded.log_file import last_lines, open_log, shorten_log


class TestOpenLog:
    def test_is_readable_by_us_only(self, tmp_path):
        os.close(open_log(tmp_path / "log"))
        assert stat.S_IMODE((tmp_path / "log").stat().st_mode) == 0o600


class TestShortenLog:
    def test_keeps_the_end_and_lets_a_writer_go_on(self, tmp_path, monkeypatch):
        monkeypatch.setattr(log_file, "SIZE_LIMIT_BYTES", 100)
        monkeypatch.setattr(log_file, "KEPT_BYTES", 10)
        path = tmp_path / "log"
        log = open_log(path)
        os.write(log, b"x" * 200 + b"the end...")
        shorten_log(path)
        os.write(log, b"more")
        os.close(log)
        assert path.read_bytes() == b"more"
        assert (tmp_path / "log.1").read_bytes() == b"the end..."

    def test_leaves_a_small_log_and_a_missing_one_alone(self, tmp_path):
        (tmp_path / "log").write_bytes(b"small")
        shorten_log(tmp_path / "log")
        shorten_log(tmp_path / "missing")
        assert (tmp_path / "log").read_bytes() == b"small"
        assert not (tmp_path / "log.1").exists()


class TestLastLines:
    def test_gives_the_last_six_of_many(self, tmp_path):
        (tmp_path / "log").write_text("".join(f"line {i}\n" for i in range(10_000)))
        assert last_lines(tmp_path / "log").splitlines() == [f"line {i}" for i in range(9_994, 10_000)]

    def test_is_empty_for_a_missing_log_and_past_its_end(self, tmp_path):
        (tmp_path / "log").write_text("old\n")
        assert last_lines(tmp_path / "missing") == ""
        assert last_lines(tmp_path / "log", since=4) == ""
        assert last_lines(tmp_path / "log", since=400) == ""

    def test_takes_bytes_that_are_no_text(self, tmp_path):
        (tmp_path / "log").write_bytes(b"\xff\xfe fine\n")
        assert "fine" in last_lines(tmp_path / "log")
