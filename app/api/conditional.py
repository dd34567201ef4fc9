"""Conditional requests: what was seen is not sent again, and a write names what it saw and is known again."""

import json
import re
from hashlib import sha256
from typing import Annotated

from fastapi import Header

from app.api.authentication import Identity
from app.api.problems import Refusal
from app.services.correction_log import Actor, Request
from app.services.corrections import Asked, StaleVersion

_ETAG = re.compile(r'\s*(?:W/)?"(\d{1,18})(?:-[^"]*)?"\s*')
_KEY = re.compile(r"[\x21-\x7e]{1,200}")
# A browser may keep the answer, and asks each time whether it is still so.
REVALIDATED = {"Cache-Control": "private, no-cache", "Vary": "Authorization, Cookie"}

IfMatchHeader = Annotated[
    str | None,
    Header(
        alias="If-Match",
        max_length=200,
        description='The ETag of the hierarchy that was seen, or `"version"`.',
    ),
]
KeyHeader = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key", max_length=200, description="New for each request, the same when repeated."
    ),
]


class VersionNotNamed(Refusal):
    """A write that does not say which version it is based on."""

    slug = "version-not-named"
    title = "The request must name the version it is based on"
    status = 428


class BadVersion(Refusal):
    """A write that names its version in a way that is not read."""

    slug = "bad-if-match"
    title = "If-Match cannot be read"
    status = 400


class VersionOutdated(Refusal):
    """A write based on a version of things that have changed since."""

    slug = "version-stale"
    title = "The hierarchy has changed since"
    status = 412


class KeyMissing(Refusal):
    """A write that could not be told from its own repetition."""

    slug = "idempotency-key-missing"
    title = "The request needs an Idempotency-Key"
    status = 400


def read_asked(identity: Identity, if_match: str | None, key: str | None, kind: str, body: object) -> Asked:
    """Read who asks, on the strength of which version, and how the request is known again.

    Parameters
    ----------
    identity : Identity
        Whose key it is.
    if_match, key : str or None
        The headers ``If-Match`` and ``Idempotency-Key``.
    kind : str
        What is asked for; the same content asked of another address is another request.
    body : object
        The content, as JSON values.

    Raises
    ------
    VersionNotNamed, BadVersion, KeyMissing
        If a header is not there, or not as it must be.
    """
    if key is None or not _KEY.fullmatch(key):
        raise KeyMissing("Send the header `Idempotency-Key` with up to 200 visible ASCII characters.")
    if if_match is None or if_match.strip() == "*":
        raise VersionNotNamed("Send the header `If-Match` with the ETag of the hierarchy as you saw it.")
    version = _ETAG.fullmatch(if_match)
    if version is None:
        raise BadVersion("Give `If-Match` one ETag of the hierarchy, in double quotes.")
    digest = sha256(json.dumps([kind, body], sort_keys=True, default=str).encode()).digest()
    return Asked(Actor(identity.key_id, identity.name), int(version[1]), Request(key, digest))


def is_seen(if_none_match: str | None, etag: str) -> bool:
    """Tell whether ``If-None-Match`` names an ETag, weak or in a list or not."""
    given = [one.strip().removeprefix("W/") for one in (if_none_match or "").split(",")]
    return etag in given or "*" in given


def outdated(stale: StaleVersion) -> VersionOutdated:
    """Answer a stale version the way HTTP has for it."""
    version = stale.members.get("version")
    return VersionOutdated(stale.detail, headers={"ETag": f'"{version}"'}, **stale.members)
