"""When the pages are built anew."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tools.build_pages import HASH, SOURCES, hash_sources, is_current, is_installed, is_new_enough


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    for name in (*SOURCES, "src/main.tsx"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"of {name}")
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "index.html").write_text("built")
    (tmp_path / "static" / HASH).write_text(hash_sources(tmp_path))
    return tmp_path


class TestIsCurrent:
    def test_holds_for_what_was_just_built(self, pages: Path):
        assert is_current(pages)

    @pytest.mark.parametrize("name", ["src/main.tsx", "src/new.ts", "package-lock.json", "vite.config.ts"])
    def test_ends_with_a_change(self, name: str, pages: Path):
        (pages / name).write_text("other")
        assert not is_current(pages)

    def test_ends_when_a_source_is_renamed(self, pages: Path):
        (pages / "src" / "main.tsx").rename(pages / "src" / "start.tsx")
        assert not is_current(pages)

    @pytest.mark.parametrize("name", ["src/main.test.tsx", "src/test/setup.ts"])
    def test_outlasts_changes_of_tests(self, name: str, pages: Path):
        (pages / name).parent.mkdir(exist_ok=True)
        (pages / name).write_text("a test")
        assert is_current(pages)

    @pytest.mark.parametrize("name", [HASH, "index.html"])
    def test_does_not_hold_for_a_build_that_broke_off(self, name: str, pages: Path):
        (pages / "static" / name).unlink()
        assert not is_current(pages)


class TestIsInstalled:
    @pytest.mark.parametrize(
        ("installed", "wanted", "holds"),
        [("build", "build", True), ("dev", "build", True), ("build", "dev", False), ("dev", "dev", True)],
    )
    def test_the_larger_set_serves_for_the_smaller(
        self, installed: str, wanted: str, holds: bool, pages: Path
    ):
        from tools.build_pages import INSTALLED, hash_lock  # noqa: PLC0415 - Used by this test alone.

        (pages / "node_modules").mkdir()
        (pages / "node_modules" / INSTALLED).write_text(f"{installed} {hash_lock(pages)}")
        assert is_installed(pages, wanted) == holds

    def test_does_not_hold_where_nothing_was_installed(self, pages: Path):
        assert not is_installed(pages, "build")


class TestIsNewEnough:
    @pytest.mark.parametrize("version", ["v20.19.0", "v20.20.2", "v22.12.0", "v24.19.0", "v100.0.0"])
    def test_takes_what_vite_runs_on(self, version: str):
        assert is_new_enough(version)

    @pytest.mark.parametrize("version", ["v18.19.0", "v20.18.3", "v21.7.0", "v22.11.0", "", "node"])
    def test_refuses_the_rest(self, version: str):
        assert not is_new_enough(version)


class TestBuildPages:
    def test_says_what_is_missing_where_there_is_no_node(self, tmp_path: Path):
        (tmp_path / "tools").mkdir()
        script = tmp_path / "tools" / "build_pages.py"
        script.write_bytes((REPOSITORY / "tools" / "build_pages.py").read_bytes())
        (tmp_path / "frontend" / "src").mkdir(parents=True)
        for name in SOURCES:
            (tmp_path / "frontend" / name).write_text("")
        done = subprocess.run(
            [sys.executable, str(script)], env={"PATH": ""}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 1
        assert "Node 20.19" in done.stderr
        assert "Traceback" not in done.stderr

    def test_the_lock_names_no_registry(self):
        lock = (REPOSITORY / "frontend" / "package-lock.json").read_text()
        assert '"resolved"' not in lock
        assert lock.count('"integrity"') > 200
