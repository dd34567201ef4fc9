"""Every environment variable, in one frozen class."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How this process is configured.

    ``database_url`` and ``redis_url`` set: those servers are used and none is started.
    Times are in seconds, sizes in bytes.
    """

    data_directory: Path
    database_url: str | None = None
    redis_url: str | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    allowed_hosts: tuple[str, ...] = ()
    encoder: str = "minilm"
    worker_processes: int = 2
    lease_s: float = 15.0
    sweep_s: float = 5.0
    upload_limit_bytes: int = 512 * 1024 * 1024
    body_limit_bytes: int = 8 * 1024 * 1024

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read the settings from environment variables.

        Raises
        ------
        ValueError
            If a number is not one.
        """
        env = os.environ if environ is None else environ
        hosts = tuple(h.strip() for h in env.get("PAPERTREE_ALLOWED_HOSTS", "").split(",") if h.strip())
        return cls(
            data_directory=Path(env.get("PAPERTREE_DATA") or default_data_directory()).absolute(),
            database_url=env.get("DATABASE_URL") or None,
            redis_url=env.get("REDIS_URL") or None,
            host=env.get("PAPERTREE_HOST", "127.0.0.1"),
            port=int(env.get("PAPERTREE_PORT", "8000")),
            allowed_hosts=hosts,
            encoder=env.get("PAPERTREE_ENCODER", "minilm"),
            worker_processes=int(env.get("PAPERTREE_WORKER_PROCESSES", "2")),
            lease_s=float(env.get("PAPERTREE_LEASE_S", "15")),
            sweep_s=float(env.get("PAPERTREE_SWEEP_S", "5")),
            upload_limit_bytes=int(env.get("PAPERTREE_UPLOAD_LIMIT_BYTES", str(512 * 1024 * 1024))),
        )


def default_data_directory() -> Path:
    """Where data is kept when ``PAPERTREE_DATA`` is not set.

    The platform's user data directory; for root ``/var/lib/papertree``, because root's home is closed
    to the unprivileged user that PostgreSQL must run as.
    """
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return Path("/var/lib/papertree")
    return Path(platformdirs.user_data_dir("papertree", appauthor=False))
