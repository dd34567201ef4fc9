"""Answers of language models in PostgreSQL, so that no question of a workspace is paid for twice."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.db.llm_tables import LlmAnswerRow


def look_up_answer(session: Session, key: bytes, *, workspace_id: UUID) -> str | None:
    """Give the text of an answer, if this workspace has it."""
    query = select(LlmAnswerRow.answer).where(LlmAnswerRow.workspace_id == workspace_id)
    return session.scalar(query.where(LlmAnswerRow.key == key))


def keep_answer(session: Session, key: bytes, *, workspace_id: UUID, model: str, answer: str) -> None:
    """Keep the text of an acceptable answer, in place of an older one."""
    values = {"workspace_id": workspace_id, "key": key, "model": model, "answer": storable(answer)}
    added = insert(LlmAnswerRow).values(values)
    session.execute(
        added.on_conflict_do_update(
            index_elements=["workspace_id", "key"], set_={"answer": added.excluded.answer}
        )
    )


def storable(text: str) -> str:
    """Replace what PostgreSQL stores in no text: NUL, and halves of surrogate pairs."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()
