import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from app.hierarchy.tree import NO_TOPIC, Hierarchy
from app.labelling.grounds import same_words
from app.labelling.keyphrases import label_topics
from app.labelling.label import TopicLabel
from app.labelling.llm.asking import (
    LlmBreakerOpen,
    LlmBudgetSpent,
    LlmFailed,
    LlmRefused,
    LlmTimedOut,
    Question,
)
from app.labelling.naming_question import MOST_CHARACTERS, MOST_TOGETHER
from app.labelling.relabel import AT_ONCE, Relabelled, relabel
from tests.fakes import ScriptedAsker, sensible_names
from tests.unit.labelling.papers import field_vectors, make_papers

# The root, two topics, and two leaves below each: bees and batteries, glaciers and timetables.
PARENTS = [NO_TOPIC, 0, 0, 1, 1, 2, 2]


def make_corpus() -> tuple[list[tuple[str, str]], Hierarchy, list[TopicLabel]]:
    texts, fields = make_papers(12)
    leaves = np.array([3, 4, 5, 6])[fields]
    hierarchy = make_hierarchy(PARENTS, leaves)
    return texts, hierarchy, label_topics(texts, hierarchy, field_vectors(fields))


def make_hierarchy(parents: list[int], assignments: Any) -> Hierarchy:
    n_papers = len(assignments)
    filed = np.array(assignments, dtype=np.int64)
    nowhere = np.full(n_papers, NO_TOPIC, dtype=np.int64)
    return Hierarchy(np.array(parents, np.int64), filed, np.ones(n_papers, np.float32), filed, nowhere)


def asked_with(change: Callable[[Any, Any], Any]) -> ScriptedAsker:
    """Ask a model that answers sensibly, but for a change made to its answer in sight of the prompt."""

    def answer(question: Question[Any], _: int) -> Any:
        document = json.loads(question.prompt)
        return change(document, sensible_names(document))

    return ScriptedAsker(answer)


def run(asker: ScriptedAsker) -> tuple[list[TopicLabel], Relabelled]:
    texts, hierarchy, labels = make_corpus()
    return labels, relabel(hierarchy, labels, texts, asker)


