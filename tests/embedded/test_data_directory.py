"""The data directory is ours alone, or it is refused with words that help."""

import os
import stat
import subprocess

import pytest

from app.embedded import data_directory
from app.embedded.data_directory import (
    DataDirectoryClosed,
    DataDirectoryFull,
    DataDirectoryInUse,
    DataDirectoryUnusable,
    open_data_directory,
)

IS_ROOT = os.geteuid() == 0
as_root = pytest.mark.skipif(not IS_ROOT, reason="needs root")
not_as_root = pytest.mark.skipif(IS_ROOT, reason="root may write everywhere")


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def hold(path):
    with open_data_directory(path):
        pass


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 64 MB."""
    path = tmp_path / "disk"
    path.mkdir()
    mount = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", path], check=False)
    if mount.returncode != 0:
        pytest.skip("no file system can be mounted here")
    yield path
    subprocess.run(["umount", path], check=True)


class TestOpenDataDirectory:
    def test_makes_it_with_its_parents_whatever_the_umask(self, quick_directory):
        path = quick_directory / "some" / "where"
        previous = os.umask(0o077)
        try:
            with open_data_directory(path) as data:
                assert data.root == path.resolve()
        finally:
            os.umask(previous)
        assert mode(path) == (0o711 if IS_ROOT else 0o700)

    @as_root
    def test_made_by_root_it_can_be_entered_by_the_servers_user(self, quick_directory):
        previous = os.umask(0o077)
        try:
            with open_data_directory(quick_directory / "some" / "where") as data:
                made = data.server_directory("postgres")
        finally:
            os.umask(previous)
        assert made.stat().st_uid == data.user.uid != 0
        assert mode(made) == 0o700

    def test_leaves_the_mode_of_an_existing_one(self, quick_directory):
        path = quick_directory / "theirs"
        path.mkdir()
        path.chmod(0o775)
        with open_data_directory(path) as data:
            assert mode(data.server_directory("postgres")) == 0o700
        assert mode(path) == 0o775

    def test_follows_a_link(self, quick_directory):
        (quick_directory / "real").mkdir()
        (quick_directory / "link").symlink_to("real")
        with open_data_directory(quick_directory / "link") as data:
            assert data.root == (quick_directory / "real").resolve()

    def test_is_held_for_one(self, tmp_path, monkeypatch):
        monkeypatch.setattr(data_directory, "LOCK_PATIENCE_S", 0.1)
        in_use = pytest.raises(DataDirectoryInUse, match=rf"process {os.getpid()}.*PAPERTREE_DATA")
        with open_data_directory(tmp_path), in_use:
            hold(tmp_path)
        hold(tmp_path)

    def test_refuses_a_file(self, tmp_path):
        path = tmp_path / "file"
        path.write_text("not a directory")
        with pytest.raises(DataDirectoryUnusable, match="Not a directory"):
            hold(path)
        with pytest.raises(DataDirectoryUnusable, match="Not a directory"):
            hold(path / "below")

    @not_as_root
    def test_refuses_one_that_cannot_be_written(self, tmp_path):
        path = tmp_path / "theirs"
        path.mkdir(0o500)
        with pytest.raises(DataDirectoryUnusable, match="Permission denied"):
            hold(path)

    @as_root
    def test_refuses_a_read_only_one(self, small_disk):
        subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
        with pytest.raises(DataDirectoryUnusable, match="Read-only file system"):
            hold(small_disk / "data")

    @as_root
    def test_refuses_a_small_or_full_disk(self, small_disk):
        with pytest.raises(DataDirectoryFull, match=r"Only .* MB are free"):
            hold(small_disk)
        with pytest.raises(OSError, match="No space left"):
            (small_disk / "filler").write_bytes(bytes(80 << 20))
        with pytest.raises(DataDirectoryFull):
            hold(small_disk / "data")

    def test_refuses_a_disk_with_too_little_space(self, tmp_path, monkeypatch):
        monkeypatch.setattr(data_directory, "MINIMUM_FREE_BYTES", 1 << 62)
        with pytest.raises(DataDirectoryFull, match="Make room"):
            hold(tmp_path)

    def test_lets_go_of_it_when_it_is_refused(self, tmp_path, monkeypatch):
        monkeypatch.setattr(data_directory, "MINIMUM_FREE_BYTES", 1 << 62)
        with pytest.raises(DataDirectoryFull):
            hold(tmp_path)
        monkeypatch.undo()
        hold(tmp_path)


class TestServerDirectory:
    @as_root
    def test_names_the_directory_the_servers_user_cannot_enter(self, quick_directory):
        closed = quick_directory / "closed"
        closed.mkdir()
        closed.chmod(0o700)
        may_not_enter = pytest.raises(DataDirectoryClosed, match=rf"may not enter {closed.resolve()}\.")
        with open_data_directory(closed / "data") as data, may_not_enter:
            data.server_directory("postgres")
        assert mode(closed) == 0o700

    @as_root
    def test_keeps_the_owner_of_what_is_there(self, quick_directory):
        with open_data_directory(quick_directory / "data") as data:
            cluster = data.root / "postgres" / "cluster"
            cluster.mkdir(parents=True)
            os.chown(cluster, 23456, 23457)
        with open_data_directory(quick_directory / "data") as data:
            assert (data.user.uid, data.user.gid) == (23456, 23457)
