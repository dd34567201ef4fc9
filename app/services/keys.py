"""Keys to workspaces: a secret is shown once, and only its SHA-256 is kept."""

import os
from hashlib import sha256
from pathlib import Path
from secrets import token_urlsafe
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.tables import ApiKeyRow, WorkspaceRow

KEY_PREFIX = "pt_"


def new_secret() -> str:
    """Make a key of 256 random bits."""
    return KEY_PREFIX + token_urlsafe(32)


def digest(secret: str) -> bytes:
    """Give what is stored of a key; enough at full entropy, where a password would need a slow hash."""
    return sha256(secret.encode()).digest()


def find_key(session: Session, secret_sha256: bytes) -> ApiKeyRow | None:
    """Find a key that has not been revoked."""
    return session.scalar(
        select(ApiKeyRow).where(ApiKeyRow.secret_sha256 == secret_sha256, ApiKeyRow.revoked_at.is_(None))
    )


def add_workspace(session: Session, *, name: str) -> UUID:
    """Make a workspace."""
    row = WorkspaceRow(name=name)
    session.add(row)
    session.flush()
    return row.id


def add_key(session: Session, *, workspace_id: UUID, name: str, read_only: bool = False) -> str:
    """Make a key to a workspace and give its secret, which nothing can give again."""
    secret = new_secret()
    row = ApiKeyRow(workspace_id=workspace_id, name=name, secret_sha256=digest(secret), read_only=read_only)
    session.add(row)
    session.flush()
    return secret


def ensure_local_key(session: Session, key_file: Path) -> None:
    """Have a key to the local workspace in a file that only its owner can read.

    A file whose key the database does not know (a restored or emptied database) is replaced.
    """
    if key_file.exists() and find_key(session, digest(key_file.read_text().strip())) is not None:
        return
    workspace_id = session.scalar(select(WorkspaceRow.id).where(WorkspaceRow.name == "local"))
    if workspace_id is None:
        workspace_id = add_workspace(session, name="local")
    secret = add_key(session, workspace_id=workspace_id, name="this machine")
    new = key_file.with_suffix(".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secret + "\n")
        file.flush()
        os.fsync(file.fileno())
    new.replace(key_file)
