"""Builds the web pages into `frontend/static` when their sources have changed; instant when they have not.

Node comes from the machine or, where there is none that is new enough, from a wheel into `.venv`.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = "requirements-node.lock"
SOURCES = ("package.json", "package-lock.json", ".npmrc", "index.html", "vite.config.ts", "tsconfig.json")
HASH = ".source-hash"
"""Written last into what was built, so that a build that was interrupted is made again."""
INSTALLED = ".papertree-installed"
"""In node_modules: the kind of installation and the hash of the lock it was made from."""
KINDS = ("build", "dev")


class CannotBuild(Exception):
    """The pages cannot be built here; the message says what would help."""


@dataclass(frozen=True)
class Node:
    """Where `npm` is, and the directory that has to be on the path for it."""

    npm: str
    directory: str

    def run(self, *arguments: str, cwd: Path) -> None:
        """Run npm; what it prints is shown when it fails."""
        path = os.pathsep.join((self.directory, os.environ.get("PATH", os.defpath)))
        # A setting of the environment that leaves out development tools would leave them out of --dev.
        variables = {name: value for name, value in os.environ.items() if name != "NODE_ENV"}
        done = subprocess.run(
            [self.npm, *arguments],
            cwd=cwd,
            env={**variables, "PATH": path, "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            tail = "\n".join((done.stdout + done.stderr).splitlines()[-30:])
            raise CannotBuild(f"npm {' '.join(arguments)} ended with status {done.returncode}:\n{tail}")


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Builds the web pages when their sources have changed.")
    parser.add_argument(
        "--dev", action="store_true", help="install the tools for tests and checks as well, and build"
    )
    parser.add_argument("--npm", metavar="SCRIPT", help="run a script of frontend/package.json as well")
    asked = parser.parse_args()
    try:
        prepare(ROOT, "dev" if asked.dev else "build")
        if asked.npm:
            find_node(ROOT).run("run", asked.npm, cwd=ROOT / "frontend")
    except CannotBuild as problem:
        print(f"The pages are not as they should be. {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted; the next run builds the pages.", file=sys.stderr)
        return 130
    return 0


def prepare(root: Path, kind: str) -> None:
    """Have the pages built, and for ``dev`` the tools installed; one process at a time."""
    pages = root / "frontend"
    if is_current(pages) and (kind == "build" or is_installed(pages, kind)):
        return
    with hold(pages):
        started = time.monotonic()
        node = find_node(root)
        if not is_installed(pages, kind):
            install(node, pages, kind)
        if not is_current(pages):
            say("Building the pages.")
            made_from = hash_sources(pages)
            node.run("run", "build", cwd=pages)
            (pages / "static" / HASH).write_text(made_from, encoding="utf-8")
        say(f"The pages are ready: {time.monotonic() - started:.0f} s.")


def hash_sources(pages: Path) -> str:
    """Hash all that the pages are built from, names included."""
    content = hashlib.sha256()
    sources = [pages / name for name in SOURCES]
    below = (path for path in (pages / "src").rglob("*") if path.is_file())
    sources += sorted(path for path in below if not _is_test(path.relative_to(pages)))
    for path in sources:
        content.update(f"{path.relative_to(pages).as_posix()}\0{path.stat().st_size}\0".encode())
        content.update(path.read_bytes())
    return content.hexdigest()


def is_current(pages: Path) -> bool:
    """Whether what was built was built from the sources as they are."""
    built = pages / "static"
    try:
        made_from = (built / HASH).read_text(encoding="utf-8")
    except OSError:
        return False
    return (built / "index.html").is_file() and made_from == hash_sources(pages)


def is_installed(pages: Path, kind: str) -> bool:
    """Whether the packages are those of the lock, with the tools for tests if they are asked for."""
    try:
        installed, lock = (pages / "node_modules" / INSTALLED).read_text(encoding="utf-8").split()
    except (OSError, ValueError):
        return False
    return installed in KINDS[KINDS.index(kind) :] and lock == hash_lock(pages)


def install(node: Node, pages: Path, kind: str) -> None:
    """Install what the lock names; more than half of it is left out where only a build is wanted."""
    say("Installing what frontend/package-lock.json names; the first time takes half a minute.")
    node.run("ci", *(("--omit=dev",) if kind == "build" else ()), cwd=pages)
    (pages / "node_modules" / INSTALLED).write_text(f"{kind} {hash_lock(pages)}", encoding="utf-8")


def hash_lock(pages: Path) -> str:
    """Hash what says which packages are installed."""
    return hashlib.sha256((pages / "package-lock.json").read_bytes()).hexdigest()


def find_node(root: Path) -> Node:
    """Find a Node that is new enough, or put one into `.venv`.

    Raises
    ------
    CannotBuild
        If there is none, and none can be had.
    """
    inside = root / ".venv" / "bin"
    for directory in (str(inside), _directory_of("node")):
        if directory and (found := _usable(directory)):
            return found
    if not (inside / "python").exists():
        raise CannotBuild("It takes Node 20.19 or newer, and `make environment` to have it installed.")
    say("There is no Node 20.19 or newer here; installing one into .venv.")
    done = subprocess.run(
        [
            *(str(inside / "python"), "-m", "pip", "install", "--no-input", "--disable-pip-version-check"),
            *("--no-deps", "--require-hashes", "--requirement", str(root / LOCK)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0 or not (found := _usable(str(inside))):
        last = (done.stdout + done.stderr).strip().splitlines()[-1:]
        raise CannotBuild(f"Install Node 20.19 or newer, then try again; pip could not: {' '.join(last)}")
    return found


def is_new_enough(version: str) -> bool:
    """Tell from what `node --version` prints whether Vite runs on it."""
    found = re.match(r"v(\d+)\.(\d+)\.", version)
    if found is None:
        return False
    major, minor = int(found[1]), int(found[2])
    return (major == 20 and minor >= 19) or (major == 22 and minor >= 12) or major > 22


@contextlib.contextmanager
def hold(pages: Path) -> Iterator[None]:
    """Keep other builds waiting; the lock is on the directory and leaves no file."""
    descriptor = os.open(pages, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def say(text: str) -> None:
    """Tell the person what happens; stdout stays free for what is run next."""
    print(text, file=sys.stderr, flush=True)


def _usable(directory: str) -> Node | None:
    """Take the Node of a directory, if npm is beside it."""
    node, npm = (shutil.which(name, path=directory) for name in ("node", "npm"))
    if node is None or npm is None:
        return None
    try:
        asked = subprocess.run([node, "--version"], capture_output=True, text=True, check=False, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return Node(npm, directory) if is_new_enough(asked.stdout) else None


def _directory_of(program: str) -> str | None:
    found = shutil.which(program)
    return None if found is None else str(Path(found).parent)


def _is_test(path: Path) -> bool:
    return ".test." in path.name or path.parts[:2] == ("src", "test")


if __name__ == "__main__":
    sys.exit(main())
