"""The environment of the worker and the web server: ours, with the settings of this stack."""

import os
from collections.abc import Mapping

from app.settings import Settings

THREAD_LIMITS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")


def child_environment(
    settings: Settings, *, n_threads: int, embedded_database: bool, base: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Write settings as environment variables, over those we have ourselves.

    ``Settings.from_environment`` of the result gives the same settings. Each library may start ``n_threads``
    threads unless the user has said how many. A home that cannot be written is no place for caches.
    ``PGHOSTADDR`` and the like, meant for another server, do not reach the embedded database's clients.
    """
    environment = dict(os.environ if base is None else base)
    if embedded_database:
        environment = {name: value for name, value in environment.items() if not name.startswith("PG")}
    for name in THREAD_LIMITS:
        environment.setdefault(name, str(n_threads))
    environment.setdefault("TOKENIZERS_PARALLELISM", "false")
    if not os.access(environment.get("HOME", ""), os.W_OK):
        environment.setdefault("XDG_CACHE_HOME", str(settings.data_directory / "cache"))
    return environment | _as_variables(settings)


def available_cores() -> int:
    """Count the cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _as_variables(settings: Settings) -> dict[str, str]:
    return {
        "DATABASE_URL": settings.database_url or "",
        "REDIS_URL": settings.redis_url or "",
        "PAPERTREE_DATA": str(settings.data_directory),
        "PAPERTREE_HOST": settings.host,
        "PAPERTREE_PORT": str(settings.port),
        "PAPERTREE_ALLOWED_HOSTS": ",".join(settings.allowed_hosts),
        "PAPERTREE_ENCODER": settings.encoder,
        "PAPERTREE_WORKER_PROCESSES": str(settings.worker_processes),
        "PAPERTREE_LEASE_S": str(settings.lease_s),
        "PAPERTREE_SWEEP_S": str(settings.sweep_s),
        "PAPERTREE_UPLOAD_LIMIT_BYTES": str(settings.upload_limit_bytes),
    }
