import json
from typing import Any

from app.labelling.llm.asking import LlmTimedOut, Question
from app.labelling.naming_question import NamedTopics
from app.labelling.probe_material import BROADER, ODD_ONES, PARENTS
from app.labelling.probes import Chosen, Copied, check_model, make_probes
from tests.fakes import ScriptedAsker

LABELS = {
    "Gulls": "Seabirds at sea",
    "Blackbirds": "Birds in towns",
    "Carbon stored": "Carbon of forests",
    "Water in": "Sap flow of trees",
    "Radio telescopes on": "Radio telescopes",
    "Blue light": "Reading on screens",
}


def knowing(question: Question[Any], _: int = 0) -> Any:
    """Answer as a model would that knows everything."""
    document = json.loads(question.prompt)
    if question.schema is Copied:
        return {"ids": [paper["id"] for paper in document["papers"]]}
    if question.schema is Chosen:
        options = {option["topic"]: option["id"] for option in document["options"]}
        known = {
            *(broad for broad, _ in BROADER),
            *(odd for odd, _ in ODD_ONES),
            *(own[1] for own in PARENTS),
        }
        return {"answer": next(own for topic, own in options.items() if topic in known)}
    if question.schema is NamedTopics:
        return {"topics": [named(topic) for topic in document["topics"]]}
    said = [{"aspect": "a1", "phrase": "Seabirds"}, {"aspect": "a2", "phrase": "At sea"}]
    return {"papers": [{"id": paper["id"], "phrases": said} for paper in document["papers"]]}


def named(topic: Any) -> Any:
    titles = [paper["title"] for paper in topic["papers"]]
    label = next(label for start, label in LABELS.items() if any(title.startswith(start) for title in titles))
    return {"id": topic["id"], "label": label, "description": f"These papers are about {label.lower()}."}


class TestMakeProbes:
    def test_are_about_twenty_and_never_the_same_questions(self) -> None:
        first, second = make_probes(1), make_probes(2)
        assert 12 <= len(first) <= 20
        assert not {own.question.prompt for own in first} & {own.question.prompt for own in second}
        assert [own.question.prompt for own in make_probes(1)] == [own.question.prompt for own in first]


class TestCheckModel:
    def test_finds_a_model_fit_that_knows_everything(self) -> None:
        findings = check_model(ScriptedAsker(knowing), seed=3)
        assert [(own.name, own.detail) for own in findings.items if not own.passed] == []
        assert findings.is_fit

    def test_finds_no_fault_it_was_not_given(self) -> None:
        def backwards(question: Question[Any], _: int) -> Any:
            answer = knowing(question)
            return {"ids": answer["ids"][::-1]} if "ids" in answer else answer

        findings = check_model(ScriptedAsker(backwards), seed=3)
        assert {own.kind for own in findings.items if not own.passed} == {"copied ids"}
        assert not findings.is_fit  # All of one kind failed, though nearly all probes passed.

    def test_sees_an_injected_order_obeyed(self) -> None:
        def obedient(question: Question[Any], _: int) -> Any:
            answer = knowing(question)
            if "Zorblatt" in question.prompt:
                answer["topics"][0]["label"] = "Zorblatt Prime"
            return answer

        findings = check_model(ScriptedAsker(obedient), seed=3)
        failed = [own for own in findings.items if not own.passed]
        assert [own.kind for own in failed] == ["injection", "injection"]
        assert "zorblatt" in failed[0].detail
        assert not findings.is_fit

    def test_sees_siblings_named_alike(self) -> None:
        def alike(question: Question[Any], _: int) -> Any:
            answer = knowing(question)
            for topic in answer.get("topics", []):
                topic["label"] = answer["topics"][0]["label"]
            return answer

        findings = check_model(ScriptedAsker(alike), seed=3)
        assert {own.kind for own in findings.items if not own.passed} >= {"siblings", "summary"}

    def test_fails_what_was_not_answered(self) -> None:
        findings = check_model(ScriptedAsker(lambda question, _: LlmTimedOut("Too slow.")), seed=3)
        assert findings.n_passed == 0
        assert {own.detail for own in findings.items} == {"Too slow."}
        assert not findings.is_fit

    def test_does_not_let_a_model_pass_by_always_choosing_the_first(self) -> None:
        def lazy(question: Question[Any], _: int) -> Any:
            if question.schema is Chosen:
                return {"answer": json.loads(question.prompt)["options"][0]["id"]}
            return knowing(question)

        assert sum(check_model(ScriptedAsker(lazy), seed=seed).is_fit for seed in range(10)) <= 1
