"""Names the parts that were found in a topic, by what sets them apart or by the children they hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.corrections.state import State
from app.db.tables import BuildRow, PaperRow, TopicRow
from app.hierarchy.tree import NO_TOPIC, Hierarchy, Indices
from app.index.embedder import Vectors
from app.labelling.choose import LONGEST_LABEL
from app.labelling.exemplars import shorten
from app.labelling.grounds import same_words
from app.labelling.keyphrases import label_topics
from app.labelling.label import TopicLabel

MOST_READ = 600
"""Papers that are read for the labels of all parts."""


@dataclass(frozen=True, slots=True)
class Divided:
    """Papers, the part each is in, and the child of the topic where parts are made of those.

    Attributes
    ----------
    papers : list of UUID
        In the order of the arrays.
    vectors : ndarray of shape (n_papers, n_dimensions), float32
        Unit vectors.
    parts : ndarray of shape (n_papers,), int64
        From 0, none empty.
    child_of : ndarray of shape (n_papers,), int64, or None
        From 0, none empty; a child is in one part.
    names : sequence of str
        What each part is called if nothing else has that name; none where keyphrases name it.
    """

    papers: list[UUID]
    vectors: Vectors
    parts: Indices
    child_of: Indices | None = None
    names: Sequence[str] = ()


def label_parts(session: Session, state: State, topic: UUID, divided: Divided) -> list[TopicLabel]:
    """Name the parts of a topic; no label says what one above or below the topic does.

    Exemplars are rows of ``divided``.
    """
    n_parts = int(divided.parts.max()) + 1
    members = [np.flatnonzero(divided.parts == number) for number in range(n_parts)]
    read = np.sort(np.concatenate([_some(own, MOST_READ // n_parts) for own in members]))
    texts = _read(session, [divided.papers[row] for row in read])
    labels = label_topics(texts, _tree_of(divided, read, n_parts), divided.vectors[read])
    taken = {same_words(state.topics[one].label) for one in (*state.up_from(topic), *state.below(topic))}
    found = []
    for number, label in enumerate(labels[1 : n_parts + 1]):
        last = f"{state.topics[topic].label} ({number + 1})"
        offers = (*divided.names[number : number + 1], label.label, *label.keyphrases, last)
        name = next((one for one in offers if same_words(one) not in taken), last)
        taken.add(same_words(name))
        exemplars = tuple(read[list(label.exemplars)].tolist())
        found.append(TopicLabel(name, label.keyphrases, label.description, exemplars))
    return found


def name_after(session: Session, build: BuildRow, state: State, topics: Sequence[UUID]) -> str:
    """Make a label of the first phrases of two topics': what is inside says more of a broad part.

    What is common to many papers is seldom a phrase that they write.
    """
    heads = [state.topics[topic].label.split(" & ")[0] for topic in topics[:2]]
    query = select(TopicRow.keyphrases).where(TopicRow.build_id == build.id, TopicRow.id.in_(topics[:2]))
    # A label begins with a capital letter, whatever the phrase does.
    written = {phrase.casefold(): phrase for phrases in session.scalars(query) for phrase in phrases}
    name = " & ".join(written.get(head.casefold(), head) for head in heads)
    return shorten(name[:1].upper() + name[1:], LONGEST_LABEL)


def _read(session: Session, papers: Sequence[UUID]) -> list[tuple[str, str]]:
    query = select(PaperRow.id, PaperRow.title, PaperRow.abstract).where(PaperRow.id.in_(papers))
    texts = {paper: (title, abstract) for paper, title, abstract in session.execute(query)}
    return [texts[paper] for paper in papers]


def _some(rows: Indices, most: int) -> Indices:
    """Take evenly of many."""
    if len(rows) <= most:
        return rows
    return rows[np.linspace(0, len(rows) - 1, most).astype(np.int64)]


def _tree_of(divided: Divided, rows: Indices, n_parts: int) -> Hierarchy:
    """Make a root with the parts below it, and their children below those, where there are some."""
    parts = divided.parts[rows]
    parents, filed = [NO_TOPIC, *[0] * n_parts], parts + 1
    if divided.child_of is not None:
        _, firsts, places = np.unique(divided.child_of[rows], return_index=True, return_inverse=True)
        filed = places.astype(np.int64) + len(parents)
        parents += (parts[firsts] + 1).tolist()
    return Hierarchy(
        parents=np.array(parents, dtype=np.int64),
        assignments=filed,
        confidences=np.ones(len(parts), dtype=np.float32),
        best_guesses=filed,
        runners_up=np.full(len(parts), NO_TOPIC, dtype=np.int64),
    )
