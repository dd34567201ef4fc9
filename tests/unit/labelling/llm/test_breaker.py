import pytest

from app.labelling.llm.asking import LlmAnswerInvalid, LlmBreakerOpen, LlmUnreachable
from app.labelling.llm.breaker import Breaker
from app.labelling.llm.exchange import CallFailed
from tests.unit.labelling.llm.asking import Clock

FAILED = CallFailed(LlmUnreachable("gone"))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(failures=3, rest_s=60, clock=clock.now)


def end(breaker: Breaker, error: Exception | None = None) -> None:
    """Put a question through that ends with an error, or well."""
    try:
        with breaker.guarding():
            if error is not None:
                raise error
    except type(error or FAILED) as raised:
        assert raised is error  # noqa: PT017 - What was put in comes out.


def is_open(breaker: Breaker) -> bool:
    try:
        with breaker.guarding():
            raise KeyError
    except LlmBreakerOpen:
        return True
    except KeyError:
        return False


class TestBreaker:
    def test_opens_after_failures_in_a_row(self, breaker: Breaker) -> None:
        for _ in range(2):
            end(breaker, FAILED)
        assert not is_open(breaker)
        end(breaker, FAILED)
        assert is_open(breaker)

    @pytest.mark.parametrize("well", [None, LlmAnswerInvalid("nonsense")])
    def test_forgets_failures_once_the_server_answers(self, breaker: Breaker, well: Exception | None) -> None:
        for error in (FAILED, FAILED, well, FAILED, FAILED):
            end(breaker, error)
        assert not is_open(breaker)

    @pytest.mark.parametrize(
        "error", [KeyError("ours"), CallFailed(LlmUnreachable(""), server_at_fault=False)]
    )
    def test_does_not_count_what_is_not_the_servers_fault(self, breaker: Breaker, error: Exception) -> None:
        for _ in range(5):
            end(breaker, error)
        assert not is_open(breaker)

    def test_lets_one_question_through_after_its_rest(self, breaker: Breaker, clock: Clock) -> None:
        for _ in range(3):
            end(breaker, FAILED)
        clock.sleep(60)
        with breaker.guarding():
            assert is_open(breaker)
        assert not is_open(breaker)

    def test_rests_again_when_that_one_fails(self, breaker: Breaker, clock: Clock) -> None:
        for _ in range(3):
            end(breaker, FAILED)
        clock.sleep(60)
        end(breaker, FAILED)
        assert is_open(breaker)
        clock.sleep(60)
        assert not is_open(breaker)

    def test_tries_again_when_that_one_told_nothing_about_the_server(
        self, breaker: Breaker, clock: Clock
    ) -> None:
        for _ in range(3):
            end(breaker, FAILED)
        clock.sleep(60)
        end(breaker, KeyError("ours"))
        end(breaker)
        assert not is_open(breaker)
