"""Lets `python -m app.cli` be the `papertree` command."""

from app.cli.application import main

main()
