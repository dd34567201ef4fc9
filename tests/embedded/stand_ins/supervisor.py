"""A supervisor as the command line is one: prints what it started as JSON, then waits to be stopped."""

import json
import sys
from contextlib import suppress
from pathlib import Path

from app.embedded.stack import Programs, Stack
from app.settings import Settings

HERE = Path(__file__).parent
WORKER = (sys.executable, str(HERE / "worker.py"))
WEB = (sys.executable, str(HERE / "web.py"))
PROGRAMS = Programs(worker=WORKER, web=WEB)


def tell(line):
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(data_path, briefly):
    settings = Settings(data_directory=data_path, port=0)
    with Stack(settings, migrate=lambda url: None, programs=PROGRAMS) as stack:
        told = {"pids": stack.pids, "address": stack.address, "database_url": stack.settings.database_url}
        tell(json.dumps(told))
        if not briefly:
            stack.wait()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main(Path(sys.argv[1]), "briefly" in sys.argv)
    tell("stopped")
