"""Makes `.venv-peers`, the environment that the peers run in, apart from the product's own.

    python -m benchmarks.peers.set_up

All of `requirements.txt` is installed at once. Where that fails, each package is tried by itself, so that one
that cannot be had takes nothing but the peers that need it out of the table.
"""

import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = ROOT / ".venv-peers"
REQUIREMENTS = Path(__file__).with_name("requirements.txt")
STAMP = "peers-set-up.sha256"
# The newest that the peers allow; without a hash, since each kind of machine has a build of its own.
TORCH = "torch==2.13.0"


def main() -> None:
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes() + TORCH.encode() + sys.version.encode()).hexdigest()
    stamp = ENVIRONMENT / STAMP
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return
    print(f"Making {ENVIRONMENT}; this takes some minutes.", flush=True)
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", str(ENVIRONMENT)], check=True)
    failed = [] if install(TORCH) else [TORCH]
    if not install("--no-deps", "--require-hashes", "--requirement", str(REQUIREMENTS)):
        failed += install_one_by_one(REQUIREMENTS.read_text(encoding="utf-8"))
    if failed:
        print(f"Not installed: {', '.join(failed)}. What needs them is left out of the table.", flush=True)
        return
    stamp.write_text(wanted, encoding="utf-8")


def install(*arguments: str) -> bool:
    """Install into the environment, and say whether that went well."""
    command = [str(ENVIRONMENT / "bin" / "python"), "-m", "pip", "install", "--quiet", "--no-input"]
    command += ["--disable-pip-version-check", *arguments]
    return subprocess.run(command, check=False).returncode == 0


def install_one_by_one(requirements: str) -> list[str]:
    """Install each package of a locked list; give those that failed."""
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        one = Path(folder) / "one.txt"
        for requirement in split_requirements(requirements):
            one.write_text(requirement, encoding="utf-8")
            if not install("--no-deps", "--require-hashes", "--requirement", str(one)):
                failed.append(requirement.split()[0])
    return failed


def split_requirements(requirements: str) -> list[str]:
    """Divide a locked list into packages, each with its hashes."""
    joined = requirements.replace("\\\n", " ")
    return [
        line.strip() for line in joined.splitlines() if line.strip() and not line.lstrip().startswith("#")
    ]


if __name__ == "__main__":
    main()
