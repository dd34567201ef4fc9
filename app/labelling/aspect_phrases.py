"""Asks a language model what papers say under each aspect, in a phrase that is then embedded."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from app.labelling.aspects import Aspect
from app.labelling.grounds import ground_in
from app.labelling.label_text import label_faults, tidy_label
from app.labelling.llm.asking import Question
from app.labelling.quoting import DATA_RULE, as_data, quote_paper, wrong_ids

PURPOSE = "phrase_aspects"
PAPERS_TOGETHER = 6
GROUNDED_PHRASE = 0.6
_MOST_CHARACTERS = 1500

SYSTEM = f"""You file scientific papers under given aspects. {DATA_RULE}

For each paper answer the question of each aspect in a noun phrase of 2 to 10 words, at most 80 characters, in
the paper's own terms. Where the paper says nothing about an aspect, give an empty phrase; do not guess.
No markup, no address. Answer for every id of a paper exactly once, and in it for every id of an aspect
exactly once; copy the ids as they are."""


class Phrase(BaseModel):
    """What one paper says under one aspect."""

    model_config = ConfigDict(extra="forbid")

    aspect: str
    phrase: str


class PhrasesOfPaper(BaseModel):
    """What one paper says."""

    model_config = ConfigDict(extra="forbid")

    id: str
    phrases: list[Phrase]


class PhrasesOfPapers(BaseModel):
    """The answer: constant for all questions."""

    model_config = ConfigDict(extra="forbid")

    papers: list[PhrasesOfPaper]


class PhrasesAsked:
    """What a few papers say under some aspects, asked for in one question.

    Parameters
    ----------
    papers : sequence of (title, abstract)
        At most `PAPERS_TOGETHER`.
    aspects : sequence of Aspect
        Those of their corpus.
    subjects : sequence of str
        What the audit calls each paper.
    """

    def __init__(
        self, papers: Sequence[tuple[str, str]], aspects: Sequence[Aspect], subjects: Sequence[str]
    ) -> None:
        self._papers = {f"p{number}": paper for number, paper in enumerate(papers, start=1)}
        self._aspects = {f"a{number}": aspect for number, aspect in enumerate(aspects, start=1)}
        self._subjects = tuple(subjects)

    def question(self) -> Question[PhrasesOfPapers]:
        """Write the question."""
        asked = [
            {"id": key, "name": own.name, "question": own.question} for key, own in self._aspects.items()
        ]
        quoted = [
            {"id": key, **quote_paper(*paper, most_characters=_MOST_CHARACTERS)}
            for key, paper in self._papers.items()
        ]
        return Question(
            purpose=PURPOSE,
            system=SYSTEM,
            prompt=as_data({"aspects": asked, "papers": quoted}),
            schema=PhrasesOfPapers,
            subjects=self._subjects,
            max_output_tokens=100 + 60 * len(self._papers) * (1 + len(self._aspects)),
            check=self._check,
            enough=self._check_ids,
        )

    def read(self, answer: PhrasesOfPapers) -> list[dict[str, str]]:
        """Give the phrases that can be kept of each paper, by facet, in the papers' order."""
        given = {own.id: {one.aspect: tidy_label(one.phrase) for one in own.phrases} for own in answer.papers}
        kept = []
        for key, paper in self._papers.items():
            fit = {name: own for name, own in given[key].items() if own and not _faults(own, paper)}
            kept.append({self._aspects[name].facet: own for name, own in fit.items()})
        return kept

    def _check(self, answer: PhrasesOfPapers) -> list[str]:
        if faults := self._check_ids(answer):
            return faults
        for own in answer.papers:
            for one in own.phrases:
                phrase = tidy_label(one.phrase)
                reasons = _faults(phrase, self._papers[own.id]) if phrase else []
                faults += (
                    [f"The phrase of {own.id}, {one.aspect} {' and '.join(reasons)}."] if reasons else []
                )
        return faults

    def _check_ids(self, answer: PhrasesOfPapers) -> list[str]:
        faults = wrong_ids(list(self._papers), [own.id for own in answer.papers])
        for own in answer.papers:
            named = [one.aspect for one in own.phrases]
            faults += [f"In {own.id}: {fault}" for fault in wrong_ids(list(self._aspects), named)]
        return faults


def _faults(phrase: str, paper: tuple[str, str]) -> list[str]:
    faults = label_faults(phrase)
    if not faults and ground_in(paper).share(phrase) < GROUNDED_PHRASE:
        faults.append("must be in the paper's own words")
    return faults
