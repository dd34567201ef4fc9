"""Keeps other sites out: which names the server answers to, which origins may write, what browsers may do."""

import re
from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.problems import Refusal

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
# Pictures that are drawn, and workers that draw them, come as data: and blob: addresses; scripts never do.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; img-src 'self' data: blob:; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

_EVERY_ADDRESS = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - Compared with, never bound to.
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"(?:\[(?P<ipv6>[0-9a-f:.]+)\]|(?P<name>[a-z0-9._-]+))(?::(?P<port>\d{1,5}))?", re.ASCII)
_HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)


class UnknownHost(Refusal):
    """A Host that is none of ours: a misdirected request, or a name rebound to this address."""

    slug = "unknown-host"
    title = "The server does not answer to this host name"
    status = 421


class ForeignOrigin(Refusal):
    """A page of another origin that tries to change something."""

    slug = "foreign-origin"
    title = "Pages of other origins may not change anything"
    status = 403


def host_names(bound: str, allowed: Iterable[str] = ()) -> frozenset[str]:
    """Give the names a server answers to: loopback, where it is bound, and those it was told.

    Parameters
    ----------
    bound : str
        The address the server listens on; adds nothing when it is every address.
    allowed : iterable of str
        Further names or addresses, without ports.
    """
    told = {name.strip().strip("[]").lower() for name in (bound, *allowed)}
    return LOOPBACK | (told - _EVERY_ADDRESS)


class HostCheck:
    """ASGI middleware that answers only to known host names, and lets only its own pages write.

    The first stops DNS rebinding, the second requests forged from other sites. A program sends no
    ``Origin`` and is let through. Ports are not compared in ``Host``: they play no part in rebinding.

    Parameters
    ----------
    app : ASGIApp
        What stands behind.
    names : frozenset of str
        Host names, as `host_names` gives them.
    """

    def __init__(self, app: ASGIApp, names: frozenset[str]) -> None:
        self.app = app
        self.names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check ``Host`` and ``Origin``, then let the request through."""
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            host = _parse_host(headers.getlist("host"))
            if host is None or host[0] not in self.names:
                raise UnknownHost("Use a name the server knows; PAPERTREE_ALLOWED_HOSTS adds names.")
            origins = headers.getlist("origin")
            if origins and scope["method"] not in _SAFE_METHODS and not _is_own(origins, host):
                raise ForeignOrigin("Send the request from a page of this server, or from a program.")
        await self.app(scope, receive, send)


class SecurityHeaders:
    """ASGI middleware that has browsers treat every answer with care; a header set by a route stays."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the application, and add the headers to its answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS:
                    headers.setdefault(name, value)
                if scope["path"].startswith("/api"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _parse_host(values: list[str]) -> tuple[str, int | None] | None:
    found = _HOST.fullmatch(values[0].lower()) if len(values) == 1 else None
    if found is None:
        return None
    return found["ipv6"] or found["name"], int(found["port"]) if found["port"] else None


def _is_own(origins: list[str], host: tuple[str, int | None]) -> bool:
    """Tell whether an origin is where the request went; ``null`` never is."""
    scheme, _, rest = origins[0].partition("://")
    origin = _parse_host([rest])
    default = _DEFAULT_PORTS.get(scheme)
    if len(origins) != 1 or origin is None or default is None:
        return False
    # The scheme the server sees is no help: a proxy may have ended TLS before it.
    return origin[0] == host[0] and (origin[1] or default) == (host[1] or default)