class TestRelabel:
    def test_lets_the_model_name_every_topic_below_the_root(self) -> None:
        asker = asked_with(lambda _, answer: answer)
        before, after = run(asker)
        assert [own.named_by for own in after.labels] == ["keyphrases", *["llm"] * 6]
        assert after.n_by_llm == 6
        assert not after.kept
        assert all(own.call_id for own in after.labels[1:])
        assert after.labels[0] == before[0]
        assert [own.keyphrases for own in after.labels] == [own.keyphrases for own in before]

    def test_asks_bottom_up_with_the_children_s_new_labels_and_one_question_a_family(self) -> None:
        asker = asked_with(lambda _, answer: answer)
        _, after = run(asker)
        documents = [json.loads(question.prompt) for question in asker.questions]
        assert [len(document["topics"]) for document in documents] == [2, 2, 2]
        assert [len(document["path"]) for document in documents] == [1, 1, 0]
        assert {topic["kind"] for document in documents[:2] for topic in document["topics"]} == {
            "specific problem"
        }
        upper = documents[2]["topics"]
        assert {topic["kind"] for topic in upper} == {"broad field"}
        assert upper[0]["narrower"] == [after.labels[3].label, after.labels[4].label]

    def test_names_the_topics_to_the_audit_and_not_to_the_model(self) -> None:
        texts, hierarchy, labels = make_corpus()
        asker = asked_with(lambda _, answer: answer)
        names = [f"subject-{n}" for n in range(7)]
        relabel(hierarchy, labels, texts, asker, subjects=names)
        assert {name for question in asker.questions for name in question.subjects} == set(names[1:])
        assert all("subject-" not in question.prompt for question in asker.questions)

    def test_asks_the_same_again_word_for_word(self) -> None:
        first, second = asked_with(lambda _, answer: answer), asked_with(lambda _, answer: answer)
        run(first)
        run(second)
        assert [one.prompt for one in first.questions] == [one.prompt for one in second.questions]

    @pytest.mark.parametrize(
        ("label", "reason"),
        [
            ("Quantum chromodynamics", "label-not-grounded"),
            ("Approach", "label-not-grounded"),
            ("See https://example.org/bees", "label-not-usable"),
            ("<img src=x> {{bees}}", "label-not-usable"),
        ],
    )
    def test_keeps_one_topic_s_keyphrase_label_and_renames_its_sibling(self, label: str, reason: str) -> None:
        def spoil(document: Any, answer: Any) -> Any:
            answer["topics"][0]["label"] = label
            return answer

        before, after = run(asked_with(spoil))
        assert after.kept == {reason: 3}
        for topic in range(1, 7):
            is_first = topic in (1, 3, 5)
            assert (after.labels[topic] == before[topic]) == is_first

    def test_asks_twice_for_repair_and_is_content_with_it(self) -> None:
        told = []

        def answer(question: Question[Any], repairs: int) -> Any:
            told.append(repairs)
            names = sensible_names(json.loads(question.prompt))
            if repairs < 2:
                names["topics"][0]["label"] = "Zebras"
            return names

        _, after = run(ScriptedAsker(answer))
        assert told == [0, 1, 2] * 3
        assert after.n_by_llm == 6

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda topics: topics[:-1],
            lambda topics: [*topics, topics[0]],
            lambda topics: [*topics, {**topics[0], "id": "t99"}],
            lambda topics: [{**topic, "id": topic["id"].upper()} for topic in topics],
            lambda topics: [],
        ],
    )
    def test_takes_nothing_from_an_answer_about_other_ids(self, spoil: Callable[[Any], Any]) -> None:
        before, after = run(asked_with(lambda _, answer: {"topics": spoil(answer["topics"])}))
        assert after.labels == before
        assert after.kept == {"llm-answer-invalid": 6}

    def test_lets_no_siblings_say_the_same(self) -> None:
        def repeat(document: Any, answer: Any) -> Any:
            for topic in answer["topics"]:
                topic["label"] = "Interest"  # Grounded everywhere: half of all papers write it.
            return answer

        _, after = run(asked_with(repeat))
        for family in ((1, 2), (3, 4), (5, 6)):
            assert len({same_words(after.labels[topic].label) for topic in family}) == 2
        for topic, parent in enumerate(PARENTS[1:], start=1):
            assert same_words(after.labels[topic].label) != same_words(after.labels[parent].label)
        assert after.kept["label-not-distinct"] >= 3

    def test_takes_no_label_that_a_sibling_falls_back_to(self) -> None:
        texts, hierarchy, labels = make_corpus()

        def swap(document: Any, answer: Any) -> Any:
            first, second = answer["topics"]
            first["label"] = "Zebras"
            second["label"] = document["topics"][0]["keyphrases"][0]
            return answer

        labels = [replace(own, label=own.keyphrases[0]) if own.keyphrases else own for own in labels]
        after = relabel(hierarchy, labels, texts, asked_with(swap))
        for family in ((1, 2), (3, 4), (5, 6)):
            assert len({same_words(after.labels[topic].label) for topic in family}) == 2

    def test_keeps_the_extractive_sentence_when_the_description_is_not_grounded(self) -> None:
        def preach(document: Any, answer: Any) -> Any:
            for topic in answer["topics"]:
                topic["description"] = "Zebras bought lottery tickets because everybody wanted more money."
            return answer

        before, after = run(asked_with(preach))
        assert [own.description for own in after.labels] == [own.description for own in before]
        assert after.n_by_llm == 6

    @pytest.mark.parametrize("failure", [LlmBudgetSpent, LlmBreakerOpen])
    def test_asks_no_more_when_there_is_no_use_in_it(self, failure: type[LlmFailed]) -> None:
        asker = ScriptedAsker(lambda question, _: failure("No more."))
        before, after = run(asker)
        assert after.labels == before
        assert len(asker.questions) == 2  # Those of the level that was being asked about.
        assert after.kept == {failure.slug: 6}

    def test_goes_on_after_a_question_that_failed(self) -> None:
        n_asked = 0

        def answer(question: Question[Any], _: int) -> Any:
            nonlocal n_asked
            n_asked += 1
            return LlmTimedOut("Too slow.") if n_asked == 1 else sensible_names(json.loads(question.prompt))

        before, after = run(ScriptedAsker(answer))
        assert after.kept == {"llm-timed-out": 2}
        assert after.n_by_llm == 4
        assert after.labels[3:5] == before[3:5]

    def test_stops_when_everything_is_refused(self) -> None:
        asker = ScriptedAsker(lambda question, _: LlmRefused("A wrong key."))
        _, after = run(asker)
        assert len(asker.questions) == 2
        assert after.kept == {"llm-refused": 6}

    def test_tells_how_far_it_is_and_can_be_stopped_there(self) -> None:
        texts, hierarchy, labels = make_corpus()
        seen = []

        def stop(done: int, total: int) -> None:
            seen.append((done, total))
            if done:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            relabel(hierarchy, labels, texts, asked_with(lambda _, answer: answer), progress=stop)
        assert seen == [(0, 6), (4, 6)]

    def test_is_complete_for_a_root_alone(self) -> None:
        asker = asked_with(lambda _, answer: answer)
        label = TopicLabel("All papers", (), "", ())
        for n_papers in (0, 1, 3):
            texts = [("A title", "")] * n_papers
            after = relabel(make_hierarchy([NO_TOPIC], [0] * n_papers), [label], texts, asker)
            assert after.labels == [label]
        assert asker.questions == []

    def test_does_not_ask_about_topics_in_which_nothing_can_be_grounded(self) -> None:
        texts, fields = make_papers(12)
        leaves = np.array([1, 2, 3, 4])[fields]
        leaves[fields.index(3) : -2] = 3
        hierarchy = make_hierarchy([NO_TOPIC, 0, 0, 0, 0], leaves)
        labels = label_topics(texts, hierarchy, field_vectors(fields))
        after = relabel(hierarchy, labels, texts, asked_with(lambda _, answer: answer))
        assert after.kept == {"too-few-papers": 1}
        assert after.labels[4] == labels[4]


class TestALargeFamily:
    def test_is_divided_into_questions_of_bounded_size(self) -> None:
        n_topics = 2 * MOST_TOGETHER + 1
        long = " ".join(["rivers of long abstracts"] * 300)
        texts = [(f"River {n} and lake {n // 12}", long) for n in range(12 * n_topics)]
        hierarchy = make_hierarchy([NO_TOPIC] + [0] * n_topics, [1 + n // 12 for n in range(len(texts))])
        labels = [TopicLabel("All papers", (), "", ())]
        labels += [
            TopicLabel(f"Lake {n}", (f"lake {n}", f"lakes {n}"), "", tuple(range(12 * n, 12 * n + 8)))
            for n in range(n_topics)
        ]
        asker = asked_with(lambda _, answer: answer)
        relabel(hierarchy, labels, texts, asker)
        assert len(asker.questions) == 3 <= AT_ONCE
        assert sum(len(json.loads(question.prompt)["topics"]) for question in asker.questions) == n_topics
        assert max(len(question.prompt) for question in asker.questions) < 1.3 * MOST_CHARACTERS
        shown = json.loads(asker.questions[0].prompt)
        assert len(shown["taken"]) == n_topics - len(shown["topics"])
