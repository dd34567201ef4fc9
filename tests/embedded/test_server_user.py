"""The servers run as an ordinary user that exists."""

import os
import pwd

import pytest

from app.embedded.server_user import User, first_closed, is_named, server_user


class TestServerUser:
    @pytest.mark.skipif(os.geteuid() == 0, reason="not for root")
    def test_is_us_when_we_are_not_root(self):
        assert server_user() is None

    @pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
    def test_is_postgres_or_else_nobody_for_root(self, tmp_path):
        names = {entry.pw_name for entry in pwd.getpwall()}
        expected = next((name for name in ("postgres", "nobody") if name in names), "65534")
        assert server_user(tmp_path / "missing", tmp_path).name == expected

    @pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
    def test_needs_no_passwd_entry(self, monkeypatch):
        def find_nobody(name):
            raise KeyError(name)

        monkeypatch.setattr(pwd, "getpwnam", find_nobody)
        assert server_user() == User("65534", 65534, 65534)


class TestIsNamed:
    def test_knows_root_and_not_a_made_up_id(self):
        assert is_named(User("root", 0, 0))
        assert not is_named(User("made up", 23456, 23456))


class TestFirstClosed:
    def test_finds_the_first_directory_on_the_way(self, quick_directory):
        (quick_directory / "a" / "b" / "c").mkdir(parents=True)
        for path in (quick_directory / "a", quick_directory / "a" / "b" / "c"):
            path.chmod(0o755)
        (quick_directory / "a" / "b").chmod(0o700)
        stranger = User("made up", os.geteuid() + 1, os.getegid() + 1)
        assert (
            first_closed(quick_directory / "a" / "b" / "c", stranger)
            == (quick_directory / "a" / "b").resolve()
        )
        (quick_directory / "a" / "b").chmod(0o711)
        assert first_closed(quick_directory / "a" / "b" / "c", stranger) is None

    def test_takes_the_right_of_the_owner_before_that_of_the_others(self, quick_directory):
        owner = User("us", os.geteuid(), os.getegid())
        quick_directory.chmod(0o011)
        closed = first_closed(quick_directory, owner)
        quick_directory.chmod(0o711)
        assert closed == quick_directory.resolve()
