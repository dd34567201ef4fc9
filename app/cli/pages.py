"""Has the web pages built before they are served, where papertree runs from its repository."""

import os
import subprocess
import sys
from pathlib import Path

from app.cli.terminal import Terminal

BUILD = Path(__file__).resolve().parents[2] / "tools" / "build_pages.py"
SWITCH = "PAPERTREE_BUILD_PAGES"


def build_stale_pages(terminal: Terminal) -> None:
    """Build the pages if their sources have changed; what goes wrong is told, and does not stop the server.

    An installed papertree brings its pages along and has nothing to build. ``PAPERTREE_BUILD_PAGES=0``
    leaves them as they are.
    """
    if os.environ.get(SWITCH) == "0" or not BUILD.is_file():
        return
    if subprocess.run([sys.executable, str(BUILD)], check=False).returncode != 0:
        terminal.note("The API works without the pages.")
