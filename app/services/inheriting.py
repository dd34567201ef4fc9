"""What the topics of a new build inherit from the same topics of earlier ones: ids and labels."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import cast
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.corrections.adapt import ids_made, topics_named
from app.corrections.matching import SAME_NAME, Match, TopicPapers, match_topics
from app.corrections.state import State
from app.db.tables import BuildRow, HierarchyRow
from app.hierarchy.tree import NO_TOPIC, Hierarchy, topic_depths
from app.labelling.label import NamedBy, TopicLabel
from app.services.correction_states import load_evidence, load_output
from app.services.obeying import holding_entries


@dataclass(frozen=True, slots=True)
class Inherited:
    """The ids of a build's topics, and the earlier labels of those that changed little."""

    ids: list[UUID]
    parents: list[int]
    labels: dict[int, TopicLabel]

    def rename(self, labels: Sequence[TopicLabel]) -> list[TopicLabel]:
        """Give topics the labels they had, with the new evidence for them.

        A language model's word takes the place of keyphrases, and siblings are not called alike.
        """
        kept = {
            topic: replace(old, keyphrases=labels[topic].keyphrases, exemplars=labels[topic].exemplars)
            for topic, old in self.labels.items()
            if old.named_by == "llm" or labels[topic].named_by != "llm"
        }
        while True:
            named = [kept.get(topic, label) for topic, label in enumerate(labels)]
            names = [
                (parent, label.label.casefold()) for parent, label in zip(self.parents, named, strict=True)
            ]
            counts = Counter(names)
            alike = [topic for topic in kept if counts[names[topic]] > 1]
            if not alike:
                return named
            for topic in alike:
                del kept[topic]


def inherit(
    session: Session, hierarchy: HierarchyRow, build: BuildRow, tree: Hierarchy, paper_ids: Sequence[UUID]
) -> Inherited:
    """Match the topics of a new build to those of the live one, and to others that corrections speak of.

    A topic that is none of them is named by the papers in it, so that it has the same id wherever it is
    found again.
    """
    old, labels = _read_old(session, hierarchy, build)
    members = _members(tree, paper_ids)
    matches = _match(old, tree, members)
    kept = {
        topic: labels[match.topic]
        for topic, match in enumerate(matches)
        if match is not None and match.jaccard >= SAME_NAME
    }
    return Inherited(_name(hierarchy.id, members, matches), tree.parents.tolist(), kept)


def match_tree(state: State, tree: Hierarchy, paper_ids: Sequence[UUID]) -> list[Match | None]:
    """Match the topics of a tree to those of what another build gave; the root has no match."""
    old = {one: topic for one, topic in topic_papers(state).items() if state.topics[one].parent is not None}
    return _match(old, tree, _members(tree, paper_ids))


def topic_papers(state: State) -> dict[UUID, TopicPapers]:
    """Give the papers in each topic and below it, by first homes."""
    inside: dict[UUID, set[UUID]] = {topic: set() for topic in state.topics}
    for paper, placement in state.papers.items():
        for above in state.up_from(placement.topic) if placement.topic is not None else ():
            inside[above].add(paper)
    return {
        one: TopicPapers(len(state.up_from(one)) - 1, frozenset(papers)) for one, papers in inside.items()
    }


def _match(
    old: dict[UUID, TopicPapers], tree: Hierarchy, members: Sequence[frozenset[UUID]]
) -> list[Match | None]:
    depths = topic_depths(tree.parents).tolist()
    new = [TopicPapers(depth, papers) for depth, papers in zip(depths, members, strict=True)]
    return [None, *match_topics(old, new[1:])]


def _name(
    hierarchy_id: UUID, members: Sequence[frozenset[UUID]], matches: Sequence[Match | None]
) -> list[UUID]:
    taken = {match.topic for match in matches if match is not None}
    ids = [uuid5(hierarchy_id, "root")]
    for papers, match in zip(members[1:], matches[1:], strict=True):
        if match is not None:
            ids.append(match.topic)
            continue
        digest = sha256(b"".join(sorted(paper.bytes for paper in papers))).hexdigest()
        number = 1
        while (own := uuid5(hierarchy_id, f"{digest}:{number}")) in taken:
            number += 1
        taken.add(own)
        ids.append(own)
    return ids


def _members(tree: Hierarchy, paper_ids: Sequence[UUID]) -> list[frozenset[UUID]]:
    """Give the papers in each topic and below it, by first homes."""
    members: list[set[UUID]] = [set() for _ in tree.parents]
    for row, topic in enumerate(tree.assignments.tolist()):
        while topic != NO_TOPIC:
            members[topic].add(paper_ids[row])
            topic = int(tree.parents[topic])
    return [frozenset(papers) for papers in members]


def _read_old(
    session: Session, hierarchy: HierarchyRow, build: BuildRow
) -> tuple[dict[UUID, TopicPapers], dict[UUID, TopicLabel]]:
    old: dict[UUID, TopicPapers] = {}
    labels: dict[UUID, TopicLabel] = {}
    if hierarchy.live_build_id is None:
        return old, labels
    state = load_output(session, hierarchy.live_build_id)
    _add_topics(session, hierarchy.live_build_id, state, set(state.topics), old, labels)
    wanted = _spoken_of(session, hierarchy, build, set(state.topics))
    query = select(BuildRow.id).where(BuildRow.hierarchy_id == hierarchy.id, BuildRow.output.is_not(None))
    query = query.where(BuildRow.id.not_in([build.id, hierarchy.live_build_id]))
    for build_id in session.scalars(query.order_by(BuildRow.built_at.desc())) if wanted else ():
        state = load_output(session, build_id)
        _add_topics(session, build_id, state, wanted & state.topics.keys(), old, labels)
        wanted -= state.topics.keys()
    return old, labels


def _add_topics(
    session: Session,
    build_id: UUID,
    state: State,
    wanted: set[UUID],
    old: dict[UUID, TopicPapers],
    labels: dict[UUID, TopicLabel],
) -> None:
    inside = topic_papers(state)
    evidence = load_evidence(session, build_id)
    for one in wanted:
        topic = state.topics[one]
        if topic.parent is None:
            continue
        old[one] = inside[one]
        call = evidence.get(str(one), [None, None, None])[2]
        by = cast("NamedBy", topic.named_by)
        labels[one] = TopicLabel(topic.label, (), topic.description, (), by, call and UUID(call))


def _spoken_of(session: Session, hierarchy: HierarchyRow, build: BuildRow, known: set[UUID]) -> set[UUID]:
    """Name the machine's topics that corrections speak of and that are not known."""
    operations = [entry.operation for entry in holding_entries(session, hierarchy.id)]
    named = {one for operation in operations for one in topics_named(operation)}
    return named - known - {one for operation in operations for one in ids_made(operation)}
