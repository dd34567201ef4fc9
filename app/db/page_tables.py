"""What the web pages need besides the data they show; kept apart only because `tables` is long."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, func
from sqlalchemy.orm import Mapped, mapped_column

from app.db.ids import new_id
from app.db.tables import Base


class PageSessionRow(Base):
    """A browser that was let in by a key, until it expires or the key is revoked.

    Only the SHA-256 of its token is kept. Its workspace is that of the key.
    """

    __tablename__ = "page_session"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    key_id: Mapped[UUID] = mapped_column(ForeignKey("api_key.id", ondelete="CASCADE"), index=True)
    token_sha256: Mapped[bytes] = mapped_column(unique=True)
    expires_at: Mapped[datetime]
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
