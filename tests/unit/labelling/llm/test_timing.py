import pytest

from app.labelling.llm.timing import Timing


def pause(n_failures: int, wait_s: float | None = None, random: float = 1.0) -> float:
    return Timing(random=lambda: random).pause_s(n_failures, wait_s)


class TestPause:
    def test_doubles_at_most_up_to_a_limit(self) -> None:
        assert [pause(n) for n in (1, 2, 3, 4, 50)] == [0.5, 1, 2, 4, 20]

    def test_may_be_anything_shorter(self) -> None:
        assert [pause(3, random=random) for random in (0, 0.25)] == [0, 0.5]

    @pytest.mark.parametrize("random", [0.0, 0.5, 1.0])
    def test_is_never_shorter_than_the_server_asks(self, random: float) -> None:
        assert pause(1, wait_s=9, random=random) >= 9
