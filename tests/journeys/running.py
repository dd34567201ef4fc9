"""A whole papertree in a process of its own, as `papertree serve` starts it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import httpx
import psutil
from sqlalchemy import create_engine, text

from app.embedded.running_server import running_server

Found = TypeVar("Found")
TIME_LIMIT_S = 60.0


def wait_for(look: Callable[[], Found], what: str, limit_s: float = TIME_LIMIT_S) -> Found:
    """Look again and again until there is something to see."""
    until = time.monotonic() + limit_s
    while time.monotonic() < until:
        if found := look():
            return found
        time.sleep(0.1)
    raise AssertionError(f"after {limit_s:g} s there was still no {what}")


class Running:
    """`papertree serve` on a data directory; leases are short, so that tests need not wait long."""

    def __init__(self, data: Path, **environment: str) -> None:
        self.data = data
        short = {"PAPERTREE_LEASE_S": "3", "PAPERTREE_SWEEP_S": "1", "PAPERTREE_PORT": "0"}
        here = {"PAPERTREE_DATA": str(data), "PAPERTREE_FAILPOINTS": str(data / "failpoints")}
        (data / "failpoints").mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "app.cli", "serve", "--no-demo"]
        kept = {
            name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")
        }
        with (data / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, env={**kept, **short, **here, **environment}, stdout=log, stderr=log
            )

    def client(self) -> httpx.Client:
        """Give a client with the local key, once the server answers."""
        server = wait_for(lambda: self.process.poll() is None and running_server(self.data), "server")
        key = (self.data / "local.key").read_text().strip()
        headers = {"Authorization": f"Bearer {key}"}
        transport = httpx.HTTPTransport(retries=3)
        return httpx.Client(
            base_url=f"{server.address}/api/v1", headers=headers, timeout=30, transport=transport
        )

    def arm(self, *failpoints: str) -> None:
        """Have whichever process comes to these places die there, once."""
        for name in failpoints:
            (self.data / "failpoints" / name).touch()

    def fired(self) -> set[str]:
        """Tell which of the armed places have been reached."""
        return {path.stem for path in (self.data / "failpoints").glob("*.fired")}

    def kill(self, name: str) -> None:
        """Kill one part by its name, as power loss would; one that is just being started is waited for."""
        part: psutil.Process = wait_for(lambda: self._find(name), f"running {name}")
        part.send_signal(signal.SIGKILL)

    def _find(self, name: str) -> psutil.Process | None:
        for process in psutil.Process(self.process.pid).children(recursive=True):
            try:
                words = " ".join(process.cmdline())
            except (psutil.NoSuchProcess, psutil.ZombieProcess):
                continue
            wanted = {
                "web": "app.main" in words,
                "worker": "app.workers" in words,
                "postgres": words.startswith("postgres") or "bin/postgres" in words.split(" ")[0],
                "valkey": "valkey-server" in words,
            }[name]
            if wanted:
                return process
        return None

    def stop(self) -> int:
        """Stop it as Ctrl-C does, and give its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=90)

    def query(self, statement: str, **values: object) -> list[Any]:
        """Ask the database itself."""
        url = f"postgresql://papertree@/papertree?host={self._socket_directory()}"
        engine = create_engine(url)
        with engine.connect() as connection:
            rows = [tuple(row) for row in connection.execute(text(statement), values)]
        engine.dispose()
        return rows

    def _socket_directory(self) -> Path:
        return next(path.parent for path in self.data.rglob(".s.PGSQL.5432"))


def patiently(call: Callable[[], httpx.Response], limit_s: float = TIME_LIMIT_S) -> httpx.Response:
    """Make a request again while the server is away or says that it cannot yet."""

    def answer() -> httpx.Response | None:
        try:
            response = call()
        except httpx.TransportError:
            return None
        return None if response.status_code == 503 else response

    return wait_for(answer, "answer", limit_s)


def wait_for_job(client: httpx.Client, job_id: str, limit_s: float = TIME_LIMIT_S) -> dict[str, Any]:
    """Wait until a job is over."""

    def over() -> dict[str, Any] | None:
        job: dict[str, Any] = patiently(lambda: client.get(f"/jobs/{job_id}")).json()
        return job if job["state"] in ("succeeded", "failed", "cancelled") else None

    return wait_for(over, "end of the job", limit_s)


def papers_file(n_papers: int) -> bytes:
    """Make a JSONL file of different papers."""
    lines = [
        {
            "id": f"p{n}",
            "title": f"Measurement {n} of matter {n % 7} under condition {n % 11}",
            "abstract": f"Matter {n % 7} was measured {n} times under condition {n % 11}.",
            "year": 2000 + n % 20,
            "group": [f"half {n % 2}", f"half {n % 2}, matter {n % 7}"],
        }
        for n in range(n_papers)
    ]
    return "".join(json.dumps(line) + "\n" for line in lines).encode()
