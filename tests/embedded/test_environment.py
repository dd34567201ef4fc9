"""The worker and the web server read the same settings as the supervisor."""

from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path

from app.embedded.environment import child_environment
from app.labelling.llm.configuration import LlmConfiguration
from app.labelling.llm.costs import Limits, Prices
from app.settings import Settings

SETTINGS = Settings(
    data_directory=Path("/some/where"),
    database_url="postgresql://papertree@/papertree?host=/some/where/sockets&port=5432",
    redis_url="redis+socket:///some/where/sockets/valkey.sock",
    host="::1",
    port=8123,
    allowed_hosts=("papers.example", "tree.example"),
    encoder="other",
    worker_processes=3,
    lease_s=2.5,
    sweep_s=0.5,
    upload_limit_bytes=12345,
    llm=LlmConfiguration(
        base_url="https://models.example/v1",
        model="small",
        api_key="sk-1",
        prices=Prices(Decimal("0.15"), Decimal("0.6")),
        limits=Limits(1000, Decimal("0.5"), None, Decimal(7)),
        concurrency=2,
        deadline_s=90.0,
        attempt_s=45.0,
        all_deadline_s=1350.0,
    ),
)


def environment_of(settings=SETTINGS, *, n_threads=1, embedded_database=True, base=None):
    base = {"HOME": "/nowhere"} if base is None else base
    return child_environment(settings, n_threads=n_threads, embedded_database=embedded_database, base=base)


class TestChildEnvironment:
    def test_gives_the_same_settings_back(self):
        defaults = Settings(data_directory=Path("/elsewhere"))
        differing = {
            f.name for f in fields(Settings) if getattr(SETTINGS, f.name) != getattr(defaults, f.name)
        }
        from_environment = set(Settings.__dataclass_fields__) - {"body_limit_bytes"}
        assert differing == from_environment
        assert Settings.from_environment(environment_of()) == SETTINGS

    def test_overrules_what_was_set_before(self):
        base = {"DATABASE_URL": "postgresql://old", "PAPERTREE_PORT": "1", "PAPERTREE_ALLOWED_HOSTS": "old"}
        settings = replace(SETTINGS, allowed_hosts=())
        assert Settings.from_environment(environment_of(settings, base=base)) == settings

    def test_switches_a_language_model_off_that_was_set_before(self):
        environment = environment_of(replace(SETTINGS, llm=None), base=environment_of())
        assert Settings.from_environment(environment).llm is None

    def test_passes_everything_else_on(self):
        assert (
            environment_of(base={"HTTPS_PROXY": "http://proxy.example"})["HTTPS_PROXY"]
            == "http://proxy.example"
        )

    def test_limits_threads_unless_the_user_has(self):
        environment = environment_of(n_threads=4, base={"OMP_NUM_THREADS": "7"})
        assert (environment["OMP_NUM_THREADS"], environment["OPENBLAS_NUM_THREADS"]) == ("7", "4")

    def test_keeps_libpq_variables_from_an_embedded_database_only(self):
        base = {"PGHOSTADDR": "192.0.2.1", "PGPASSWORD": "secret"}
        assert "PGHOSTADDR" not in environment_of(base=base)
        assert environment_of(base=base, embedded_database=False)["PGPASSWORD"] == "secret"

    def test_puts_caches_into_the_data_directory_when_home_cannot_be_written(self, tmp_path):
        assert environment_of(base={"HOME": "/nonexistent"})["XDG_CACHE_HOME"] == "/some/where/cache"
        assert environment_of(base={})["XDG_CACHE_HOME"] == "/some/where/cache"
        assert "XDG_CACHE_HOME" not in environment_of(base={"HOME": str(tmp_path)})
