"""Places where a crash test may kill this process; nothing happens unless the environment names one."""

import os
import signal
from pathlib import Path


def failpoint(name: str) -> None:
    """Kill this process the way power loss would, if the environment asks for it at this place.

    ``PAPERTREE_FAILPOINTS`` is a folder; a file in it named after the place arms it once.
    """
    folder = os.environ.get("PAPERTREE_FAILPOINTS")
    if not folder:
        return
    try:
        (Path(folder) / name).rename(Path(folder) / f"{name}.fired")
    except FileNotFoundError:
        return
    os.kill(os.getpid(), signal.SIGKILL)
