"""Puts the built pages and the migrations into the wheel; an installation without the pages still works."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PagesHook(BuildHookInterface):
    """Builds the pages, unless it is only a link to this working tree that is made."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the pages if they are stale, and take them in if they are there."""
        if version == "editable":
            return  # `papertree serve` builds them when they are first wanted.
        root = Path(self.root)
        if (root / "tools" / "build_pages.py").is_file():
            subprocess.run([sys.executable, str(root / "tools" / "build_pages.py")], check=False)
        static = root / "frontend" / "static"
        if (static / "index.html").is_file():
            build_data["force_include"][str(static)] = "frontend/static"
        else:
            self.app.display_warning("The pages are not in this wheel: they could not be built.")
