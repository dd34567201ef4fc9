"""Asks a language model for the names of a few sibling topics, and says what is wrong with its answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

from app.labelling.grounds import Grounds, same_words
from app.labelling.label_text import (
    LONGEST_DESCRIPTION,
    LONGEST_LABEL,
    description_faults,
    label_faults,
    tidy_description,
    tidy_label,
)
from app.labelling.llm.asking import Question
from app.labelling.quoting import DATA_RULE, as_data, quote_paper, wrong_ids

PURPOSE = "label_topics"
MOST_TOGETHER = 12
"""Siblings in one question; a larger family is asked about in several."""

MOST_CHARACTERS, MOST_OF_A_TOPIC = 40_000, 9_000
"""Quoted from papers in one question, and for one topic of it."""

FEWEST_PAPERS = 3
"""Papers of a topic worth naming; nothing can be grounded in fewer."""

MOST_EXEMPLARS, N_AT_RANDOM = 8, 2
"""Papers quoted of a topic: those nearest its centroid, and some that nobody can place themselves among."""

GROUNDED_DESCRIPTION = 0.5
"""Share of a description's content words that must be grounded; the verbs that join them seldom are."""

BROAD, MIDDLE, NARROW = "broad field", "area of research", "specific problem"

SYSTEM = f"""You name topics of a hierarchy of scientific papers. {DATA_RULE}

Each of "topics" is a group of papers that an algorithm found together; all are siblings under the topic at
the end of "path". Give each a label and a one-sentence description, for a reader who knows the field.

- The label is a noun phrase of 1 to 6 words, at most {LONGEST_LABEL} characters, in sentence case, as the
  papers' own field would say it. Use words that many of the quoted papers write. No markup, no quotation
  marks, no numbering, no full stop, no address.
- "kind" says how wide the label must be: a "{BROAD}" as a part of a library is called, an
  "{MIDDLE}" within the path, a "{NARROW}" as narrow as its papers allow. A topic with
  "narrower" topics must cover all of them, not one of them.
- Siblings must be told apart by their labels alone; no label may repeat one in "path", "narrower" or "taken".
- "keyphrases" are what the papers of a topic write more than its siblings' papers do.
- The description says in one sentence of at most {LONGEST_DESCRIPTION} characters what the papers share.
- Answer for every id exactly once, and copy the ids as they are."""


class NamedTopic(BaseModel):
    """What the model calls one topic."""

    model_config = ConfigDict(extra="forbid")

    id: str
    # For the model to see; held by `label_faults`, so that one long label does not spoil its siblings'.
    label: str = Field(json_schema_extra={"maxLength": LONGEST_LABEL})
    description: str = Field(json_schema_extra={"maxLength": LONGEST_DESCRIPTION})


class NamedTopics(BaseModel):
    """The answer: constant for all questions, so that a server compiles its grammar once."""

    model_config = ConfigDict(extra="forbid")

    topics: list[NamedTopic]


@dataclass(frozen=True, slots=True)
class Sibling:
    """A topic to be named, with what the model is shown of it and what its label is held to.

    ``papers`` are (title, abstract), the most representative first; ``narrower`` the labels of its children;
    ``forbidden`` the labels that topics above and below it bear, as `same_words`.
    """

    topic: int
    subject: str
    kind: str
    keyphrases: tuple[str, ...]
    narrower: tuple[str, ...]
    papers: tuple[tuple[str, str], ...]
    grounds: Grounds
    forbidden: frozenset[frozenset[str]]


@dataclass(frozen=True, slots=True)
class Name:
    """A label and a description the model gave, tidied, and what is wrong with the label, if anything.

    ``fault`` is one of ``label-not-usable``, ``label-not-grounded``, ``label-not-distinct``; ``reason`` tells
    the model. The description is empty where it is not fit to be shown.
    """

    label: str
    description: str
    fault: str | None = None
    reason: str = ""


class Naming:
    """The names asked for in one question; holds an answer to its demands.

    Parameters
    ----------
    siblings : sequence of Sibling
        At most `MOST_TOGETHER`, of one parent.
    path : sequence of str
        Labels from below the root to the parent.
    about_parent : sequence of str
        The parent's keyphrases.
    taken : sequence of str
        Labels of the siblings that are asked about elsewhere.
    """

    def __init__(
        self,
        siblings: Sequence[Sibling],
        *,
        path: Sequence[str],
        about_parent: Sequence[str],
        taken: Sequence[str],
    ) -> None:
        self.siblings = {f"t{number}": own for number, own in enumerate(siblings, start=1)}
        self._path, self._about_parent, self._taken = list(path), list(about_parent), list(taken)

    def question(self) -> Question[NamedTopics]:
        """Write the question."""
        most = min(MOST_OF_A_TOPIC, MOST_CHARACTERS // max(len(self.siblings), 1))
        document = {
            "path": self._path,
            "keyphrases_of_parent": self._about_parent,
            "taken": self._taken,
            "topics": [_shown(key, own, most) for key, own in self.siblings.items()],
        }
        return Question(
            purpose=PURPOSE,
            system=SYSTEM,
            prompt=as_data(document),
            schema=NamedTopics,
            subjects=tuple(own.subject for own in self.siblings.values()),
            max_output_tokens=200 + 150 * len(self.siblings),
            check=self._check,
            enough=self._check_ids,
        )

    def read(self, answer: NamedTopics) -> dict[int, Name]:
        """Give the name of each topic, with its fault if it has one; the ids must be right."""
        given = {own.id: own for own in answer.topics}
        names: dict[int, Name] = {}
        labels = set(map(same_words, self._taken))
        for key, own in self.siblings.items():
            name = _read(given[key], own, labels)
            labels.add(same_words(name.label))
            names[own.topic] = name
        return names

    def _check(self, answer: NamedTopics) -> list[str]:
        if faults := self._check_ids(answer):
            return faults
        names = self.read(answer)
        return [
            f"The label of {key} {names[own.topic].reason}."
            for key, own in self.siblings.items()
            if names[own.topic].fault
        ]

    def _check_ids(self, answer: NamedTopics) -> list[str]:
        """Say what makes a whole answer useless; a label that cannot be mended spoils only its own topic."""
        return wrong_ids(list(self.siblings), [own.id for own in answer.topics])


def _shown(key: str, sibling: Sibling, most_characters: int) -> dict[str, object]:
    each = most_characters // max(len(sibling.papers), 1)
    shown: dict[str, object] = {"id": key, "kind": sibling.kind, "keyphrases": list(sibling.keyphrases)}
    if sibling.narrower:
        shown["narrower"] = list(sibling.narrower)
    return {**shown, "papers": [quote_paper(*paper, most_characters=each) for paper in sibling.papers]}


def _read(given: NamedTopic, sibling: Sibling, labels: set[frozenset[str]]) -> Name:
    label, description = tidy_label(given.label), tidy_description(given.description)
    is_fit = not description_faults(description)
    if not is_fit or sibling.grounds.share(description) < GROUNDED_DESCRIPTION:
        description = ""
    if faults := label_faults(label):
        return Name(label, description, "label-not-usable", " and ".join(faults))
    if missing := sibling.grounds.missing(label):
        reason = f"uses words that too few of its papers write: {', '.join(missing)}"
        return Name(label, description, "label-not-grounded", reason)
    if same_words(label) in labels:
        return Name(label, description, "label-not-distinct", "says the same as a sibling's")
    if same_words(label) in sibling.forbidden:
        return Name(label, description, "label-not-distinct", "says the same as one above or below it")
    return Name(label, description)
