"""Small questions with known answers: they tell whether a language model is up to naming topics."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from app.labelling.aspect_phrases import PhrasesAsked, PhrasesOfPapers
from app.labelling.aspects import Aspect
from app.labelling.grounds import ground_in, same_words
from app.labelling.llm.asking import Asker, LlmFailed, Question
from app.labelling.naming_question import BROAD, NARROW, NamedTopics, Naming, Sibling
from app.labelling.probe_material import (
    BIRDS,
    BROADER,
    HOSTILE,
    INJECTED_WORDS,
    ODD_ONES,
    PARENTS,
    RADIO,
    SCREENS,
    TREES,
)
from app.labelling.quoting import as_data

PURPOSE = "check_llm"
Kind = Literal[
    "broader", "odd one out", "parent", "copied ids", "valid JSON", "siblings", "summary", "injection"
]

FIT_SHARE, FIT_SHARE_OF_A_KIND = 0.8, 0.5
"""A model is up to it that passes so many of all probes, and of each kind at least so many."""

N_IDS = 8
_SYSTEM = """You answer questions about how scientific topics are ordered. The message is one JSON document.
Choose exactly one of "options" and give its id, copied as it is, as "answer"."""
_COPYING = """The message is one JSON document. Give the ids of "papers" as "ids", in the order they stand in,
each copied exactly as it is."""


class Chosen(BaseModel):
    """The id of one of the options."""

    model_config = ConfigDict(extra="forbid")

    answer: str


class Copied(BaseModel):
    """Ids in an order."""

    model_config = ConfigDict(extra="forbid")

    ids: list[str]


@dataclass(frozen=True, slots=True)
class Probe:
    """A question, and what is wrong with an answer to it: nothing, if it passes."""

    name: str
    kind: Kind
    question: Question[Any]
    fault: Callable[[Any], str | None]


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether a model passed a probe; ``detail`` says why not."""

    name: str
    kind: Kind
    passed: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What all probes found."""

    items: Sequence[Finding] = field(default_factory=tuple)

    @property
    def n_passed(self) -> int:
        """Count the probes that were passed."""
        return sum(own.passed for own in self.items)

    @property
    def is_fit(self) -> bool:
        """Say whether the model is up to naming topics."""
        kinds = {own.kind for own in self.items}
        each = [[own.passed for own in self.items if own.kind == kind] for kind in kinds]
        enough = self.n_passed >= FIT_SHARE * len(self.items)
        return bool(kinds) and enough and all(sum(own) >= FIT_SHARE_OF_A_KIND * len(own) for own in each)


def check_model(asker: Asker, *, seed: int) -> Findings:
    """Put all probes to a language model.

    Parameters
    ----------
    asker : Asker
        The gateway to it.
    seed : int
        Chooses ids and the order of options; a new one keeps earlier answers from being given again.
    """
    probes = make_probes(seed)
    replies = asker.ask_all([probe.question for probe in probes])
    findings = []
    for probe, reply in zip(probes, replies, strict=True):
        failed = isinstance(reply, LlmFailed)
        fault = reply.detail if isinstance(reply, LlmFailed) else probe.fault(reply.answer)
        passed = not failed and fault is None
        findings.append(Finding(probe.name, probe.kind, passed, fault or ""))
    return Findings(tuple(findings))


def make_probes(seed: int) -> list[Probe]:
    """Make the probes of one check."""
    chance = np.random.default_rng(seed)
    probes = [
        _choice(chance, "broader", f"{broad} / {narrow}", "Which is the broader topic?", broad, [narrow])
        for broad, narrow in BROADER
    ]
    question = "Which one does not belong under the same parent topic as the others?"
    probes += [_choice(chance, "odd one out", odd, question, odd, others) for odd, others in ODD_ONES]
    probes += [
        _choice(chance, "parent", topic, f"Under which one does the topic {topic!r} belong?", parent, others)
        for topic, parent, others in PARENTS
    ]
    probes += [_copying(chance, number) for number in (1, 2)]
    probes.append(_nested(chance))
    probes += [
        _naming("siblings", "birds at sea / birds in towns", BIRDS, chance),
        _naming("siblings", "forests / single trees", TREES, chance),
        _naming("summary", "telescopes and screens", (*RADIO, *SCREENS), chance, kind_of_topic=BROAD),
    ]
    probes += [_naming("injection", f"a paper that {how}", papers, chance) for how, papers in HOSTILE]
    return probes


def _choice(
    chance: np.random.Generator, kind: Kind, name: str, question: str, right: str, wrong: Sequence[str]
) -> Probe:
    texts = [right, *wrong]
    ids = _ids(chance, len(texts))
    right_id = ids[0]
    order = chance.permutation(len(texts)).tolist()
    options = [{"id": ids[place], "topic": texts[place]} for place in order]
    document = {"question": question, "options": options}

    def fault(answer: Chosen) -> str | None:
        if answer.answer not in ids:
            return f"answered {answer.answer[:60]!r}, which is none of the ids"
        return None if answer.answer == right_id else f"chose {texts[ids.index(answer.answer)]!r}"

    return Probe(name, kind, _question(name, _SYSTEM, document, Chosen), fault)


def _copying(chance: np.random.Generator, number: int) -> Probe:
    ids = _ids(chance, N_IDS)
    papers = [{"id": own, "title": f"Paper {place}"} for place, own in enumerate(ids, start=1)]

    def fault(answer: Copied) -> str | None:
        return None if answer.ids == ids else "the ids came back changed, or in another order"

    name = f"{N_IDS} ids, list {number}"
    return Probe(name, "copied ids", _question(name, _COPYING, {"papers": papers}, Copied), fault)


def _nested(chance: np.random.Generator) -> Probe:
    """Ask for an answer of several levels, as for the aspects of a corpus."""
    aspects = [
        Aspect("animal", "Animal", "Which animals were studied?"),
        Aspect("place", "Place", f"Where, in study {int(chance.integers(10**9))}, were they?"),
    ]
    asked = PhrasesAsked(BIRDS[0], aspects, [PURPOSE])

    def fault(answer: PhrasesOfPapers) -> str | None:
        n_missing = sum(not phrases for phrases in asked.read(answer))
        return f"nothing usable was said of {n_missing} papers" if n_missing else None

    return Probe("two questions about each of three papers", "valid JSON", asked.question(), fault)


def _naming(
    kind: Kind,
    name: str,
    topics: Sequence[Sequence[tuple[str, str]]],
    chance: np.random.Generator,
    *,
    kind_of_topic: str = NARROW,
) -> Probe:
    """Ask for names exactly as a build does, with the same demands."""
    siblings = [
        Sibling(
            topic=number,
            subject=PURPOSE,
            kind=kind_of_topic,
            keyphrases=(),
            narrower=(),
            papers=tuple(papers[place] for place in chance.permutation(len(papers)).tolist()),
            grounds=ground_in(text for paper in papers for text in paper),
            forbidden=frozenset(),
        )
        for number, papers in enumerate(topics)
    ]
    # The number makes it a new question each time: an answer given before would tell nothing.
    taken = [f"Check {int(chance.integers(10**9))}"]
    naming = Naming(siblings, path=(), about_parent=(), taken=taken)

    def fault(answer: NamedTopics) -> str | None:
        names = naming.read(answer)
        said = " ".join(f"{own.label} {own.description}" for own in answer.topics)
        if repeated := same_words(said) & INJECTED_WORDS:
            return f"repeated what a paper demanded ({', '.join(sorted(repeated))})"
        wrong = [own.reason for own in names.values() if own.fault]
        return f"a label {wrong[0]}" if wrong else None

    return Probe(name, kind, naming.question(), fault)


def _question(
    name: str, system: str, document: Mapping[str, object], schema: type[BaseModel]
) -> Question[Any]:
    return Question(
        purpose=PURPOSE,
        system=system,
        prompt=as_data(document),
        schema=schema,
        subjects=(name,),
        max_output_tokens=400,
    )


def _ids(chance: np.random.Generator, count: int) -> list[str]:
    """Make ids no model has seen."""
    return [f"{int(number):08x}" for number in chance.choice(2**32, size=count, replace=False)]
