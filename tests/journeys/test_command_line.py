"""What a person does with two commands and a few more, on the real servers."""

import json
import os
import re
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.journeys.running import papers_file, wait_for

PAPERTREE = (sys.executable, "-m", "app.cli")
BROKEN_RIS = """\
TY  - JOUR
ID  - r1
TI  - Roots in dry soil
AB  - Maize roots were watched in dry soil for a season.
PY  - 2011
DO  - 10.5555/roots
ER  -
TY  - JOUR
ID  - r2
TI  - Roots in dry soil, again
DO  - https://doi.org/10.5555/ROOTS
ER  -
TY  - JOUR
ID  - r3
PY  - 2012
ER  -
TY  - JOUR
ID  - r4
TI  - Leaves in wind
AB  - Leaves were watched in wind.
"""
BROKEN_BIBTEX = """\
@article{b1, title = {Sails and wings}, year = 1999, abstract = {Sails were compared with wings.}}
@article{b2, title = {A brace is missing, year = 2000
@article{b3, title = {Keels and fins}, year = 2001}
"""


class Machine:
    """A data directory with what a person types there."""

    def __init__(self, data: Path) -> None:
        self.data = data
        kept = {
            k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL", "PAPERTREE_URL")
        }
        quick = {"PAPERTREE_LEASE_S": "3", "PAPERTREE_SWEEP_S": "1", "PAPERTREE_PORT": "0"}
        self.environment = {**kept, **quick, "PAPERTREE_DATA": str(data)}

    def start(self, *arguments: object) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*PAPERTREE, *map(str, arguments)],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: object, status: int = 0) -> tuple[str, str]:
        process = self.start(*arguments)
        output, errors = process.communicate(timeout=120)
        assert process.returncode == status, errors
        return output, errors

    def run_json(self, *arguments: object, status: int = 0) -> Any:
        return json.loads(self.run(*arguments, "--json", status=status)[0])


class Serving:
    """`papertree serve`, from its first line to the last."""

    def __init__(self, machine: Machine, *arguments: object) -> None:
        begin = time.monotonic()
        self.process = machine.start("serve", *arguments)
        self.lines: list[str] = []
        for line in self.process.stdout or ():
            self.lines.append(line.rstrip("\n"))
            if line.startswith("Ctrl-C"):
                break
        self.seconds = time.monotonic() - begin

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.communicate(timeout=90)
        return self.process.returncode


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    with tempfile.TemporaryDirectory(prefix="papertree-") as name:
        Path(name).chmod(0o711)
        yield Machine(Path(name) / "data")


@pytest.fixture(scope="module")
def file(machine: Machine) -> Path:
    """A file of a person's own."""
    path = machine.data.with_name("matter.jsonl")
    path.write_bytes(papers_file(60))
    return path


@pytest.fixture(scope="module")
def serving(machine: Machine, file: Path) -> Iterator[Serving]:
    """The first run on an empty data directory, still running."""
    serving = Serving(machine, "--demo", "--corpus", file)
    yield serving
    assert serving.stop() == 0
    assert left_running(machine) == []


def left_running(machine: Machine) -> list[str]:
    words = [" ".join(process.info["cmdline"] or ()) for process in psutil.process_iter(["cmdline"])]
    return [one for one in words if str(machine.data) in one]


def newest_build(machine: Machine) -> dict[str, Any]:
    """Wait until a build is at work."""

    def running() -> dict[str, Any] | None:
        job = machine.run_json("jobs", "--limit", "1")["items"][0]
        return job if (job["kind"], job["state"]) == ("build_hierarchy", "running") else None

    return wait_for(running, "build")


def child_of(serving: Serving, module: str) -> psutil.Process:
    children = psutil.Process(serving.process.pid).children(recursive=True)
    return next(child for child in children if module in child.cmdline())


@pytest.fixture(scope="module")
def long_corpus(machine: Machine, serving: Serving) -> str:
    """A corpus that takes a while to build for the first time."""
    file = machine.data.with_name("long.jsonl")
    file.write_bytes(papers_file(1500))
    machine.run("import", file, "--corpus", "long")
    return "long"


