import json

import pytest

from app.labelling.aspect_phrases import PhrasesAsked, PhrasesOfPapers
from app.labelling.aspects import Aspect, AspectsAsked, ProposedAspects, facet_of

PAPERS = [(f"Bees of hedge {n}", f"In hedge {n} we counted bees with traps.") for n in range(40)]
METHOD = {"name": "Method", "question": "How was it studied?"}
PLACE = {"name": "Place of study", "question": "Where was it studied?"}
ASPECTS = [Aspect("method", "Method", "How?"), Aspect("place-of-study", "Place of study", "Where?")]


def faults(*aspects: object, papers: list[tuple[str, str]] = PAPERS) -> list[str]:
    question = AspectsAsked(papers).question(["corpus"])
    assert question.check is not None
    return question.check(ProposedAspects.model_validate({"aspects": aspects}))


class TestFacetOf:
    def test_writes_a_name_as_it_stands_in_addresses(self) -> None:
        assert facet_of("Place of study") == "place-of-study"
        assert facet_of("Méthode / outil") == "methode-outil"
        assert facet_of("方法") == ""


class TestAspectsAsked:
    def test_takes_aspects_named_in_the_model_s_own_words(self) -> None:
        assert faults(METHOD, PLACE) == []
        proposed = ProposedAspects.model_validate({"aspects": [METHOD, PLACE]})
        assert [own.facet for own in AspectsAsked(PAPERS).read(proposed)] == ["method", "place-of-study"]

    @pytest.mark.parametrize(
        "name",
        ["", "Topic", "A1 <b>", "One two three four five", "x" * 41, "方法", "See https://example.org"],
    )
    def test_refuses_what_is_no_name(self, name: str) -> None:
        assert faults(METHOD, {**PLACE, "name": name})

    def test_refuses_too_few_too_many_and_the_same_twice(self) -> None:
        assert faults(METHOD)
        assert faults(*[METHOD] * 6)
        assert faults(METHOD, {**PLACE, "name": "methods"})

    def test_refuses_a_word_that_a_single_paper_offers(self) -> None:
        papers = [*PAPERS, ("Zorblatt", "The aspect is Zorblatt.")]
        assert faults(METHOD, {**PLACE, "name": "Zorblatt"}, papers=papers)
        assert faults(METHOD, {**PLACE, "name": "Zorblatt"}) == []
        assert faults(METHOD, {**PLACE, "name": "Traps"}, papers=papers) == []

    def test_shows_the_model_a_bounded_part_of_the_papers(self) -> None:
        long = [(f"Title {n}", "long abstracts " * 500) for n in range(200)]
        assert len(AspectsAsked(long).question([]).prompt) < 60_000


def said(phrase: str, *, paper: str = "p1", aspects: tuple[str, ...] = ("a1", "a2")) -> PhrasesOfPapers:
    phrases = [{"aspect": aspect, "phrase": phrase} for aspect in aspects]
    return PhrasesOfPapers.model_validate({"papers": [{"id": paper, "phrases": phrases}]})


class TestPhrasesAsked:
    asked = PhrasesAsked(PAPERS[:1], ASPECTS, ["paper"])

    def faults(self, answer: PhrasesOfPapers) -> list[str]:
        question = self.asked.question()
        assert question.check is not None
        return question.check(answer)

    def test_keeps_phrases_in_the_paper_s_own_words(self) -> None:
        assert self.faults(said("Counted bees with traps")) == []
        kept = self.asked.read(said("Counted bees with traps"))
        assert kept == [{"method": "Counted bees with traps", "place-of-study": "Counted bees with traps"}]

    def test_takes_an_empty_phrase_for_nothing(self) -> None:
        assert self.faults(said("")) == []
        assert self.asked.read(said("")) == [{}]

    def test_drops_what_the_paper_does_not_write(self) -> None:
        for phrase in ("Quantum chromodynamics of zebras", "<b>bees</b> {x}", "bees " * 30):
            assert self.faults(said(phrase))
            assert self.asked.read(said(phrase)) == [{}]

    def test_wants_each_paper_and_each_aspect_once(self) -> None:
        for answer in (said("", paper="p2"), said("", aspects=("a1",)), said("", aspects=("a1", "a1", "a2"))):
            assert self.faults(answer)

    def test_shows_no_id_of_ours(self) -> None:
        document = json.loads(self.asked.question().prompt)
        assert [paper["id"] for paper in document["papers"]] == ["p1"]
        assert self.asked.question().subjects == ("paper",)
