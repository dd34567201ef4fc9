import socket
import subprocess
import sys
import threading
from dataclasses import replace
from decimal import Decimal

import pytest
from pydantic import BaseModel, ConfigDict

from app.labelling.llm import asking as problems
from app.labelling.llm.asking import LlmFailed, Question, Reply
from app.labelling.llm.costs import Amount, Limits, Prices
from app.labelling.llm.memory import MemoryBook
from app.labelling.llm.turn import MOST_REPAIRS, MOST_TRIES
from tests.fake_llm import HUGE_BYTES, INJECTED, MODES, STRANGE_NUMBER, FakeLlm
from tests.unit.labelling.llm.asking import KEY, Asking, Labels, known_topics_only, make_question

FAULTS = [
    ("429", problems.LlmBusy, MOST_TRIES),
    ("429 with seconds", problems.LlmBusy, MOST_TRIES),
    ("429 with date", problems.LlmBusy, MOST_TRIES),
    ("429 out of quota", problems.LlmRefused, 1),
    ("500", problems.LlmUnreachable, MOST_TRIES),
    ("503", problems.LlmUnreachable, MOST_TRIES),
    ("huge error", problems.LlmAnswerInvalid, 1),
    ("401", problems.LlmRefused, 1),
    ("400", problems.LlmRefused, 1),
    ("redirect", problems.LlmRefused, 1),
    ("reset", problems.LlmUnreachable, MOST_TRIES),
    ("reset in the body", problems.LlmUnreachable, MOST_TRIES),
    ("truncated", problems.LlmUnreachable, MOST_TRIES),
    ("huge", problems.LlmAnswerInvalid, 1),
    ("packed", problems.LlmAnswerInvalid, 1),
    ("html", problems.LlmAnswerInvalid, 1),
    ("not a completion", problems.LlmAnswerInvalid, 1),
    ("cut short", problems.LlmAnswerInvalid, 1 + MOST_REPAIRS),
    ("two fences", problems.LlmAnswerInvalid, 1 + MOST_REPAIRS),
    ("chatter", problems.LlmAnswerInvalid, 1 + MOST_REPAIRS),
    ("wrong schema", problems.LlmAnswerInvalid, 1 + MOST_REPAIRS),
    ("twice", problems.LlmAnswerInvalid, 1 + MOST_REPAIRS),
    ("deep", problems.LlmAnswerInvalid, 1 + MOST_REPAIRS),
    ("no content", problems.LlmAnswerInvalid, 1 + MOST_REPAIRS),
    ("wrong ids", problems.LlmAnswerInvalid, 1 + MOST_REPAIRS),
]
SLOW = ["hang", "drip", "drip headers"]
HARMLESS = ["ok", "fenced", "no usage", "control characters", "injection echo", "key echo"]
PICKY = ["no formats", "no schemas", "new parameters"]


