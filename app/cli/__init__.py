"""The `papertree` command: it talks to a running server, and starts one where there is none."""

from app.cli.application import main

__all__ = ["main"]
