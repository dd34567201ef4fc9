"""The HTTP client of the command line, which a restarting server does not put off."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import httpx

from app.cli.terminal import Document, ServerProblem
from app.errors import UnavailableError

FIRST_PATIENCE_S = 15.0
PATIENCE_S = 60.0
_PAUSE_S = 0.25
_TIME_LIMITS = httpx.Timeout(30, read=120, write=120)


class ServerUnreachable(UnavailableError):
    """No server answered for as long as this waits."""

    slug = "server-unreachable"
    title = "The server does not answer"


@dataclass(frozen=True, slots=True)
class Server:
    """Where a server is, the key to it, and whether this command started it for itself."""

    address: str
    key: str
    is_own: bool = False


class Client:
    """Requests to the API; each is repeated while the server is away.

    Repeating is safe: a corpus of a taken name is a conflict, a build asked for twice is one job, a file
    imported twice is merged with itself, and a correction is known by the key that is sent with it.

    Parameters
    ----------
    find_server : callable
        Gives the server; asked again after each failed connection, because it may have moved.
    note : callable
        Tells a person that this is waiting.
    """

    def __init__(self, find_server: Callable[[], Server], note: Callable[[str], None]) -> None:
        self._find_server = find_server
        self._note = note
        self._reached = False
        self.server = find_server()
        self._http = _open(self.server)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def get(self, path: str, **parameters: str | int | None) -> Document:
        """Read a resource; parameters that are None are left out."""
        return _document(self._send("GET", path, params=_given(parameters)))

    def items(
        self, path: str, *, most: int | None = None, **parameters: str | int | None
    ) -> Iterator[Document]:
        """Read a list page by page, at most so many items."""
        left = most
        while left is None or left > 0:
            limit = 200 if left is None else min(200, left)
            page = self.get(path, limit=limit, **parameters)
            yield from page["items"]
            left = None if left is None else left - len(page["items"])
            if not page.get("next_cursor"):
                return
            parameters["cursor"] = page["next_cursor"]

    def post(self, path: str, body: Document, *, headers: dict[str, str] | None = None) -> Document:
        """Send a JSON body."""
        return _document(self._send("POST", path, json=body, headers=headers))

    def upload(self, path: str, file: Path, fields: dict[str, str]) -> Document:
        """Send a file as the field ``file`` of a form; it is streamed from disk."""
        with file.open("rb") as content:
            files = {"file": (file.name, content, "application/octet-stream")}
            return _document(self._send("POST", path, again=content, files=files, data=fields))

    def delete(self, path: str) -> Document:
        """Delete a resource."""
        return _document(self._send("DELETE", path))

    def download(self, path: str, destination: IO[bytes], **parameters: str | int | None) -> None:
        """Write what a resource is represented by into a file that can be rewound."""

        def receive() -> httpx.Response:
            destination.seek(0)
            destination.truncate()
            address = self.server.address + "/api/v1" + path
            with self._http.stream("GET", address, params=_given(parameters)) as answer:
                if answer.is_error:
                    answer.read()
                for chunk in answer.iter_bytes() if answer.is_success else ():
                    destination.write(chunk)
            return answer

        _document(self._persist(receive), parse=False)

    def _send(
        self,
        method: str,
        path: str,
        *,
        again: IO[bytes] | None = None,
        **arguments: Any,  # noqa: ANN401 - httpx's own.
    ) -> httpx.Response:
        def send() -> httpx.Response:
            if again is not None:
                again.seek(0)
            return self._http.request(method, self.server.address + "/api/v1" + path, **arguments)

        return self._persist(send)

    def _persist(self, send: Callable[[], httpx.Response]) -> httpx.Response:
        """Send until there is an answer that is not 503, for as long as patience lasts."""
        patience_s = PATIENCE_S if self._reached else FIRST_PATIENCE_S
        give_up = time.monotonic() + patience_s
        is_told = False
        while True:
            answer, failure = self._try(send)
            if answer is not None and (answer.status_code != 503 or time.monotonic() > give_up):
                return answer
            if time.monotonic() > give_up:
                detail = f"Nothing answered at {self.server.address} for {patience_s:.0f} s ({failure})."
                raise ServerUnreachable(detail)
            if not is_told and time.monotonic() > give_up - patience_s + 1:
                self._note(f"Waiting for the server at {self.server.address}.")
                is_told = True
            time.sleep(_PAUSE_S)
            if answer is None:
                self._find_again()

    def _try(self, send: Callable[[], httpx.Response]) -> tuple[httpx.Response | None, str]:
        try:
            answer = send()
        except httpx.TransportError as error:
            return None, str(error) or type(error).__name__
        self._reached = True
        return answer, ""

    def _find_again(self) -> None:
        server = self._find_server()
        if server != self.server:
            self._http.close()
            self.server, self._http = server, _open(server)


def _open(server: Server) -> httpx.Client:
    is_local = httpx.URL(server.address).host in ("127.0.0.1", "localhost", "::1")
    return httpx.Client(
        headers={"Authorization": f"Bearer {server.key}"},
        timeout=_TIME_LIMITS,
        trust_env=not is_local,  # A proxy must not come between this machine and itself.
        verify=server.address.startswith("https"),
    )


def _given(parameters: dict[str, str | int | None]) -> dict[str, str | int]:
    return {name: value for name, value in parameters.items() if value is not None}


def _document(answer: httpx.Response, *, parse: bool = True) -> Document:
    if answer.is_success:
        return answer.json() if parse and answer.content else {}
    try:
        document = answer.json()
    except ValueError:
        document = None
    if not isinstance(document, dict) or "title" not in document:
        detail = "The answer is not one papertree gives; is something else listening there?"
        title = f"The server answered {answer.status_code} {answer.reason_phrase}".rstrip()
        document = {"type": "about:blank", "title": title, "status": answer.status_code, "detail": detail}
    raise ServerProblem(document)
