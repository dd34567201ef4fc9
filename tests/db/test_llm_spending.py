from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from app.db.ids import new_id
from app.db.session import Sessions, transaction
from app.labelling.llm.asking import LlmBudgetSpent
from app.labelling.llm.costs import Amount, Limits
from app.services.llm_spending import reserve, settle, spent_by_job, spent_this_month

JOB = uuid4()


def take(
    sessions: Sessions, workspace_id: UUID, amount: Amount, limits: Limits, job: UUID | None = JOB
) -> UUID:
    call_id = new_id()
    with transaction(sessions) as session:
        reserve(session, call_id, workspace_id=workspace_id, job_id=job, at_most=amount, limits=limits)
    return call_id


def spent(sessions: Sessions, workspace_id: UUID, job: UUID = JOB) -> Amount:
    with sessions() as session:
        return spent_by_job(session, job, workspace_id=workspace_id)


class TestReserve:
    def test_never_passes_a_limit_however_many_ask_at_once(
        self, sessions: Sessions, workspace_id: UUID
    ) -> None:
        limits = Limits(tokens_per_build=1050)

        def ask(_: int) -> bool:
            try:
                take(sessions, workspace_id, Amount(100), limits)
            except LlmBudgetSpent:
                return False
            return True

        with ThreadPoolExecutor(12) as pool:
            granted = list(pool.map(ask, range(40)))
        assert granted.count(True) == 10
        assert spent(sessions, workspace_id).tokens == 1000

    @pytest.mark.parametrize(
        "limits",
        [
            Limits(tokens_per_build=149),
            Limits(money_per_build=Decimal("0.0029")),
            Limits(tokens_per_month=149),
            Limits(money_per_month=Decimal("0.0029")),
        ],
    )
    def test_refuses_what_passes_any_limit(
        self, sessions: Sessions, workspace_id: UUID, limits: Limits
    ) -> None:
        take(sessions, workspace_id, Amount(100, Decimal("0.002")), limits)
        with pytest.raises(LlmBudgetSpent, match="spent or reserved"):
            take(sessions, workspace_id, Amount(50, Decimal("0.001")), limits)
        assert spent(sessions, workspace_id) == Amount(100, Decimal("0.002"))

    def test_takes_the_last_of_a_limit(self, sessions: Sessions, workspace_id: UUID) -> None:
        take(sessions, workspace_id, Amount(100), Limits(tokens_per_build=100, tokens_per_month=100))

    def test_counts_builds_apart_and_the_month_together(self, sessions: Sessions, workspace_id: UUID) -> None:
        limits = Limits(tokens_per_build=100, tokens_per_month=250)
        take(sessions, workspace_id, Amount(100), limits)
        take(sessions, workspace_id, Amount(100), limits, job=uuid4())
        with pytest.raises(LlmBudgetSpent, match="of this month"):
            take(sessions, workspace_id, Amount(100), limits, job=uuid4())

    def test_counts_workspaces_apart(
        self, sessions: Sessions, workspace_id: UUID, other_workspace_id: UUID
    ) -> None:
        limits = Limits(tokens_per_month=100, tokens_per_build=100)
        take(sessions, workspace_id, Amount(100), limits)
        take(sessions, other_workspace_id, Amount(100), limits)

    def test_begins_anew_with_the_month(self, sessions: Sessions, workspace_id: UUID) -> None:
        limits = Limits(tokens_per_month=100)
        call_id = take(sessions, workspace_id, Amount(100), limits)
        with transaction(sessions) as session:
            session.execute(
                text(
                    "UPDATE llm_spending SET reserved_at = date_trunc('month', clock_timestamp(), 'UTC') "
                    "- interval '1 s' WHERE call_id = :id"
                ),
                {"id": call_id},
            )
        take(sessions, workspace_id, Amount(100), limits)
        with sessions() as session:
            assert spent_this_month(session, workspace_id=workspace_id).tokens == 100


class TestSettle:
    def test_gives_back_what_was_not_used(self, sessions: Sessions, workspace_id: UUID) -> None:
        call_id = take(sessions, workspace_id, Amount(100, Decimal(1)), Limits())
        for tokens in (30, 90):
            with transaction(sessions) as session:
                cost = Amount(tokens, Decimal("0.3"))
                settle(session, call_id, workspace_id=workspace_id, spent=cost)
        assert spent(sessions, workspace_id) == Amount(30, Decimal("0.3"))

    def test_leaves_other_workspaces_alone(
        self, sessions: Sessions, workspace_id: UUID, other_workspace_id: UUID
    ) -> None:
        call_id = take(sessions, workspace_id, Amount(100), Limits())
        with transaction(sessions) as session:
            settle(session, call_id, workspace_id=other_workspace_id, spent=Amount())
        assert spent(sessions, workspace_id).tokens == 100
