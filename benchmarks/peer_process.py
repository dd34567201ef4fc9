"""Runs one peer in a process of its own, with a time limit, and says why when there is no tree."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.peers.peer_tree import PeerTree
from benchmarks.peers.registry import PEERS

ROOT = Path(__file__).resolve().parents[1]
PEERS_PYTHON = ROOT / ".venv-peers" / "bin" / "python"

# Nothing is to be fetched while a peer runs, and nothing drawn.
SETTINGS = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "MPLBACKEND": "Agg",
    "TQDM_DISABLE": "1",
}


@dataclass(frozen=True)
class PeerRun:
    """What came of one peer: a tree and facts about the process, or the reason why there is none."""

    name: str
    tree: PeerTree | None = None
    failed: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


def run_peer(
    name: str, papers: Path, *, python: Path, seed: int, rounds: int, limit_s: float, folder: Path
) -> PeerRun:
    """Make one peer's tree.

    Parameters
    ----------
    name : str
        Of `PEERS`.
    papers : Path
        Folder that `Papers.save` wrote: the peer sees vectors and texts, and nothing else.
    python : Path
        Interpreter with the peers installed; the product's own runs in this one.
    seed, rounds : int
        Rounds are only for the time; the last one's tree is kept.
    limit_s : float
        Of all rounds and the first run that compiles.
    folder : Path
        For what passes between the processes.
    """
    stem = folder / name
    interpreter = sys.executable if PEERS[name].own else str(python)
    command = [interpreter, "-m", "benchmarks.peers", name, "--papers", str(papers), "--out", str(stem)]
    command += ["--seed", str(seed), "--rounds", str(rounds)]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **SETTINGS},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    ) as process:
        try:
            output, _ = process.communicate(timeout=limit_s)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return PeerRun(name, failed=f"no tree within {limit_s:.0f} s")
    if process.returncode != 0:
        return PeerRun(name, failed=_last_line(output) or f"ended with status {process.returncode}")
    facts = json.loads(stem.with_suffix(".facts.json").read_text(encoding="utf-8"))
    return PeerRun(name, PeerTree.load(stem), facts=facts)


def _last_line(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return lines[-1][:200] if lines else ""
