"""Asks a language model what studies claim: CHIME's first step, one to three sentences a paper."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from app.labelling.grounds import ground_in, same_words
from app.labelling.label_text import description_faults, tidy_description
from app.labelling.llm.asking import Question
from app.labelling.quoting import DATA_RULE, as_data, quote_paper, wrong_ids

PURPOSE = "extract_claims"
PAPERS_TOGETHER = 5
FEWEST_CLAIMS, MOST_CLAIMS = 1, 3
GROUNDED_CLAIM = 0.6
"""Share of a claim's content words that its own paper must write."""

_MOST_CHARACTERS = 1500

SYSTEM = f"""You read abstracts of scientific papers and write down what each study claims. {DATA_RULE}

For each paper give {FEWEST_CLAIMS} to {MOST_CLAIMS} claims: what it found, showed or made, the most important
first. Each claim is one complete sentence of at most 250 characters that can be understood without the paper,
says only what the abstract says, and keeps the abstract's own terms. No markup, no address.
Answer for every id exactly once, and copy the ids as they are."""


class ClaimsOfPaper(BaseModel):
    """What the model says one paper claims."""

    model_config = ConfigDict(extra="forbid")

    id: str
    claims: list[str]


class ClaimsOfPapers(BaseModel):
    """The answer: constant for all questions."""

    model_config = ConfigDict(extra="forbid")

    papers: list[ClaimsOfPaper]


class ClaimsAsked:
    """The claims of a few papers, asked for in one question.

    Parameters
    ----------
    papers : sequence of (title, abstract)
        At most `PAPERS_TOGETHER`.
    subjects : sequence of str
        What the audit calls each.
    """

    def __init__(self, papers: Sequence[tuple[str, str]], subjects: Sequence[str]) -> None:
        self._papers = {f"p{number}": paper for number, paper in enumerate(papers, start=1)}
        self._subjects = tuple(subjects)

    def question(self) -> Question[ClaimsOfPapers]:
        """Write the question."""
        quoted = [
            {"id": key, **quote_paper(*paper, most_characters=_MOST_CHARACTERS)}
            for key, paper in self._papers.items()
        ]
        return Question(
            purpose=PURPOSE,
            system=SYSTEM,
            prompt=as_data({"papers": quoted}),
            schema=ClaimsOfPapers,
            subjects=self._subjects,
            max_output_tokens=100 + 300 * len(self._papers),
            check=self._check,
            enough=self._check_ids,
        )

    def read(self, answer: ClaimsOfPapers) -> list[list[str]]:
        """Give the claims of each paper that can be kept, in the papers' order."""
        given = {own.id: own.claims for own in answer.papers}
        kept = []
        for key, paper in self._papers.items():
            claims = {same_words(claim): claim for claim in map(tidy_description, given[key])}
            kept.append([claim for claim in claims.values() if not _faults(claim, paper)][:MOST_CLAIMS])
        return kept

    def _check(self, answer: ClaimsOfPapers) -> list[str]:
        if faults := self._check_ids(answer):
            return faults
        for own in answer.papers:
            if not FEWEST_CLAIMS <= len(own.claims) <= MOST_CLAIMS:
                faults.append(f"{own.id} must have {FEWEST_CLAIMS} to {MOST_CLAIMS} claims.")
            for claim in own.claims:
                reasons = _faults(tidy_description(claim), self._papers[own.id])
                faults += [f"A claim of {own.id} {' and '.join(reasons)}."] if reasons else []
        return faults

    def _check_ids(self, answer: ClaimsOfPapers) -> list[str]:
        return wrong_ids(list(self._papers), [own.id for own in answer.papers])


def _faults(claim: str, paper: tuple[str, str]) -> list[str]:
    faults = description_faults(claim)
    if not faults and ground_in(paper).share(claim) < GROUNDED_CLAIM:
        faults.append("must say what its abstract says, in the abstract's own words")
    return faults
