"""One connection that listens to PostgreSQL's notifications, for all who want to be woken."""

import logging
import threading
from collections.abc import Callable

import psycopg
from sqlalchemy import Engine

_WAIT_S = 1.0
_RETRY_S = 1.0
_log = logging.getLogger(__name__)


class Listener:
    """A thread that calls back for every notification on a channel; it connects again when cut off.

    Notifications are hints: some may be missed while the connection is down.
    """

    def __init__(self, engine: Engine, channel: str, heard: Callable[[str], None]) -> None:
        self._engine = engine
        self._channel = channel
        self._heard = heard
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"listen {channel}", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """End, within about a second."""
        self._done.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._done.is_set():
            try:
                self._listen()
            except psycopg.Error as error:
                _log.info("not listening for a moment: %s", type(error).__name__)
                self._done.wait(_RETRY_S)

    def _listen(self) -> None:
        url = self._engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(url, autocommit=True, connect_timeout=3) as connection:
            connection.execute(f"LISTEN {self._channel}".encode())
            while not self._done.is_set():
                for notification in connection.notifies(timeout=_WAIT_S):
                    self._heard(notification.payload)
