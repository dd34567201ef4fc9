import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from statistics import mean
from typing import Any

import pytest

from app import corpus
from app.hierarchy.build import build_hierarchy
from app.hierarchy.parameters import BuildParameters
from app.hierarchy.tree import topic_children
from app.index.exact import nearest_neighbours
from app.labelling.aspect_phrases import PAPERS_TOGETHER, PhrasesAsked
from app.labelling.aspects import MOST_ASPECTS, Aspect, AspectsAsked
from app.labelling.claims import PAPERS_TOGETHER as PAPERS_TO_READ
from app.labelling.claims import ClaimsAsked
from app.labelling.estimate import (
    CHARACTERS_A_TOKEN,
    Texts,
    estimate_aspects,
    estimate_claims,
    estimate_naming,
    guess_families,
)
from app.labelling.keyphrases import label_topics
from app.labelling.llm.asking import Question
from app.labelling.relabel import relabel
from tests.fakes import HashEmbedder, ScriptedAsker, sensible_names

SAMPLE = Path(next(iter(corpus.__path__))) / "sample" / "papers.jsonl"


def sample() -> list[tuple[str, str]]:
    rows = [json.loads(line) for line in SAMPLE.read_text(encoding="utf-8").splitlines()]
    return [(row["title"], row["abstract"]) for row in rows]


class TestEstimateNaming:
    def test_is_within_a_factor_of_two_of_what_is_asked_about_the_sample(self) -> None:
        texts = sample()
        vectors = HashEmbedder().embed([f"{title}\n\n{abstract}" for title, abstract in texts])
        parameters = BuildParameters()
        neighbours = nearest_neighbours(vectors, parameters.neighbours)
        tree = build_hierarchy(vectors, neighbours=neighbours, parameters=parameters, seed=0)
        answers = []

        def answer(question: Question[Any], _: int) -> Any:
            document = json.loads(question.prompt)
            names = sensible_names(document)
            for name, topic in zip(names["topics"], document["topics"], strict=True):
                # As long as a sentence about a topic is.
                name["description"] = f"These papers are about {topic['papers'][0]['title']}."
            answers.append(names)
            return names

        asker = ScriptedAsker(answer)
        relabel(tree, label_topics(texts, tree, vectors), texts, asker)
        schema = json.dumps(asker.questions[0].schema.model_json_schema())
        sent = sum(len(own.system) + len(schema) + len(own.prompt) for own in asker.questions)
        received = sum(len(json.dumps(one)) for one in answers)
        lengths = Texts(len(texts), *(mean(map(len, parts)) for parts in zip(*texts, strict=True)))
        families = [len(children) for children in topic_children(tree.parents) if children]
        for estimate in (estimate_naming(lengths, families), estimate_naming(lengths)):
            assert 0.5 < estimate.n_calls / len(asker.questions) < 2
            assert 0.5 < estimate.n_topics / (len(tree.parents) - 1) < 2
            assert 0.5 < estimate.tokens_in / (sent / CHARACTERS_A_TOKEN) < 2
            assert 0.5 < estimate.tokens_out / (received / CHARACTERS_A_TOKEN) < 2

    def test_follows_the_hierarchy_that_is_there(self) -> None:
        estimate = estimate_naming(Texts(1000, 80, 1000), [5, 4, 30])
        assert (estimate.n_topics, estimate.n_calls) == (39, 5)

    def test_asks_nothing_where_there_are_no_topics(self) -> None:
        for n_papers in (0, 1, 5):
            assert estimate_naming(Texts(n_papers, 80, 900)).tokens_in == 0

    def test_quotes_no_more_of_long_abstracts(self) -> None:
        assert estimate_naming(Texts(800, 80, 1000)) == estimate_naming(Texts(800, 80, 9000))


def lengths_of(texts: list[tuple[str, str]]) -> Texts:
    return Texts(len(texts), *(mean(map(len, parts)) for parts in zip(*texts, strict=True)))


def tokens_of(questions: Sequence[Question[Any]]) -> float:
    sent = sum(
        len(own.system) + len(str(own.schema.model_json_schema())) + len(own.prompt) for own in questions
    )
    return sent / CHARACTERS_A_TOKEN


class TestEstimateClaims:
    def test_is_near_what_is_asked(self) -> None:
        texts = sample()[:137]
        asked = [
            ClaimsAsked(own, [""] * len(own)).question()
            for own in (texts[at : at + PAPERS_TO_READ] for at in range(0, len(texts), PAPERS_TO_READ))
        ]
        estimate = estimate_claims(lengths_of(texts))
        assert (estimate.n_topics, estimate.n_calls) == (0, len(asked))
        assert 0.7 < estimate.tokens_in / tokens_of(asked) < 1.5

    def test_is_nothing_where_all_is_known(self) -> None:
        estimate = estimate_claims(Texts(0, 0, 0))
        assert (estimate.n_calls, estimate.tokens_in, estimate.tokens_out) == (0, 0, 0)


class TestEstimateAspects:
    def test_holds_proposing_filing_and_naming(self) -> None:
        texts = sample()[:137]
        aspects = [Aspect(f"a{number}", "Method used", "How was it done?") for number in range(MOST_ASPECTS)]
        asked = [AspectsAsked(texts).question([""])] + [
            PhrasesAsked(own, aspects, [""] * len(own)).question()
            for own in (texts[at : at + PAPERS_TOGETHER] for at in range(0, len(texts), PAPERS_TOGETHER))
        ]
        lengths = lengths_of(texts)
        estimate = estimate_aspects(lengths)
        naming = estimate_naming(Texts(len(texts), 40, lengths.title))
        assert estimate.n_topics == MOST_ASPECTS * naming.n_topics
        assert estimate.n_calls == len(asked) + MOST_ASPECTS * naming.n_calls
        assert 0.7 < (estimate.tokens_in - MOST_ASPECTS * naming.tokens_in) / tokens_of(asked) < 1.5

    def test_is_nothing_for_an_empty_corpus(self) -> None:
        assert estimate_aspects(Texts(0, 0, 0)).n_calls == 0


class TestGuessFamilies:
    @pytest.mark.parametrize(("n_papers", "n_topics"), [(800, 63), (5165, 310), (22456, 1170)])
    def test_comes_near_what_real_corpora_were_divided_into(self, n_papers: int, n_topics: int) -> None:
        assert 0.7 < sum(guess_families(n_papers)) / n_topics < 1.4

    def test_grows_more_slowly_than_the_papers(self) -> None:
        n_topics = [sum(guess_families(n)) for n in (100, 1000, 10_000, 100_000)]
        assert n_topics == sorted(n_topics)
        assert all(later < 10 * earlier for earlier, later in pairwise(n_topics))
        assert max(guess_families(100_000)) <= 12
