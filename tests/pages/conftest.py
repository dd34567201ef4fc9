"""The tools of the pages; what needs them is skipped where `make test` has not installed them."""

from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tools.build_pages import CannotBuild, Node, find_node, is_current, is_installed

FRONTEND = REPOSITORY / "frontend"


@pytest.fixture(scope="session")
def node() -> Node:
    if not is_installed(FRONTEND, "dev"):
        pytest.skip("the tools of the pages are not installed: python tools/build_pages.py --dev")
    try:
        return find_node(REPOSITORY)
    except CannotBuild as problem:
        pytest.skip(str(problem))


@pytest.fixture(scope="session")
def built_pages(node: Node) -> Path:
    if not is_current(FRONTEND):
        pytest.skip("the pages are not built from the sources as they are: python tools/build_pages.py")
    return FRONTEND / "static"