class TestTheFirstRun:
    def test_shows_the_top_of_the_trees_and_the_address(self, serving):
        shown = "\n".join(serving.lines)

        assert "Corpus 'matter', 60 papers:" in serving.lines
        assert "Invented papers, written for papertree: not real research." in shown
        assert len([line for line in serving.lines if re.search(r"[├└]── .+  \d+( \+\d+)?$", line)]) >= 6
        assert re.search(r"^papertree is at http://127\.0\.0\.1:\d+$", shown, re.MULTILINE)

    def test_prints_its_key_nowhere_but_on_a_terminal(self, serving, machine):
        key = (machine.data / "local.key").read_text().strip()

        assert key.startswith("pt_")
        assert key not in "\n".join(serving.lines)
        assert not any(key in log.read_text(errors="replace") for log in (machine.data / "logs").iterdir())
        assert stat.S_IMODE((machine.data / "local.key").stat().st_mode) == 0o600

    def test_refuses_to_serve_a_second_time_on_the_same_data(self, serving, machine):
        document = machine.run_json("serve", status=1)

        assert document["type"] == "already-serving"


class TestCommandsOnARunningServer:
    def test_bring_a_file_with_broken_records_in(self, serving, machine, tmp_path):
        (tmp_path / "refs.ris").write_text(BROKEN_RIS)

        answer = machine.run_json("import", tmp_path / "refs.ris", "--corpus", "ris")

        assert answer["counts"] == {"taken": 2, "merged": 1, "rejected": 1, "total": 4}
        assert [row["source_id"] or row["record"] for row in answer["rejected"]]
        report = machine.run_json("jobs", "report", answer["job"]["id"])
        assert [row["outcome"] for row in report["rows"]] == ["taken", "merged", "rejected", "taken"]

    def test_account_for_every_record_of_a_broken_bibtex_file(self, serving, machine, tmp_path):
        (tmp_path / "refs.bib").write_text(BROKEN_BIBTEX)

        counts = machine.run_json("import", tmp_path / "refs.bib", "--corpus", "bib")["counts"]

        assert counts["taken"] >= 2
        assert counts["taken"] + counts["merged"] + counts["rejected"] == counts["total"]

    def test_refuse_a_file_that_is_no_bibliography(self, serving, machine, tmp_path):
        (tmp_path / "picture.ris").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 50)

        output, errors = machine.run("import", tmp_path / "picture.ris", "--corpus", "picture", status=1)

        assert errors
        assert "Traceback" not in output + errors

    def test_build_show_and_export_the_same_hierarchy(self, serving, machine, tmp_path):
        job = machine.run_json("build", "matter", "--seed", "5")
        hierarchy = machine.run_json("tree", "matter")
        machine.run("export", "matter", "--format", "json", "-o", tmp_path / "matter.json")

        exported = json.loads((tmp_path / "matter.json").read_text())
        assert job["result"]["hierarchy_id"] == hierarchy["id"] == exported["hierarchy"]["id"]
        assert [topic["id"] for topic in hierarchy["topics"]] == [topic["id"] for topic in exported["topics"]]
        assert [topic["parent_id"] for topic in exported["topics"]].count(None) == 1
        filed = [paper for topic in exported["topics"] for paper in topic["papers"]] + exported["unassigned"]
        assert sorted(filed) == sorted(f"p{n}" for n in range(60))

    def test_measure_the_hierarchy_against_a_field_of_the_file(self, serving, machine):
        shown, _ = machine.run("evaluate", "matter", "--labels", "group")
        figures = machine.run_json("evaluate", "matter", "--labels", "group", "--no-stability")
        drawn, _ = machine.run("tree", "matter")

        assert re.search(r"^Stability\t0\.\d{3}\t0\.\d{3}\t$", shown, re.MULTILINE)
        assert re.search(r"^Level 2, 4 categories .*10 too small.*: best-node F1\t", shown, re.MULTILINE)
        assert "Accounted for\t100.0 %" in shown.splitlines()
        assert figures["structure"]["n_papers"] == 60 == figures["categories"]["n_with"]
        assert [level["level"] for level in figures["categories"]["levels"]] == [1, 2]
        assert "Evaluated on" in drawn.splitlines()[-1]
        problem = machine.run_json("evaluate", "matter", "--labels", "groups", status=1)
        assert problem["type"] == "urn:papertree:unknown-label-field"
        assert "group" in problem["fields"]

    def test_find_papers_by_words_by_meaning_and_by_likeness(self, serving, machine):
        by_words = machine.run_json("search", "sample", "the", "-k", "5")["items"]
        by_meaning = machine.run_json("search", "sample", "batteries", "--mode", "meaning", "-k", "5")[
            "items"
        ]
        source_id = by_meaning[0]["paper"]["source_id"]
        near = machine.run_json("neighbours", "sample", source_id, "-k", "5")["items"]

        assert len(by_words) <= 5
        similarities = [[item["similarity"] for item in items] for items in (by_meaning, near)]
        assert similarities == [sorted(one, reverse=True) for one in similarities]
        assert len(near) == 5
        assert source_id not in [item["paper"]["source_id"] for item in near]

    def test_cancel_a_job(self, long_corpus, machine):
        waiting = machine.start("build", long_corpus, "--json")
        job = newest_build(machine)

        machine.run("jobs", "cancel", job["id"])
        output, _ = waiting.communicate(timeout=60)

        assert waiting.returncode == 1
        document = json.loads(output)
        assert (document["type"], document["job_id"]) == ("job-was-cancelled", job["id"])

    def test_go_on_when_the_web_server_is_killed_while_they_wait(self, long_corpus, serving, machine):
        waiting = machine.start("build", long_corpus, "--seed", "3", "--json")
        newest_build(machine)

        child_of(serving, "app.main").send_signal(signal.SIGKILL)
        output, errors = waiting.communicate(timeout=120)

        assert waiting.returncode == 0, errors
        assert json.loads(output)["state"] == "succeeded"

    def test_delete_a_corpus(self, serving, machine):
        machine.run("corpora", "delete", "ris", "--yes")

        names = [corpus["name"] for corpus in machine.run_json("corpora")["items"]]
        assert "ris" not in names
        assert "sample" in names