class TestAsk:
    def test_gives_an_answer_of_the_type_asked_for(self, asking: Asking) -> None:
        reply = asking.gateway.ask(make_question())
        assert isinstance(reply.answer, Labels)
        assert reply.answer.topics[0].level == "broad"
        assert not reply.from_cache
        assert reply.call_id in asking.memory.calls

    def test_sends_what_the_question_says_and_nothing_else(self, server: FakeLlm, asking: Asking) -> None:
        asking.gateway.ask(make_question(subjects=("topic 17",)))
        (body,) = server.bodies
        assert sorted(body) == ["max_tokens", "messages", "model", "response_format", "temperature"]
        system, user = body["messages"]
        assert system["content"].startswith("Name the topics.\n")
        assert user == {"role": "user", "content": "Topic 0: <paper>Bees.</paper>"}
        assert "topic 17" not in str(body)

    def test_says_nothing_about_this_machine(self, server: FakeLlm, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("OPENAI_ORG_ID", "org-elsewhere")
        monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-elsewhere")
        Asking(server.base_url).gateway.ask(make_question())
        (headers,) = server.headers
        assert {name.lower() for name in headers} == {
            *("host", "accept", "accept-encoding", "connection", "content-length", "content-type"),
            *("user-agent", "authorization", "x-stainless-raw-response", "x-stainless-retry-count"),
        }

    def test_demands_the_schema_strictly(self, server: FakeLlm, asking: Asking) -> None:
        asking.gateway.ask(make_question())
        demand = server.bodies[0]["response_format"]
        assert demand["type"] == "json_schema"
        assert demand["json_schema"]["strict"] is True
        assert demand["json_schema"]["schema"]["additionalProperties"] is False

    @pytest.mark.parametrize(
        ("mode", "demands"),
        [
            ("no formats", ["json_schema", "json_object", None, None]),
            ("no schemas", ["json_schema", "json_object", "json_object"]),
        ],
    )
    def test_asks_more_simply_once_a_server_refuses_the_format(
        self, server: FakeLlm, asking: Asking, mode: str, demands: list[str | None]
    ) -> None:
        server.mode = mode
        gateway = asking.gateway
        for prompt in ("one", "two"):
            gateway.ask(make_question(prompt=prompt))
        assert [body.get("response_format", {}).get("type") for body in server.bodies] == demands

    def test_speaks_to_models_that_take_neither_temperature_nor_max_tokens(
        self, server: FakeLlm, asking: Asking
    ) -> None:
        server.mode = "new parameters"
        asking.gateway.ask(make_question())
        assert "temperature" not in server.bodies[-1]
        assert server.bodies[-1]["max_completion_tokens"] == 1000
        assert server.bodies[-1]["response_format"]["type"] == "json_schema"

    @pytest.mark.parametrize("mode", [*HARMLESS, "drip"])
    def test_takes_an_acceptable_answer_however_it_comes(
        self, server: FakeLlm, asking: Asking, mode: str
    ) -> None:
        server.mode, server.drip_s = mode, 0
        assert isinstance(asking.gateway.ask(make_question()).answer, Labels)

    def test_leaves_judging_words_to_who_asks(self, server: FakeLlm, asking: Asking) -> None:
        server.mode = "injection echo"
        reply = asking.gateway.ask(make_question(schema=Words))
        assert reply.answer.words == INJECTED


class Words(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    words: str


class TestFaults:
    @pytest.mark.parametrize(("mode", "problem", "n_requests"), FAULTS)
    def test_end_as_a_failure_that_says_what_happened(
        self, server: FakeLlm, asking: Asking, mode: str, problem: type[LlmFailed], n_requests: int
    ) -> None:
        server.mode = mode
        with pytest.raises(problem) as failure:
            asking.gateway.ask(make_question(check=known_topics_only))
        assert server.n_requests == n_requests
        assert len(failure.value.detail) < 1000
        assert len(asking.memory.ends) == n_requests

    @pytest.mark.parametrize("mode", SLOW)
    def test_end_at_the_deadline_when_nothing_whole_comes(self, server: FakeLlm, mode: str) -> None:
        server.mode = mode
        with pytest.raises(problems.LlmTimedOut):
            Asking(server.base_url, deadline_s=0.3).gateway.ask(make_question())
        assert server.n_requests == 1

    def test_include_a_server_that_is_not_there(self) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            asking = Asking(f"http://127.0.0.1:{taken.getsockname()[1]}/v1")
            with pytest.raises(problems.LlmUnreachable, match="does not take connections"):
                asking.gateway.ask(make_question())
        assert asking.memory.spent == Amount()

    def test_include_a_name_that_does_not_resolve(self) -> None:
        asking = Asking("http://nowhere.invalid/v1")
        with pytest.raises(problems.LlmUnreachable):
            asking.gateway.ask(make_question())

    def test_are_all_those_the_server_knows(self) -> None:
        assert sorted([*[fault[0] for fault in FAULTS], *SLOW, *HARMLESS, *PICKY]) == sorted(MODES)

    def test_of_a_huge_answer_are_noticed_long_before_its_end(self, server: FakeLlm, asking: Asking) -> None:
        server.mode = "huge"
        with pytest.raises(problems.LlmAnswerInvalid, match="far larger"):
            asking.gateway.ask(make_question())
        assert server.n_flooded_bytes < HUGE_BYTES / 2


class TestRepetitions:
    @pytest.mark.parametrize("first", ["429", "500", "503", "reset", "truncated"])
    def test_help_when_the_next_try_succeeds(self, server: FakeLlm, asking: Asking, first: str) -> None:
        server.script.extend([first, "ok"])
        asking.gateway.ask(make_question())
        assert asking.outcomes == ["failed", "answered"]

    def test_follow_a_call_that_took_too_long(self, server: FakeLlm) -> None:
        server.script.extend(["hang", "ok"])
        asking = Asking(server.base_url, attempt_s=0.3)
        asking.gateway.ask(make_question())
        assert asking.outcomes == ["failed", "answered"]

    def test_wait_longer_and_longer(self, server: FakeLlm, asking: Asking) -> None:
        server.mode = "500"
        with pytest.raises(problems.LlmUnreachable):
            asking.gateway.ask(make_question())
        assert sum(asking.clock.slept) == pytest.approx(0.5 * (0.5 + 1 + 2 + 4), abs=0.1)

    @pytest.mark.parametrize(("mode", "at_least"), [("429 with seconds", 7), ("429 with date", 5)])
    def test_wait_as_long_as_the_server_asks(
        self, server: FakeLlm, asking: Asking, mode: str, at_least: float
    ) -> None:
        server.retry_after_s = 7
        server.script.extend([mode, "ok"])
        asking.gateway.ask(make_question())
        assert at_least <= sum(asking.clock.slept) < 8

    def test_are_given_up_when_the_server_asks_for_more_than_there_is(
        self, server: FakeLlm, asking: Asking
    ) -> None:
        server.retry_after_s = 3600
        server.mode = "429 with seconds"
        with pytest.raises(problems.LlmBusy):
            asking.gateway.ask(make_question())
        assert (server.n_requests, asking.clock.slept) == (1, [])


class TestRepairs:
    def test_tell_the_model_what_was_wrong(self, server: FakeLlm, asking: Asking) -> None:
        server.script.extend(["wrong ids", "ok"])
        asking.gateway.ask(make_question(check=known_topics_only))
        system, prompt, answer, complaint = server.bodies[1]["messages"]
        assert [system, prompt] == server.bodies[0]["messages"]
        assert str(STRANGE_NUMBER) in answer["content"]
        assert f"There is no topic {STRANGE_NUMBER}." in complaint["content"]
        assert asking.outcomes == ["invalid", "answered"]

    def test_do_not_pile_up(self, server: FakeLlm, asking: Asking) -> None:
        server.script.extend(["wrong schema", "wrong ids", "ok"])
        asking.gateway.ask(make_question(check=known_topics_only))
        assert [len(body["messages"]) for body in server.bodies] == [2, 4, 4]

    def test_ask_for_a_shorter_answer(self, server: FakeLlm, asking: Asking) -> None:
        server.script.extend(["cut short", "ok"])
        asking.gateway.ask(make_question())
        assert "shorter" in server.bodies[1]["messages"][-1]["content"]


class TestCache:
    def test_answers_the_same_question_without_a_call(self, server: FakeLlm, asking: Asking) -> None:
        first = asking.gateway.ask(make_question())
        spent = asking.memory.spent
        again = asking.gateway.ask(make_question(subjects=("other",)))
        assert again.from_cache
        assert again.answer == first.answer
        assert server.n_requests == 1
        assert asking.memory.spent == spent
        assert asking.outcomes == ["answered", "cached"]

    @pytest.mark.parametrize(
        "change", [{"prompt": "x"}, {"system": "x"}, {"max_output_tokens": 9}, {"schema": Words}]
    )
    def test_knows_questions_apart(self, server: FakeLlm, asking: Asking, change: dict[str, object]) -> None:
        asking.gateway.ask(make_question())
        asking.gateway.ask(make_question(**change))
        assert server.n_requests == 2

    def test_knows_models_and_servers_apart(self, server: FakeLlm, asking: Asking) -> None:
        asking.gateway.ask(make_question())
        for change in ({"model": "other"}, {"base_url": server.base_url + "/"}):
            asking.configuration = replace(asking.configuration, **change)
            assert not asking.gateway.ask(make_question()).from_cache

    def test_keeps_no_answer_that_was_not_acceptable(self, server: FakeLlm, asking: Asking) -> None:
        server.mode = "wrong schema"
        for _ in range(2):
            with pytest.raises(problems.LlmAnswerInvalid):
                asking.gateway.ask(make_question())
        assert server.n_requests == 2 * (1 + MOST_REPAIRS)

    def test_gives_no_answer_that_has_become_unacceptable(self, server: FakeLlm, asking: Asking) -> None:
        asking.gateway.ask(make_question())
        asking.gateway.ask(
            make_question(check=lambda _: [] if server.n_requests > 1 else ["No longer good."])
        )
        assert server.n_requests == 2


class TestBudget:
    def test_is_settled_with_what_the_server_reports(self, server: FakeLlm) -> None:
        asking = Asking(server.base_url, prices=Prices(Decimal(1), Decimal(10)))
        reply = asking.gateway.ask(make_question())
        assert asking.memory.spent == Amount(120, Decimal("0.0003"))
        assert reply.call_id is not None
        end = asking.memory.ends[reply.call_id]
        assert (end.tokens_in, end.tokens_out) == (100, 20)

    @pytest.mark.parametrize("usage", [None, {"prompt_tokens": -1}, {"prompt_tokens": 10**30}, "much"])
    def test_keeps_what_was_reserved_when_the_server_reports_nothing_sensible(
        self, server: FakeLlm, asking: Asking, usage: object
    ) -> None:
        server.usage = usage
        if usage == "much":
            server.mode = "no usage"
        reply = asking.gateway.ask(make_question())
        assert reply.call_id is not None
        assert asking.memory.spent == asking.memory.calls[reply.call_id].at_most
        assert asking.memory.spent.tokens > 1000

    @pytest.mark.parametrize("mode", ["reset in the body", "truncated"])
    def test_keeps_what_was_reserved_for_answers_that_broke_off(
        self, server: FakeLlm, asking: Asking, mode: str
    ) -> None:
        server.script.extend([mode, "ok"])
        asking.gateway.ask(make_question())
        assert asking.memory.spent.tokens > 1120

    @pytest.mark.parametrize("mode", ["429", "500", "401"])
    def test_is_not_touched_by_refusals(self, server: FakeLlm, asking: Asking, mode: str) -> None:
        server.mode = mode
        with pytest.raises(LlmFailed):
            asking.gateway.ask(make_question())
        assert asking.memory.spent == Amount()

    def test_is_never_passed_and_the_call_not_made(self, server: FakeLlm) -> None:
        book = MemoryBook(Limits(tokens_per_build=4000))
        asking = Asking(server.base_url, book=book)
        replies = asking.gateway.ask_all(
            [make_question(prompt=f"{i}", max_output_tokens=2000) for i in range(9)]
        )
        refused = [one for one in replies if isinstance(one, problems.LlmBudgetSpent)]
        assert len(refused) == 9 - server.n_requests > 0
        assert book.spent.tokens <= 4000
        assert [end.outcome for end in book.ends.values()].count("not_asked") == len(refused)

    def test_reserves_more_than_the_server_can_count(self, server: FakeLlm, asking: Asking) -> None:
        prompt = "नमस्ते 你好 🙂 " * 50
        asking.gateway.ask(make_question(prompt=prompt))
        (call,) = asking.memory.calls.values()
        assert call.at_most.tokens >= len(prompt.encode()) + 1000


class TestBreaker:
    def test_leaves_a_failing_server_alone(self, server: FakeLlm, asking: Asking) -> None:
        server.mode = "401"
        for _ in range(3):
            with pytest.raises(problems.LlmRefused):
                asking.gateway.ask(make_question())
        with pytest.raises(problems.LlmBreakerOpen):
            asking.gateway.ask(make_question())
        assert server.n_requests == 3
        assert asking.outcomes[-1] == "not_asked"

    def test_still_answers_from_the_cache(self, server: FakeLlm, asking: Asking) -> None:
        asking.gateway.ask(make_question())
        server.mode = "401"
        for i in range(4):
            with pytest.raises(LlmFailed):
                asking.gateway.ask(make_question(prompt=f"{i}"))
        assert asking.gateway.ask(make_question()).from_cache

    def test_does_not_mind_questions_that_are_refused_for_themselves(
        self, server: FakeLlm, asking: Asking
    ) -> None:
        server.mode = "400"
        for _ in range(5):
            with pytest.raises(problems.LlmRefused):
                asking.gateway.ask(make_question())
        assert server.n_requests == 5


class TestAskAll:
    def test_keeps_the_order_and_puts_failures_in_place(self, server: FakeLlm) -> None:
        server.answer = lambda body: {
            "topics": [{"topic": 0, "label": body["messages"][1]["content"], "level": "broad"}]
        }
        asking = Asking(server.base_url)
        questions = [make_question(prompt=f"{i}") for i in range(20)]
        questions[7] = make_question(prompt="7", check=lambda _: ["Never good."])
        replies = asking.gateway.ask_all(questions)
        assert isinstance(replies[7], problems.LlmAnswerInvalid)
        labels = [one.answer.topics[0].label for one in replies if isinstance(one, Reply)]
        assert labels == [f"{i}" for i in range(20) if i != 7]

    def test_asks_nothing_of_nobody(self, asking: Asking) -> None:
        assert asking.gateway.ask_all([]) == []

    def test_asks_no_more_at_once_than_allowed(self, server: FakeLlm) -> None:
        server.mode, server.drip_s = "drip", 0.0002
        asking = Asking(server.base_url, concurrency=3)
        asking.gateway.ask_all([make_question(prompt=f"{i}") for i in range(12)])
        assert server.most_at_once == 3

    def test_holds_the_cap_for_threads_that_ask_one_by_one(self, server: FakeLlm) -> None:
        server.mode, server.drip_s = "drip", 0.0002
        gateway = Asking(server.base_url, concurrency=2).gateway
        threads = [
            threading.Thread(target=gateway.ask, args=(make_question(prompt=f"{i}"),)) for i in range(6)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert server.most_at_once == 2

    def test_ends_at_its_own_deadline(self, server: FakeLlm) -> None:
        server.mode = "hang"
        asking = Asking(server.base_url, all_deadline_s=0.3, concurrency=2)
        replies = asking.gateway.ask_all([make_question(prompt=f"{i}") for i in range(6)])
        assert [type(one) for one in replies] == [problems.LlmTimedOut] * 6
        assert server.n_requests == 2

    def test_stops_when_the_answers_are_no_longer_wanted(self, server: FakeLlm) -> None:
        server.mode = "hang"
        asking = Asking(server.base_url)

        def cancelled() -> None:
            if server.n_requests:
                raise KeyError("the job was cancelled")

        asking.means = replace(asking.means, still_wanted=cancelled)
        with pytest.raises(KeyError, match="cancelled"):
            asking.gateway.ask_all([make_question(prompt=f"{i}") for i in range(6)])

    def test_stops_when_the_book_cannot_be_written(self, server: FakeLlm) -> None:
        class LostBook(MemoryBook):
            def end(self, *_: object) -> None:
                raise OSError("the database is gone")

        asking = Asking(server.base_url, book=LostBook(Limits()))
        with pytest.raises(OSError, match="gone"):
            asking.gateway.ask_all([make_question(prompt=f"{i}") for i in range(50)])
        assert server.n_requests < 50


class TestSecrets:
    def test_are_sent_to_the_server_only(self, server: FakeLlm, asking: Asking) -> None:
        asking.gateway.ask(make_question())
        assert server.headers[0]["authorization"] == f"Bearer {KEY}"
        assert KEY not in repr(asking.configuration)
        assert KEY not in str(server.bodies)

    def test_are_taken_out_of_what_the_server_says(
        self, server: FakeLlm, asking: Asking, caplog: pytest.LogCaptureFixture
    ) -> None:
        server.script.extend(["key echo", "401"])
        reply = asking.gateway.ask(make_question())
        assert reply.answer.topics[0].label == "Bearer [key]"
        with pytest.raises(problems.LlmRefused) as failure:
            asking.gateway.ask(make_question(prompt="x"))
        assert "[key]" in failure.value.detail
        kept = [failure.value.detail, str(asking.memory.ends), str(asking.cache._answers), caplog.text]
        assert not any(KEY in text for text in kept)

    def test_are_not_needed(self, server: FakeLlm) -> None:
        from app.labelling.llm.server import OpenAiServer  # noqa: PLC0415

        asking = Asking(server.base_url)
        asking.means = replace(asking.means, server=OpenAiServer(server.base_url, "fake"))
        assert asking.gateway.ask(make_question())


# Asks, forks, and asks in the child: prints what both were answered.
ASK_FORK_ASK = """
import os, sys
from tests.unit.labelling.llm.asking import Asking, make_question
asking = Asking(sys.argv[1])
print(asking.gateway.ask(make_question()).from_cache, flush=True)
if os.fork() == 0:
    print(asking.gateway.ask(make_question(prompt="again")).from_cache, flush=True)
else:
    os.wait()
"""


class TestProcesses:
    def test_that_were_forked_can_ask_too(self, server: FakeLlm) -> None:
        asked = subprocess.run(
            [sys.executable, "-c", ASK_FORK_ASK, server.base_url],
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        assert asked.stdout.split() == ["False", "False"]
        assert asked.stderr == ""


class TestQuestion:
    def test_can_be_made_by_its_full_name(self) -> None:
        assert Question[Labels]("check", "s", "p", Labels).schema is Labels
