"""Names the machine a figure was taken on."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path

_WANTED = ("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16", "amx_int8")


def describe_machine() -> str:
    """Give one line: processor, what it can do, cores, memory, load, Python, commit, date."""
    info = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    fields = dict(line.split("\t: ", 1) if "\t: " in line else (line, "") for line in info.splitlines())
    name = next((fields[key] for key in fields if key.startswith("model name")), platform.processor())
    flags = next((fields[key].split() for key in fields if key.startswith("flags")), [])
    has = " ".join(flag for flag in _WANTED if flag in flags)
    memory_gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    command = ["git", "rev-parse", "--short", "HEAD"]
    git = subprocess.run(command, capture_output=True, text=True, check=False)
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    return (
        f"{name} ({has}), {os.cpu_count()} cores, {memory_gib:.0f} GiB, load {load}, "
        f"Python {platform.python_version()}, commit {git.stdout.strip() or 'none'}, "
        f"{datetime.now(UTC):%Y-%m-%d}"
    )


def peak_mib() -> float:
    """Read the most memory this process has held so far.

    Not from ``getrusage``, whose figure a child takes over from the process that started it.
    """
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024