class TestTheSecondRun:
    def test_is_quick_and_does_nothing_again(self, serving, machine, file):
        before = machine.run_json("jobs")["items"], machine.run_json("tree", "sample")["built_at"]
        assert serving.stop() == 0
        assert left_running(machine) == []

        second = Serving(machine, "--demo", "--corpus", file)
        after = machine.run_json("jobs")["items"], machine.run_json("tree", "sample")["built_at"]

        assert second.stop() == 0
        assert second.seconds < 10
        assert after == before
        assert [line for line in second.lines if line.startswith("Corpus")] == [
            "Corpus 'sample', 267 papers:",
            "Corpus 'matter', 60 papers:",
        ]


class TestCommandsWithoutAServer:
    def test_bring_their_own_and_take_up_a_job_that_ctrl_c_left_behind(self, open_directory, tmp_path):
        machine = Machine(open_directory / "data")
        (tmp_path / "papers.jsonl").write_bytes(papers_file(1500))
        machine.run("import", tmp_path / "papers.jsonl", "--corpus", "mine")
        assert left_running(machine) == []
        building = machine.start("build", "mine")
        while "Embedding" not in building.stderr.readline():
            assert building.poll() is None

        building.send_signal(signal.SIGINT)
        _, errors = building.communicate(timeout=90)

        assert building.returncode == 130
        assert left_running(machine) == []
        job_id = re.search(r"papertree jobs --watch (\S+)", errors)[1]
        assert machine.run_json("jobs", "--watch", job_id)["state"] == "succeeded"
        assert left_running(machine) == []
