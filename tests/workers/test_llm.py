"""The gateway on a real PostgreSQL, against the server on loopback."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from uuid import UUID

import pytest

from app.db.llm_tables import LlmCallRow
from app.db.session import Sessions, transaction
from app.labelling.llm import breaker
from app.labelling.llm.asking import Asker, LlmBudgetSpent, LlmFailed, LlmTimedOut, Reply
from app.labelling.llm.configuration import LlmConfiguration
from app.labelling.llm.costs import Amount, Limits, Prices
from app.services.corpora import delete_corpus
from app.services.jobs import add_job
from app.services.llm_calls import list_calls
from app.services.llm_spending import spent_by_job, spent_this_month
from app.workers.llm import open_asker
from tests.conftest import Servers
from tests.factories import make_corpus
from tests.fake_llm import FakeLlm
from tests.unit.labelling.llm.asking import KEY, make_question

# Asks one question until it is killed: database, server, workspace and job are its arguments.
ASK_FOR_EVER = """
import sys
from uuid import UUID
from app.db.session import open_engine, open_sessions
from app.labelling.llm.configuration import LlmConfiguration
from app.workers.llm import open_asker
from tests.unit.labelling.llm.asking import make_question
database, server, workspace, job = sys.argv[1:]
configuration = LlmConfiguration(base_url=server, model="fake")
sessions = open_sessions(open_engine(database))
open_asker(configuration, sessions, workspace_id=UUID(workspace), job_id=UUID(job)).ask(make_question())
"""


@pytest.fixture
def server() -> Iterator[FakeLlm]:
    with FakeLlm() as server:
        yield server


@pytest.fixture
def corpus_id(sessions: Sessions, workspace_id: UUID) -> UUID:
    with transaction(sessions) as session:
        return make_corpus(session, workspace_id).id


def add(sessions: Sessions, workspace_id: UUID, corpus_id: UUID) -> UUID:
    with transaction(sessions) as session:
        job = add_job(session, workspace_id=workspace_id, corpus_id=corpus_id, kind="test", arguments={})
        return job.id


@pytest.fixture
def job_id(sessions: Sessions, workspace_id: UUID, corpus_id: UUID) -> UUID:
    return add(sessions, workspace_id, corpus_id)


def open_for(
    server: FakeLlm, sessions: Sessions, workspace_id: UUID, job_id: UUID | None, **changes: object
) -> Asker:
    settings: dict[str, object] = {"base_url": server.base_url, "model": "fake", "api_key": KEY, **changes}
    configuration = LlmConfiguration(**settings)  # type: ignore[arg-type]
    asker = open_asker(configuration, sessions, workspace_id=workspace_id, job_id=job_id)
    assert asker is not None
    return asker


def calls(sessions: Sessions, workspace_id: UUID, **which: object) -> Sequence[LlmCallRow]:
    with sessions() as session:
        return list_calls(session, workspace_id=workspace_id, **which)  # type: ignore[arg-type]


def spent(sessions: Sessions, workspace_id: UUID, job_id: UUID) -> Amount:
    with sessions() as session:
        return spent_by_job(session, job_id, workspace_id=workspace_id)


class TestOpenAsker:
    def test_gives_none_and_loads_no_client_when_nothing_is_configured(self) -> None:
        look = (
            "import sys; from app.workers.llm import open_asker; import app.workers.tasks;"
            "print(open_asker(None, None, workspace_id=None, job_id=None), 'openai' in sys.modules)"
        )
        found = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
        assert found.stdout.split() == ["None", "False"]

    def test_shares_a_breaker_between_jobs(
        self, server: FakeLlm, sessions: Sessions, workspace_id: UUID
    ) -> None:
        server.mode = "401"
        for i in range(7):
            with pytest.raises(LlmFailed):
                open_for(server, sessions, workspace_id, None).ask(make_question(prompt=f"{i}"))
        assert server.n_requests == 5
        assert breaker.breaker_of(server.base_url) is not breaker.breaker_of("http://elsewhere")


class TestCache:
    def test_makes_a_repeated_build_free(
        self, server: FakeLlm, sessions: Sessions, workspace_id: UUID, corpus_id: UUID, job_id: UUID
    ) -> None:
        questions = [make_question(prompt=f"{i}") for i in range(8)]
        open_for(server, sessions, workspace_id, job_id).ask_all(questions)
        again = add(sessions, workspace_id, corpus_id)
        replies = open_for(server, sessions, workspace_id, again).ask_all(questions)
        assert server.n_requests == 8
        assert all(isinstance(one, Reply) and one.from_cache for one in replies)
        assert spent(sessions, workspace_id, again) == Amount()
        assert [call.outcome for call in calls(sessions, workspace_id, job_id=again)] == ["cached"] * 8

    def test_is_not_shared_between_workspaces(
        self, server: FakeLlm, sessions: Sessions, workspace_id: UUID, other_workspace_id: UUID
    ) -> None:
        for workspace in (workspace_id, other_workspace_id):
            assert not open_for(server, sessions, workspace, None).ask(make_question()).from_cache
        assert server.n_requests == 2


class TestLedger:
    def test_holds_what_the_server_reported(
        self, server: FakeLlm, sessions: Sessions, workspace_id: UUID, job_id: UUID
    ) -> None:
        prices = Prices(Decimal("0.15"), Decimal("0.60"))
        open_for(server, sessions, workspace_id, job_id, prices=prices).ask(make_question())
        assert spent(sessions, workspace_id, job_id) == Amount(120, Decimal("0.000027"))

    def test_stops_many_builds_at_the_limit_of_the_month(
        self, server: FakeLlm, sessions: Sessions, workspace_id: UUID
    ) -> None:
        server.mode = "no usage"
        limits = Limits(tokens_per_month=20_000)

        def build(i: int) -> Sequence[object]:
            asker = open_for(server, sessions, workspace_id, None, limits=limits)
            return asker.ask_all([make_question(prompt=f"{i} {j}") for j in range(8)])

        with ThreadPoolExecutor(4) as pool:
            replies = [one for some in pool.map(build, range(4)) for one in some]
        with sessions() as session:
            total = spent_this_month(session, workspace_id=workspace_id).tokens
        answered = [one for one in replies if isinstance(one, Reply)]
        assert 0 < len(answered) == server.n_requests < 32
        assert 20_000 - 3_000 < total <= 20_000
        assert all(isinstance(one, Reply | LlmBudgetSpent) for one in replies)

    def test_keeps_the_reservation_of_a_worker_that_was_killed(
        self, server: FakeLlm, servers: Servers, sessions: Sessions, workspace_id: UUID, job_id: UUID
    ) -> None:
        server.mode = "hang"
        arguments = [servers.database_url, server.base_url, str(workspace_id), str(job_id)]
        with subprocess.Popen([sys.executable, "-c", ASK_FOR_EVER, *arguments]) as worker:
            while not server.n_requests and worker.poll() is None:
                time.sleep(0.02)
            worker.send_signal(signal.SIGKILL)
        (call,) = calls(sessions, workspace_id, job_id=job_id)
        assert call.outcome == "asked"
        assert call.messages == server.bodies[0]["messages"]
        reserved = spent(sessions, workspace_id, job_id).tokens
        assert reserved > 1000
        server.mode = "ok"
        asker = open_for(server, sessions, workspace_id, job_id, limits=Limits(tokens_per_build=reserved + 1))
        with pytest.raises(LlmBudgetSpent):
            asker.ask(make_question())

    def test_outlives_the_corpus_it_was_spent_on(
        self, server: FakeLlm, sessions: Sessions, workspace_id: UUID, corpus_id: UUID, job_id: UUID
    ) -> None:
        open_for(server, sessions, workspace_id, job_id).ask(make_question())
        with transaction(sessions) as session:
            delete_corpus(session, corpus_id, workspace_id=workspace_id)
        assert calls(sessions, workspace_id) == []
        assert spent(sessions, workspace_id, job_id).tokens == 120


class TestAudit:
    def test_tells_what_was_sent_and_what_came_back(
        self, server: FakeLlm, sessions: Sessions, workspace_id: UUID, job_id: UUID
    ) -> None:
        server.script.extend(["503", "wrong schema", "ok"])
        server.retry_after_s = 0
        reply = open_for(server, sessions, workspace_id, job_id).ask(make_question(subjects=("7", "8")))
        failed, invalid, answered = calls(sessions, workspace_id, job_id=job_id)
        assert [failed.outcome, invalid.outcome, answered.outcome] == ["failed", "invalid", "answered"]
        assert (failed.problem, invalid.problem, answered.problem) == (
            *("llm-unreachable", "llm-answer-invalid"),
            None,
        )
        assert invalid.answer == '{"unexpected": ["members"]}'
        assert "Field required" in (invalid.detail or "")
        assert answered.messages == server.bodies[2]["messages"]
        assert answered.id == reply.call_id
        assert (answered.tokens_in, answered.tokens_out, answered.subjects) == (100, 20, ["7", "8"])
        assert (answered.base_url, answered.model) == (server.base_url, "fake")

    def test_finds_what_was_asked_about_a_topic(
        self, server: FakeLlm, sessions: Sessions, workspace_id: UUID, job_id: UUID
    ) -> None:
        asker = open_for(server, sessions, workspace_id, job_id)
        asker.ask(make_question(prompt="a", subjects=("1", "2")))
        asker.ask(make_question(prompt="b", subjects=("2", "3")))
        found = [
            [call.subjects for call in calls(sessions, workspace_id, job_id=job_id, subject=subject)]
            for subject in ("1", "2", "12")
        ]
        assert found == [[["1", "2"]], [["1", "2"], ["2", "3"]], []]

    def test_is_read_page_by_page(self, server: FakeLlm, sessions: Sessions, workspace_id: UUID) -> None:
        asker = open_for(server, sessions, workspace_id, None)
        asker.ask_all([make_question(prompt=f"{i}") for i in range(5)])
        (first, second) = calls(sessions, workspace_id, limit=2)
        rest = calls(sessions, workspace_id, after=second.id)
        assert first.id < second.id < rest[0].id
        assert len(rest) == 3

    def test_is_closed_to_other_workspaces(
        self, server: FakeLlm, sessions: Sessions, workspace_id: UUID, other_workspace_id: UUID, job_id: UUID
    ) -> None:
        open_for(server, sessions, workspace_id, job_id).ask(make_question())
        assert calls(sessions, other_workspace_id, job_id=job_id) == []

    def test_says_why_nothing_was_asked(
        self, server: FakeLlm, sessions: Sessions, workspace_id: UUID, job_id: UUID
    ) -> None:
        asker = open_for(server, sessions, workspace_id, job_id, limits=Limits(tokens_per_build=10))
        (failure,) = asker.ask_all([make_question()])
        (call,) = calls(sessions, workspace_id, job_id=job_id)
        assert isinstance(failure, LlmBudgetSpent)
        assert (call.outcome, call.problem, call.messages) == ("not_asked", "llm-budget-spent", [])
        assert "of this build" in (call.detail or "")

    def test_keeps_text_that_postgresql_refuses(
        self, server: FakeLlm, sessions: Sessions, workspace_id: UUID, job_id: UUID
    ) -> None:
        server.mode = "control characters"
        asker = open_for(server, sessions, workspace_id, job_id)
        first, again = asker.ask(make_question()), asker.ask(make_question())
        assert again.from_cache
        assert first.answer == again.answer

    def test_ends_with_the_deadline_too(
        self, server: FakeLlm, sessions: Sessions, workspace_id: UUID, job_id: UUID
    ) -> None:
        server.mode = "hang"
        asker = open_for(server, sessions, workspace_id, job_id, deadline_s=0.3)
        with pytest.raises(LlmTimedOut):
            asker.ask(make_question())
        (call,) = calls(sessions, workspace_id, job_id=job_id)
        assert (call.outcome, call.problem, call.money) == ("failed", "llm-timed-out", None)
        assert spent(sessions, workspace_id, job_id).tokens > 1000
