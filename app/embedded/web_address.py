"""The web server's address: free before the start, answering after it."""

import errno
import http.client
import socket
import time

from app.embedded.process import Child, Pause
from app.errors import ConflictError, InvalidError, UnavailableError

FREE_PATIENCE_S = 2.0  # The web server of a killed supervisor takes a moment to go.
HEALTHY_LIMIT_S = 120.0
ANSWER_LIMIT_S = 5.0
STEP_S = 0.05


class AddressInUse(ConflictError):
    """Another program listens on the web server's port."""

    slug = "address-in-use"
    title = "The web server's port is in use"


class AddressUnusable(InvalidError):
    """The web server cannot listen where it is told to."""

    slug = "address-unusable"
    title = "The web server cannot listen on this address"


class WebServerFailed(UnavailableError):
    """The web server ended, or did not become healthy, while it was started."""

    slug = "web-server-failed"
    title = "The web server did not start"


def free_port(host: str, port: int, pause: Pause = time.sleep) -> int:
    """Make sure that a port can be listened on; 0 chooses one.

    Raises
    ------
    AddressInUse
        If another program listens there.
    AddressUnusable
        If the host is not one of this machine's, or the port is reserved.
    """
    deadline = time.monotonic() + FREE_PATIENCE_S
    while True:
        try:
            return _try_port(host, port)
        except (OSError, OverflowError, UnicodeError) as problem:
            if getattr(problem, "errno", None) != errno.EADDRINUSE:
                raise AddressUnusable(
                    f"The web server cannot listen on {host}, port {port} ({problem}). "
                    "Set PAPERTREE_HOST and PAPERTREE_PORT to an address of this machine."
                ) from problem
            if time.monotonic() > deadline:
                raise AddressInUse(
                    f"Another program already listens on {host}, port {port}. "
                    "Stop it, or set PAPERTREE_PORT to another port."
                ) from problem
        pause(STEP_S)


def reachable_host(host: str) -> str:
    """Give the host to connect to for a host to listen on."""
    return {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  Not listening.


def address_of(host: str, port: int) -> str:
    """Write the address a client on this machine uses."""
    reached = reachable_host(host)
    return f"http://[{reached}]:{port}" if ":" in reached else f"http://{reached}:{port}"


def wait_until_healthy(child: Child, host: str, port: int, pause: Pause = time.sleep) -> None:
    """Wait until ``GET /healthz`` is answered with 200.

    Raises
    ------
    WebServerFailed
        If the child ends before that, or two minutes pass.
    """
    deadline = time.monotonic() + HEALTHY_LIMIT_S
    while not _is_healthy(host, port):
        if not child.running:
            raise WebServerFailed(f"The web server ended during its start. It said: {child.said()}")
        if time.monotonic() > deadline:
            raise WebServerFailed(f"The web server does not answer. It said: {child.said()}")
        pause(STEP_S)


def _try_port(host: str, port: int) -> int:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(1)
        return int(listener.getsockname()[1])


def _is_healthy(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(reachable_host(host), port, timeout=ANSWER_LIMIT_S)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
