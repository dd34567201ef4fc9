import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.labelling.llm.answers import NotAcceptable, read_answer
from tests.unit.labelling.llm.asking import Labels, make_question

TOPIC = {"topic": 0, "label": "Bees", "level": "broad"}
GOOD = json.dumps({"topics": [TOPIC]})


def read(text: str) -> Labels:
    return read_answer(text, make_question())


def changed(**changes: object) -> str:
    return json.dumps({"topics": [{**TOPIC, **changes}]})


class TestReadAnswer:
    @pytest.mark.parametrize(
        "text",
        [
            GOOD,
            f"\n  {GOOD}\n",
            f"```json\n{GOOD}\n```",
            f"```\n{GOOD}\n```",
            f"Here it is:\n```JSON\n{GOOD}```\nAnything else?",
            f"<think>They want {{json}}.</think>\n{GOOD}",
            f"<think>\n```json\n{{}}\n```\n</think>```json\n{GOOD}\n```",
        ],
    )
    def test_finds_the_object_plain_or_in_one_fence(self, text: str) -> None:
        assert read(text).topics[0].label == "Bees"

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("", "not one JSON object"),
            ("I would rather not.", "not one JSON object"),
            (f"Sure: {GOOD}", "not one JSON object"),
            (f"{GOOD} Anything else?", "cannot be read"),
            (f"{GOOD}{GOOD}", "cannot be read"),
            (f"```\n{GOOD}\n```\n```\n{GOOD}\n```", "not one JSON object"),
            (f"<think>{GOOD}", "not one JSON object"),
            (f"```json\n[{GOOD}]\n```", "Input should be an object"),
            (GOOD[:-2], "cannot be read"),
            ('{"topics": [], "topics": []}', "stands twice"),
            ('{"topics": NaN}', "NaN is not JSON"),
            ('{"topics": 1e999}', "too large"),
            ('{"topics": ' + "[" * 100_000, "nested too deep"),
            ('{"topics": ' + "9" * 5000 + "}", "cannot be read"),
            ("{}", "topics: Field required"),
            (changed(more=1), "topics.0.more: Extra inputs"),
            (changed(topic="0"), "topics.0.topic: Input should be a valid integer"),
            (changed(topic=0.0), "topics.0.topic: Input should be a valid integer"),
            (changed(label="x" * 81), "topics.0.label: String should have at most 80"),
            (changed(label=None), "topics.0.label: Input should be a valid string"),
            (changed(level="middling"), "Input should be 'broad' or 'narrow'"),
        ],
    )
    def test_refuses_everything_else_and_says_why(self, text: str, reason: str) -> None:
        with pytest.raises(NotAcceptable) as refusal:
            read(text)
        assert reason in str(refusal.value)

    def test_lists_a_few_reasons_only(self) -> None:
        with pytest.raises(NotAcceptable) as refusal:
            read(json.dumps({"topics": [{}] * 1000}))
        assert len(refusal.value.reasons) == 10

    def test_asks_the_question_itself_last(self) -> None:
        with pytest.raises(NotAcceptable) as refusal:
            read_answer(GOOD, make_question(check=lambda answer: [f"Not {answer.topics[0].label}."]))
        assert refusal.value.reasons == ["Not Bees."]

    @settings(max_examples=50)
    @given(st.text(max_size=40) | st.lists(st.integers() | st.text(max_size=9), max_size=3).map(json.dumps))
    def test_gives_an_answer_or_reasons_whatever_it_reads(self, text: str) -> None:
        with pytest.raises(NotAcceptable) as refusal:
            read(text)
        assert refusal.value.reasons
