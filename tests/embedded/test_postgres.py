"""PostgreSQL keeps what it acknowledged, whatever is killed and whatever lies around."""

import os
import signal
import subprocess
import sys

import psycopg
import pytest
import sqlalchemy

from app.embedded.data_directory import open_data_directory
from app.embedded.postgres import ClusterOfOtherVersion, Postgres, PostgresFailed
from app.embedded.sockets import remove_socket_directory

from .conftest import eventually, is_alive


@pytest.fixture
def data(data_path):
    with open_data_directory(data_path) as data:
        yield data


@pytest.fixture
def postgres(data):
    postgres = Postgres(data)
    yield postgres
    postgres.stop()


@pytest.fixture
def fresh(quick_directory):
    """On an empty data directory."""
    with open_data_directory(quick_directory / "data") as data:
        postgres = Postgres(data)
        yield postgres
        postgres.stop()


def fetch(postgres, query):
    with psycopg.connect(postgres.database_url) as connection:
        return connection.execute(query).fetchall()


class TestPostgres:
    def test_makes_a_cluster_with_checksums_that_sorts_alike_everywhere(self, fresh, monkeypatch):
        monkeypatch.setenv("LC_ALL", "tr_TR.UTF-8")
        monkeypatch.setenv("PGDATA", "/elsewhere")
        fresh.start()
        query = "SELECT current_setting('data_checksums'), datlocprovider::text, datlocale FROM pg_database"
        assert set(fetch(fresh, query)) == {("on", "b", "C.UTF-8")}
        assert fetch(fresh, "SELECT lower('ÀI'), 'é' < 'f', current_user, current_database()") == [
            ("ài", False, "papertree", "papertree")
        ]

    def test_is_safe_and_listens_on_no_network(self, postgres):
        postgres.start()
        names = "('fsync', 'full_page_writes', 'synchronous_commit', 'listen_addresses', 'jit', 'TimeZone')"
        assert dict(fetch(postgres, f"SELECT name, setting FROM pg_settings WHERE name IN {names}")) == {
            "fsync": "on",
            "full_page_writes": "on",
            "synchronous_commit": "on",
            "listen_addresses": "",
            "jit": "off",
            "TimeZone": "UTC",
        }

    def test_has_vectors(self, postgres):
        postgres.start()
        with psycopg.connect(postgres.database_url) as connection:
            connection.execute("CREATE EXTENSION vector")
            assert connection.execute("SELECT '[1,0]'::vector <=> '[0,1]'::vector").fetchone() == (1.0,)

    def test_gives_an_address_that_sqlalchemy_and_libpq_take(self, postgres, monkeypatch):
        monkeypatch.setenv("PGPORT", "9999")
        monkeypatch.setenv("PGDATABASE", "elsewhere")
        monkeypatch.setenv("PGUSER", "somebody")
        postgres.start()
        engine = sqlalchemy.create_engine(postgres.database_url)
        with engine.connect() as connection:
            assert connection.execute(sqlalchemy.text("SELECT current_user")).scalar() == "papertree"
        engine.dispose()
        assert fetch(postgres, "SELECT current_database()") == [("papertree",)]

    def test_keeps_every_acknowledged_row_when_it_is_killed(self, postgres):
        postgres.start()
        with psycopg.connect(postgres.database_url, autocommit=True) as connection:
            connection.execute("CREATE TABLE kept (i integer)")
            for i in range(200):
                connection.execute("INSERT INTO kept VALUES (%s)", (i,))
            os.kill(postgres.child.pid, signal.SIGKILL)
        assert eventually(lambda: not postgres.child.running)
        postgres.start()
        assert fetch(postgres, "SELECT count(*), sum(i) FROM kept") == [(200, 19900)]

    def test_starts_over_a_stale_pid_file_and_signals_nobody(self, postgres):
        stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        pid_file = postgres._cluster / "postmaster.pid"
        pid_file.write_text(f"{stranger.pid}\n{postgres._cluster}\n1700000000\n5432\n\n\n\nready\n")
        socket_lock = postgres._sockets / ".s.PGSQL.5432.lock"
        socket_lock.write_text(f"{stranger.pid}\n")
        postgres.start()
        assert fetch(postgres, "SELECT 1") == [(1,)]
        postgres.stop()
        assert stranger.poll() is None
        stranger.kill()
        stranger.wait()

    def test_leaves_no_process_and_no_pid_file_when_it_stops(self, postgres):
        postgres.start()
        (backend,) = fetch(postgres, "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'")
        postgres.stop()
        assert postgres.child.exit_status == 0
        assert not is_alive(*backend)
        assert not (postgres._cluster / "postmaster.pid").exists()

    def test_makes_the_cluster_again_when_making_it_was_cut_off(self, fresh):
        class CutOff(Exception):
            pass

        def cut_off(seconds):
            if list(fresh._home.glob("new-*/base/*")):
                raise CutOff

        with pytest.raises(CutOff):
            fresh.start(cut_off)
        assert not fresh._cluster.exists()
        fresh.start()
        assert fetch(fresh, "SELECT 1") == [(1,)]
        assert not list(fresh._home.glob("new-*"))

    def test_refuses_a_cluster_of_another_version(self, postgres):
        version = postgres._cluster / "PG_VERSION"
        version.write_text("16\n")
        with pytest.raises(ClusterOfOtherVersion, match=r"PostgreSQL 16.*has 18"):
            postgres.start()

    def test_tells_what_is_wrong_with_a_damaged_cluster(self, postgres):
        (postgres._cluster / "global" / "pg_control").write_bytes(b"")
        with pytest.raises(PostgresFailed, match="pg_control"):
            postgres.start()

    def test_tells_when_there_is_no_version(self, postgres):
        (postgres._cluster / "PG_VERSION").unlink()
        with pytest.raises(PostgresFailed, match="no readable PostgreSQL data"):
            postgres.start()

    @pytest.mark.parametrize("name", ["it's 100% \\ odd? #ü", 'a comma, and "quotes"', "deep" * 40])
    def test_runs_below_an_odd_or_a_long_path(self, seed, quick_directory, name):
        subprocess.run(["cp", "-a", seed, quick_directory / name], check=True)
        with open_data_directory(quick_directory / name) as data:
            postgres = Postgres(data)
            postgres.start()
            try:
                assert fetch(postgres, "SELECT 1") == [(1,)]
            finally:
                postgres.stop()
                remove_socket_directory(data)
