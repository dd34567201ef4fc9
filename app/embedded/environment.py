"""The environment of the worker and the web server: ours, with the settings of this stack."""

import os
from collections.abc import Mapping

from app.labelling.llm.configuration import LlmConfiguration
from app.settings import NO_LIMIT, Settings

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
    return environment | _as_variables(settings) | _as_llm_variables(settings.llm)


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


def _as_llm_variables(llm: LlmConfiguration | None) -> dict[str, str]:
    if llm is None:
        return {"PAPERTREE_LLM_BASE_URL": "", "PAPERTREE_LLM_MODEL": ""}
    limits = {
        "PAPERTREE_LLM_TOKENS_PER_BUILD": llm.limits.tokens_per_build,
        "PAPERTREE_LLM_MONEY_PER_BUILD": llm.limits.money_per_build,
        "PAPERTREE_LLM_TOKENS_PER_MONTH": llm.limits.tokens_per_month,
        "PAPERTREE_LLM_MONEY_PER_MONTH": llm.limits.money_per_month,
    }
    return {
        "PAPERTREE_LLM_BASE_URL": llm.base_url,
        "PAPERTREE_LLM_MODEL": llm.model,
        "PAPERTREE_LLM_API_KEY": llm.api_key,
        "PAPERTREE_LLM_PRICE_IN": str(llm.prices.tokens_in),
        "PAPERTREE_LLM_PRICE_OUT": str(llm.prices.tokens_out),
        "PAPERTREE_LLM_CONCURRENCY": str(llm.concurrency),
        "PAPERTREE_LLM_DEADLINE_S": str(llm.deadline_s),
        **{name: NO_LIMIT if limit is None else str(limit) for name, limit in limits.items()},
    }
