import os
import resource
import subprocess
import sys

import pytest

COMMANDS = [
    [],
    ["serve"],
    ["import"],
    ["build"],
    ["tree"],
    ["export"],
    ["evaluate"],
    ["search"],
    ["neighbours"],
    ["corpora"],
    ["corpora", "delete"],
    ["jobs"],
    ["jobs", "cancel"],
    ["jobs", "report"],
]
HEAVY = (
    "httpx",
    "sqlalchemy",
    "alembic",
    "celery",
    "fastapi",
    "numpy",
    "openvino",
    "psycopg",
    "app.embedded",
)


class TestHelp:
    @pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
    def test_tells_what_a_command_does(self, run, command):
        result = run(*command, "--help")

        assert result.exit_code == 0
        assert result.stdout.startswith(f"Usage: papertree {' '.join(command)}".rstrip())
        assert "--help" in result.stdout

    @pytest.mark.parametrize("command", [one for one in COMMANDS if len(one) < 2], ids=" ".join)
    def test_gives_examples(self, run, command):
        assert "Examples:\n" in run(*command, "--help").stdout

    def test_names_every_command(self, run):
        shown = run("--help").stdout

        assert all(f"  {command[0]} " in shown for command in COMMANDS if command)

    def test_breaks_off_no_description(self, run):
        assert "..." not in run("--help").stdout.replace("[ARGS]...", "")

    def test_loads_nothing_heavy(self):
        program = (
            "import sys\n"
            "from app.cli import main\n"
            "try:\n"
            "    main()\n"
            "finally:\n"
            "    print(*sys.modules, sep='\\n', file=sys.stderr)\n"
        )
        told = subprocess.run(
            [sys.executable, "-c", program, "--help"], capture_output=True, text=True, check=True
        )

        loaded = set(told.stderr.split())
        assert "typer" in loaded
        assert not loaded & set(HEAVY)

    def test_takes_little_more_than_loading_what_it_prints_with(self):
        """The processor is shared with whatever else runs, so it is held against itself."""

        def measure(*arguments: str) -> float:
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run([sys.executable, *arguments], capture_output=True, check=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

        alone = "import typer.main, typer.rich_utils, rich.console, rich.table, rich.progress"
        rounds = [(measure("-m", "app.cli", "--help"), measure("-c", alone)) for _ in range(4)]
        assert min(ours for ours, _ in rounds) < 1.25 * min(theirs for _, theirs in rounds)


class TestUsage:
    def test_is_shown_when_nothing_is_asked_for(self, run):
        assert "Usage: papertree" in run().output

    def test_fails_with_status_2_for_an_unknown_command(self, run):
        assert run("grow").exit_code == 2

    def test_ends_quietly_when_nobody_reads_on(self, server):
        for number in range(500):
            server.add_corpus(f"a corpus of a rather long name, the {number}th of its kind, to fill a pipe")
        environment = {
            **os.environ,
            "PAPERTREE_URL": server.address,
            "PAPERTREE_KEY": "pt_key-of-the-stand-in",
        }
        reader, writer = os.pipe()
        process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "corpora", "--json"],
            stdout=writer,
            stderr=subprocess.PIPE,
            env=environment,
        )
        os.close(writer)
        os.read(reader, 10)
        os.close(reader)

        _, errors = process.communicate(timeout=30)

        assert b"Traceback" not in errors
