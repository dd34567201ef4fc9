"""An answer whose parts are mostly right is not lost for the one that cannot be mended."""

from app.labelling.llm.asking import LlmAnswerInvalid
from tests.fake_llm import FakeLlm
from tests.unit.labelling.llm.asking import Asking, Labels, known_topics_only, make_question


def no_words(answer: Labels) -> list[str]:
    return ["A label is just 'word'."] if any(one.label == "word" for one in answer.topics) else []


class TestEnough:
    def test_takes_the_last_answer_that_meets_it(self, server: FakeLlm, asking: Asking) -> None:
        question = make_question(check=no_words, enough=known_topics_only)

        reply = asking.gateway.ask(question)

        assert server.n_requests == 3
        assert [one.label for one in reply.answer.topics] == ["word"]
        assert asking.outcomes == ["invalid", "invalid", "answered"]

    def test_takes_it_from_the_cache_as_well(self, server: FakeLlm, asking: Asking) -> None:
        question = make_question(check=no_words, enough=known_topics_only)
        asking.gateway.ask(question)

        assert asking.gateway.ask(question).from_cache
        assert server.n_requests == 3

    def test_does_not_take_what_is_less(self, server: FakeLlm, asking: Asking) -> None:
        server.mode = "wrong ids"
        [failure] = asking.gateway.ask_all([make_question(check=no_words, enough=known_topics_only)])

        assert isinstance(failure, LlmAnswerInvalid)
