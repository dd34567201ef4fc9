"""Says, before a build, about how much a language model would be asked and would answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from app.hierarchy.leaf_plan import leaf_plan
from app.hierarchy.parameters import BuildParameters
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
        characters += n_parts * (len(SYSTEM) + _schema_length() + _AROUND_A_QUESTION)
        characters += family * (_AROUND_A_TOPIC + n_quoted * (paper + _AROUND_A_PAPER))
        tokens_out += n_parts * _ANSWER_TOKENS + family * _ANSWER_TOKENS_A_TOPIC
    tokens_in = ceil(REPAIRS * characters / CHARACTERS_A_TOKEN)
    return Estimate(sum(families), n_calls, tokens_in, ceil(REPAIRS * tokens_out))


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


def _schema_length() -> int:
    return len(str(NamedTopics.model_json_schema()))
