"""Every environment variable, in one frozen class."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from urllib.parse import urlsplit

import platformdirs

from app.labelling.llm.configuration import LlmConfiguration
from app.labelling.llm.costs import Limits, Prices

NO_LIMIT = "none"


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
    llm: LlmConfiguration | None = None

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read the settings from environment variables.

        Raises
        ------
        ValueError
            If a number is not one, or a language model's address is none.
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
            llm=_read_llm({name: value.strip() for name, value in env.items() if value.strip()}),
        )


def default_data_directory() -> Path:
    """Where data is kept when ``PAPERTREE_DATA`` is not set.

    The platform's user data directory; for root ``/var/lib/papertree``, because root's home is closed
    to the unprivileged user that PostgreSQL must run as.
    """
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return Path("/var/lib/papertree")
    return Path(platformdirs.user_data_dir("papertree", appauthor=False))


def _read_llm(env: Mapping[str, str]) -> LlmConfiguration | None:
    """Read how a language model is asked; none is, unless both its address and its name are given."""
    base_url, model = env.get("PAPERTREE_LLM_BASE_URL"), env.get("PAPERTREE_LLM_MODEL")
    if base_url is None and model is None:
        return None
    if base_url is None or model is None:
        raise ValueError("PAPERTREE_LLM_BASE_URL and PAPERTREE_LLM_MODEL belong together: set both or none.")
    deadline_s = float(env.get("PAPERTREE_LLM_DEADLINE_S", "120"))
    concurrency = int(env.get("PAPERTREE_LLM_CONCURRENCY", "4"))
    if not 0 < deadline_s <= 3600 or not 1 <= concurrency <= 64:
        raise ValueError("PAPERTREE_LLM_DEADLINE_S is at most 3600 and PAPERTREE_LLM_CONCURRENCY 1 to 64.")
    api_key = env.get("PAPERTREE_LLM_API_KEY", "")
    if not (api_key.isascii() and api_key.isprintable()):
        raise ValueError("PAPERTREE_LLM_API_KEY holds characters that no key has.")
    return LlmConfiguration(
        base_url=_web_address("PAPERTREE_LLM_BASE_URL", base_url),
        model=model,
        api_key=api_key,
        prices=Prices(
            tokens_in=_money(env, "PAPERTREE_LLM_PRICE_IN", "0") or Decimal(0),
            tokens_out=_money(env, "PAPERTREE_LLM_PRICE_OUT", "0") or Decimal(0),
        ),
        limits=Limits(
            tokens_per_build=_count(env, "PAPERTREE_LLM_TOKENS_PER_BUILD", "2000000"),
            money_per_build=_money(env, "PAPERTREE_LLM_MONEY_PER_BUILD", "5"),
            tokens_per_month=_count(env, "PAPERTREE_LLM_TOKENS_PER_MONTH", "20000000"),
            money_per_month=_money(env, "PAPERTREE_LLM_MONEY_PER_MONTH", "50"),
        ),
        concurrency=concurrency,
        deadline_s=deadline_s,
        attempt_s=deadline_s / 2,
        all_deadline_s=deadline_s * 15,
    )


def _web_address(name: str, value: str) -> str:
    parts = urlsplit(value)
    _ = parts.port  # Looks at the port, and raises when it is none.
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(f"{name} is no address of the form https://host/v1.")
    if parts.username is not None or parts.password is not None:
        raise ValueError(f"{name} must carry no password: the key goes into PAPERTREE_LLM_API_KEY.")
    return value


def _count(env: Mapping[str, str], name: str, default: str) -> int | None:
    value = env.get(name, default)
    return None if value == NO_LIMIT else int(value)


def _money(env: Mapping[str, str], name: str, default: str) -> Decimal | None:
    value = env.get(name, default)
    if value == NO_LIMIT:
        return None
    try:
        money = Decimal(value)
    except InvalidOperation:
        raise ValueError(f"{name} is no amount of money: {value!r}.") from None
    if not money.is_finite() or money < 0:
        raise ValueError(f"{name} is no amount of money: {value!r}.")
    return money
