"""Valkey keeps its queue when it can, and never keeps the stack from starting."""

import logging
import os
import signal

import pytest
import redis
from kombu import Connection

from app.embedded.data_directory import open_data_directory
from app.embedded.sockets import remove_socket_directory
from app.embedded.valkey import Valkey, ValkeyFailed

from .conftest import eventually


@pytest.fixture
def valkey(quick_directory):
    with open_data_directory(quick_directory / "data") as data:
        valkey = Valkey(data)
        yield valkey
        valkey.stop()


@pytest.fixture
def client(valkey):
    with redis.Redis.from_url(valkey.redis_url.replace("redis+socket://", "unix://")) as client:
        yield client


class TestValkey:
    def test_gives_an_address_that_kombu_takes(self, valkey):
        valkey.start()
        with Connection(valkey.redis_url) as connection:
            queue = connection.SimpleQueue("test")
            queue.put({"job": 1})
            assert queue.get(timeout=5).payload == {"job": 1}
            queue.close()

    @pytest.mark.parametrize("name", ["it's 100% \\ odd? #ü", 'a comma, and "quotes"', "deep" * 40])
    def test_runs_below_an_odd_or_a_long_path(self, quick_directory, name):
        with open_data_directory(quick_directory / name) as data:
            valkey = Valkey(data)
            valkey.start()
            try:
                with Connection(valkey.redis_url) as connection:
                    assert connection.default_channel.client.ping()
                assert valkey._append_only.is_dir()
            finally:
                valkey.stop()
                remove_socket_directory(data)

    def test_listens_on_no_network_and_throws_nothing_away(self, valkey, client):
        valkey.start()
        settings = client.config_get("*")
        assert (settings["port"], settings["appendonly"], settings["appendfsync"]) == ("0", "yes", "everysec")
        assert (settings["maxmemory-policy"], settings["save"]) == ("noeviction", "")

    def test_keeps_its_queue_over_a_stop(self, valkey, client):
        valkey.start()
        client.lpush("queue", "job")
        valkey.stop()
        valkey.start()
        assert client.lrange("queue", 0, -1) == [b"job"]

    def test_keeps_what_was_written_to_disk_when_it_is_killed(self, valkey, client):
        valkey.start()
        client.lpush("queue", "job")
        assert client.execute_command("WAITAOF", 1, 0, 5000)[0] == 1
        os.kill(valkey.child.pid, signal.SIGKILL)
        assert eventually(lambda: not valkey.child.running)
        valkey.start()
        assert client.lrange("queue", 0, -1) == [b"job"]

    def test_starts_with_a_file_that_was_cut_off(self, valkey, client):
        valkey.start()
        client.lpush("queue", "first")
        client.lpush("queue", "second")
        valkey.stop()
        (file,) = valkey._append_only.glob("*.incr.aof")
        os.truncate(file, file.stat().st_size - 3)
        valkey.start()
        assert client.lrange("queue", 0, -1) == [b"first"]

    @pytest.mark.parametrize("pattern", ["*.incr.aof", "*.base.rdb", "*.manifest"])
    def test_starts_empty_when_its_file_is_damaged(self, valkey, client, pattern, caplog):
        valkey.start()
        client.lpush("queue", "job")
        valkey.stop()
        (file,) = valkey._append_only.glob(pattern)
        file.write_bytes(b"\xff nonsense" * 100)
        with caplog.at_level(logging.WARNING):
            valkey.start()
        assert client.exists("queue") == 0
        assert "starts with an empty one" in caplog.text
        assert valkey._append_only.with_name("appendonlydir.damaged").is_dir()

    def test_tells_why_it_cannot_start_and_keeps_its_queue(self, valkey, client):
        valkey.start()
        client.lpush("queue", "job")
        valkey.stop()
        valkey._socket.mkdir()
        with pytest.raises(ValkeyFailed, match="It said"):
            valkey.start()
        valkey._socket.rmdir()
        valkey.start()
        assert client.lrange("queue", 0, -1) == [b"job"]
