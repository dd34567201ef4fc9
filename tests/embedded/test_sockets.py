"""A deep data directory still gets sockets."""

import os
import stat
import tempfile

import pytest

from app.embedded.data_directory import open_data_directory
from app.embedded.sockets import (
    NoSocketDirectory,
    is_usable_path,
    remove_socket_directory,
    socket_directory,
)


@pytest.fixture
def deep(quick_directory):
    """A data directory whose path is too long for a socket."""
    with open_data_directory(quick_directory / ("deep" * 20) / ("deeper" * 15)) as data:
        yield data


@pytest.fixture
def short(quick_directory, monkeypatch):
    """The only place for temporary files."""
    path = quick_directory / "t"
    path.mkdir()
    path.chmod(0o711)
    monkeypatch.setattr(tempfile, "tempdir", str(path))
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    return path


class TestSocketDirectory:
    def test_lies_in_the_data_directory_when_it_can(self, quick_directory):
        with open_data_directory(quick_directory / "data") as data:
            assert socket_directory(data) == data.root / "sockets"

    def test_is_short_private_and_remembered_when_the_path_is_long(self, deep, short):
        made = socket_directory(deep)
        assert made.parent == short
        assert stat.S_IMODE(made.stat().st_mode) == 0o700
        assert made.stat().st_uid == (deep.user.uid if deep.user else os.geteuid())
        assert socket_directory(deep) == made

    def test_prefers_the_runtime_directory_when_the_servers_user_can_enter_it(self, deep, short, monkeypatch):
        runtime = short.parent / "r"
        runtime.mkdir()
        runtime.chmod(0o711)
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
        assert socket_directory(deep).parent == runtime

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root's servers run as another user")
    def test_leaves_a_closed_runtime_directory_alone(self, deep, short, monkeypatch):
        runtime = short.parent / "r"
        runtime.mkdir(0o700)
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
        assert socket_directory(deep).parent == short

    def test_is_made_anew_when_it_is_gone_or_open_to_others(self, deep, short):
        first = socket_directory(deep)
        first.rmdir()
        second = socket_directory(deep)
        second.chmod(0o755)
        third = socket_directory(deep)
        assert len({first, second, third}) == 3

    def test_never_follows_a_link_put_in_its_place(self, deep, short):
        first = socket_directory(deep)
        first.rename(short / "moved")
        first.symlink_to("moved")
        assert socket_directory(deep) != first

    def test_is_removed_when_it_lies_outside(self, deep, short):
        made = socket_directory(deep)
        remove_socket_directory(deep)
        remove_socket_directory(deep)
        assert not made.exists()
        assert socket_directory(deep) != made

    def test_tells_when_there_is_no_place(self, deep, monkeypatch):
        monkeypatch.setattr("app.embedded.sockets.PATH_LIMIT_BYTES", 5)
        with pytest.raises(NoSocketDirectory, match="TMPDIR"):
            socket_directory(deep)


class TestIsUsablePath:
    @pytest.mark.parametrize(("length", "usable"), [(93, True), (94, False)])
    def test_counts_bytes(self, tmp_path, length, usable, monkeypatch):
        monkeypatch.setattr("app.embedded.sockets.PATH_LIMIT_BYTES", 107)
        path = tmp_path.__class__("/" + "é" * ((length - 1) // 2) + "x" * ((length - 1) % 2))
        assert is_usable_path(path) is usable

    def test_refuses_what_clients_take_for_two_hosts(self, tmp_path):
        assert not is_usable_path(tmp_path.__class__("/a,b"))
