"""Opens the way to the configured language model, with cache, ledger and audit in PostgreSQL."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from app.db.session import Sessions, transaction
from app.labelling.llm.asking import Asker
from app.labelling.llm.breaker import breaker_of
from app.labelling.llm.calls import Call, CallEnd
from app.labelling.llm.configuration import LlmConfiguration
from app.labelling.llm.costs import Limits
from app.labelling.llm.gateway import Gateway
from app.labelling.llm.turn import Means
from app.services.llm_answers import keep_answer, look_up_answer
from app.services.llm_calls import begin_call, end_call, note_call


def open_asker(
    configuration: LlmConfiguration | None,
    sessions: Sessions,
    *,
    workspace_id: UUID,
    job_id: UUID | None,
    still_wanted: Callable[[], None] = lambda: None,
) -> Asker | None:
    """Open the configured language model for a job; None when there is none.

    Parameters
    ----------
    configuration : LlmConfiguration or None
        ``Settings.llm``.
    sessions : sessionmaker
        Where cache, ledger and audit are; each step has a transaction of its own.
    workspace_id : UUID
        Who asks.
    job_id : UUID or None
        The job it is asked for; its spending counts as that of a build.
    still_wanted : callable
        Called before calls and several times a second during them; what it raises ends the asking.
        Give ``Lease.check``.
    """
    if configuration is None:
        return None
    from app.labelling.llm.server import OpenAiServer  # noqa: PLC0415 - Loads the openai client.

    where = configuration.base_url, configuration.model, configuration.api_key
    means = Means(
        server=OpenAiServer(*where),
        cache=KeptAnswers(sessions, workspace_id),
        book=KeptCalls(sessions, workspace_id, job_id, configuration.limits),
        breaker=breaker_of(configuration.base_url),
        still_wanted=still_wanted,
    )
    return Gateway(configuration, means)


@dataclass(frozen=True, slots=True)
class KeptAnswers:
    """The answers of a workspace, as ``AnswerCache`` says."""

    sessions: Sessions
    workspace_id: UUID

    def look_up(self, key: bytes) -> str | None:
        """Give the text of an answer, if it is there."""
        with self.sessions() as session:
            return look_up_answer(session, key, workspace_id=self.workspace_id)

    def keep(self, key: bytes, model: str, answer: str) -> None:
        """Keep the text of an acceptable answer."""
        with transaction(self.sessions) as session:
            keep_answer(session, key, workspace_id=self.workspace_id, model=model, answer=answer)


@dataclass(frozen=True, slots=True)
class KeptCalls:
    """Ledger and audit of a workspace's job, as ``CallBook`` says."""

    sessions: Sessions
    workspace_id: UUID
    job_id: UUID | None
    limits: Limits

    def begin(self, call: Call) -> UUID:
        """Reserve and record a call, durably."""
        with transaction(self.sessions) as session:
            return begin_call(
                session, call, workspace_id=self.workspace_id, job_id=self.job_id, limits=self.limits
            )

    def end(self, call_id: UUID, end: CallEnd) -> None:
        """Settle a call and record how it ended."""
        with transaction(self.sessions) as session:
            end_call(session, call_id, end, workspace_id=self.workspace_id)

    def note(self, call: Call, end: CallEnd) -> UUID:
        """Record a question for which no call was made."""
        with transaction(self.sessions) as session:
            return note_call(session, call, end, workspace_id=self.workspace_id, job_id=self.job_id)
