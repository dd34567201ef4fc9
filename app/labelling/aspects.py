"""Asks a language model by which aspects papers can be divided: CHIME's root aspects, each a facet."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

from app.labelling.grounds import FEWEST_PAPERS as FEWEST_WRITING
from app.labelling.grounds import LEAST_SHARE, content_words, same_words
from app.labelling.label_text import description_faults, tidy_description, tidy_label
from app.labelling.llm.asking import Question
from app.labelling.quoting import DATA_RULE, as_data, quote_paper

PURPOSE = "propose_aspects"
FEWEST_ASPECTS, MOST_ASPECTS = 2, 5
LONGEST_NAME, MOST_WORDS = 40, 4
SHORTEST_QUESTION = 5
RESERVED = frozenset({"topic", "topics", "paper", "papers"})

MOST_OF_A_PAPER = 400
_MOST_CHARACTERS = 40_000
_NAME = re.compile(r"[^\W\d_]+(?:[ -][^\W\d_]+)*")

SYSTEM = f"""You plan how a small collection of scientific papers can be divided. {DATA_RULE}

Propose {FEWEST_ASPECTS} to {MOST_ASPECTS} aspects of these papers: independent questions that nearly every
paper answers, and answers differently. An aspect is not a topic: "method", "population studied" or "outcome
measured" are aspects; "neural networks" is not. Each has a name of 1 to {MOST_WORDS} words, letters only, at
most {LONGEST_NAME} characters, and a question of one sentence that a reader can put to any of the papers.
The aspects must differ from each other."""


class ProposedAspect(BaseModel):
    """An aspect the model proposes."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(json_schema_extra={"maxLength": LONGEST_NAME})
    question: str = Field(json_schema_extra={"maxLength": 200})


class ProposedAspects(BaseModel):
    """The answer: constant for all questions."""

    model_config = ConfigDict(extra="forbid")

    aspects: list[ProposedAspect]


@dataclass(frozen=True, slots=True)
class Aspect:
    """A way of dividing papers; ``facet`` is its name as it stands in addresses."""

    facet: str
    name: str
    question: str


class AspectsAsked:
    """The aspects of a small corpus, asked for in one question.

    Parameters
    ----------
    papers : sequence of (title, text)
        All of them; the text is what the paper claims, or else its abstract.
    """

    def __init__(self, papers: Sequence[tuple[str, str]]) -> None:
        self._papers = list(papers)
        self._written = [{key for part in paper for key in content_words(part)} for paper in papers]

    def question(self, subjects: Sequence[str]) -> Question[ProposedAspects]:
        """Write the question."""
        each = min(MOST_OF_A_PAPER, _MOST_CHARACTERS // max(len(self._papers), 1))
        quoted = [quote_paper(*paper, most_characters=each) for paper in self._papers]
        return Question(
            purpose=PURPOSE,
            system=SYSTEM,
            prompt=as_data({"papers": quoted}),
            schema=ProposedAspects,
            subjects=tuple(subjects),
            max_output_tokens=600,
            check=self._check,
        )

    def read(self, answer: ProposedAspects) -> list[Aspect]:
        """Give the aspects as they are kept."""
        aspects = []
        for own in answer.aspects:
            name = tidy_label(own.name)
            aspects.append(Aspect(facet_of(name), name, tidy_description(own.question)))
        return aspects

    def _check(self, answer: ProposedAspects) -> list[str]:
        aspects = self.read(answer)
        if not FEWEST_ASPECTS <= len(aspects) <= MOST_ASPECTS:
            return [f"Between {FEWEST_ASPECTS} and {MOST_ASPECTS} aspects are asked for."]
        faults = []
        for number, own in enumerate(aspects, start=1):
            reasons = [
                *self._name_faults(own.name),
                *description_faults(own.question, shortest=SHORTEST_QUESTION),
            ]
            faults += [f"Aspect {number} {' and '.join(reasons)}."] if reasons else []
        if len({same_words(own.name) for own in aspects}) < len(aspects):
            faults.append("The names of the aspects must differ.")
        return faults

    def _name_faults(self, name: str) -> list[str]:
        faults = []
        if not _NAME.fullmatch(name) or len(name) > LONGEST_NAME or len(name.split()) > MOST_WORDS:
            faults.append(f"must have a name of 1 to {MOST_WORDS} words, letters only")
        if name.lower() in RESERVED or not facet_of(name):
            faults.append("must have another name")
        if self._is_of_few_papers(name):
            faults.append("must be named for what all papers have, not for words of a few of them")
        return faults

    def _is_of_few_papers(self, name: str) -> bool:
        """Say whether a name is made of words that some papers write, but too few to name all of them.

        A word that no paper writes is the model's own, as "population" is; one that a single paper writes
        may be there because that paper wants to be the name.
        """
        enough = max(FEWEST_WRITING, LEAST_SHARE * len(self._papers))
        counts = [sum(key in written for written in self._written) for key in content_words(name)]
        return any(0 < count < enough for count in counts)


def facet_of(name: str) -> str:
    """Write the name of an aspect as a facet.

    >>> facet_of("Population studied")
    'population-studied'
    """
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z]+", "-", plain).strip("-")
