"""Says, before a build, about how much a language model would be asked and would answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from pydantic import BaseModel

from app.hierarchy.leaf_plan import leaf_plan
from app.hierarchy.parameters import BuildParameters
from app.labelling import aspect_phrases, aspects, claims
from app.labelling.naming_question import (
    FEWEST_PAPERS,
    MOST_CHARACTERS,
    MOST_EXEMPLARS,
    MOST_OF_A_TOPIC,
    MOST_TOGETHER,
    N_AT_RANDOM,
    SYSTEM,
    NamedTopics,
)
from app.labelling.quoting import LONGEST_ABSTRACT

FAMILY = 4
CHARACTERS_A_TOKEN = 4.0
_AROUND_A_QUESTION, _AROUND_A_TOPIC, _AROUND_A_PAPER = 400, 300, 30
_ANSWER_TOKENS, _ANSWER_TOKENS_A_TOPIC = 15, 45
_ANSWER_TOKENS_OF_CLAIMS, _ANSWER_TOKENS_A_PHRASE, _ANSWER_TOKENS_AN_ASPECT = 110, 20, 40
_PHRASE = 40
"""Characters of what a paper says under an aspect."""
REPAIRS = 1.15
"""Some answers are sent back, with the question and the answer."""


@dataclass(frozen=True, slots=True)
class Texts:
    """How long the papers of a corpus are: mean characters, each counted as far as it is quoted."""

    n_papers: int
    title: float
    abstract: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """About what naming the topics of a hierarchy takes."""

    n_topics: int
    n_calls: int
    tokens_in: int
    tokens_out: int


def estimate_naming(texts: Texts, families: Sequence[int] | None = None) -> Estimate:
    """Estimate the questions and tokens it takes to name the topics of a hierarchy.

    Parameters
    ----------
    texts : Texts
        Of the corpus.
    families : sequence of int, optional
        Numbers of siblings under each parent, where a hierarchy is there already; guessed if left out.

    Returns
    -------
    Estimate
        Tokens are a quarter of the characters, as English takes; within a factor of 2 on real corpora.
    """
    families = guess_families(texts.n_papers) if families is None else families
    n_quoted = min(MOST_EXEMPLARS + N_AT_RANDOM, texts.n_papers)
    n_calls, characters, tokens_out = 0, 0.0, 0
    for family in families:
        n_parts = -(-family // MOST_TOGETHER)
        room = min(MOST_OF_A_TOPIC, MOST_CHARACTERS * n_parts / family) / n_quoted
        paper = texts.title + min(texts.abstract, LONGEST_ABSTRACT, max(room - texts.title, 0))
        n_calls += n_parts
        characters += n_parts * _around(SYSTEM, NamedTopics)
        characters += family * (_AROUND_A_TOPIC + n_quoted * (paper + _AROUND_A_PAPER))
        tokens_out += n_parts * _ANSWER_TOKENS + family * _ANSWER_TOKENS_A_TOPIC
    return _estimate(sum(families), n_calls, characters, tokens_out)


def estimate_claims(texts: Texts) -> Estimate:
    """Estimate the questions and tokens it takes to have so many papers read for what they claim."""
    n_calls = ceil(texts.n_papers / claims.PAPERS_TOGETHER)
    characters = _of_papers(claims.SYSTEM, claims.ClaimsOfPapers, texts, n_calls)
    return _estimate(0, n_calls, characters, texts.n_papers * _ANSWER_TOKENS_OF_CLAIMS)


def estimate_aspects(texts: Texts) -> Estimate:
    """Estimate what proposing aspects, filing every paper under each and naming the topics takes.

    For the most aspects there can be: how many the model proposes is not known before.
    """
    if not texts.n_papers:
        return Estimate(0, 0, 0, 0)
    n_calls = ceil(texts.n_papers / aspect_phrases.PAPERS_TOGETHER)
    n_phrases = texts.n_papers * aspects.MOST_ASPECTS
    proposing = _of_papers(aspects.SYSTEM, aspects.ProposedAspects, texts, 1, aspects.MOST_OF_A_PAPER)
    filing = _of_papers(aspect_phrases.SYSTEM, aspect_phrases.PhrasesOfPapers, texts, n_calls)
    tokens_out = aspects.MOST_ASPECTS * _ANSWER_TOKENS_AN_ASPECT + n_phrases * _ANSWER_TOKENS_A_PHRASE
    asked = _estimate(0, 1 + n_calls, proposing + filing, tokens_out)
    naming = estimate_naming(Texts(texts.n_papers, _PHRASE, texts.title))
    return Estimate(
        naming.n_topics * aspects.MOST_ASPECTS,
        asked.n_calls + naming.n_calls * aspects.MOST_ASPECTS,
        asked.tokens_in + naming.tokens_in * aspects.MOST_ASPECTS,
        asked.tokens_out + naming.tokens_out * aspects.MOST_ASPECTS,
    )


def guess_families(n_papers: int) -> list[int]:
    """Guess how many siblings stand under each parent in the hierarchy of so many papers.

    >>> guess_families(100), guess_families(2)
    ([9], [])
    """
    n_topics = leaf_plan(n_papers, BuildParameters())[1] if n_papers >= 2 * FEWEST_PAPERS else 0
    n_topics = min(n_topics, n_papers // FEWEST_PAPERS)
    families: list[int] = []
    while n_topics > 1:
        n_parents = ceil(n_topics / FAMILY) if n_topics > 3 * FAMILY else 1
        families += [n_topics // n_parents + (number < n_topics % n_parents) for number in range(n_parents)]
        n_topics = n_parents
    return families


def _estimate(n_topics: int, n_calls: int, characters: float, tokens_out: int) -> Estimate:
    return Estimate(
        n_topics, n_calls, ceil(REPAIRS * characters / CHARACTERS_A_TOKEN), ceil(REPAIRS * tokens_out)
    )


def _of_papers(
    system: str, answer: type[BaseModel], texts: Texts, n_calls: int, most: int = LONGEST_ABSTRACT
) -> float:
    """Count the characters of so many questions that quote every paper once between them."""
    paper = texts.title + min(texts.abstract, most) + _AROUND_A_PAPER
    return n_calls * _around(system, answer) + texts.n_papers * paper


def _around(system: str, answer: type[BaseModel]) -> int:
    return len(system) + len(str(answer.model_json_schema())) + _AROUND_A_QUESTION
