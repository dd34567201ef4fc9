"""Random operations, undo and redo against a model that keeps, for each paper, the list of its homes."""

from typing import Any
from uuid import UUID, uuid5

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from app.corrections.carry_out import carry_back, carry_out
from app.corrections.changes import reverse
from app.corrections.compare import fingerprint
from app.corrections.conflicts import Conflict
from app.corrections.operations import (
    AddHome,
    AssignPaper,
    Change,
    CreateTopic,
    DeleteTopic,
    Group,
    LiftRejection,
    Lock,
    MergeTopics,
    MoveTopic,
    Operation,
    RejectAssignment,
    RemovePaper,
    RenameTopic,
    SplitTopic,
    Unlock,
    operation_from_json,
    operation_to_json,
)
from app.corrections.state import Placement, State, Topic

ROOT = UUID(int=0)
N_PAPERS = 8
PAPERS = [UUID(int=1000 + n) for n in range(N_PAPERS)]
NUMBERS = st.integers(0, 10_000)


class Model:
    """Parents, labels, homes (the first one first), marks and locks; nothing clever."""

    def __init__(self) -> None:
        self.parents: dict[UUID, UUID | None] = {ROOT: None}
        self.labels: dict[UUID, str] = {ROOT: "all"}
        self.homes: dict[UUID, list[UUID]] = {paper: [] for paper in PAPERS}
        self.wrong: set[tuple[UUID, UUID]] = set()
        self.locked: set[UUID] = set()

    def above(self, topic: UUID | None) -> list[UUID]:
        path = []
        while topic is not None:
            path.append(topic)
            topic = self.parents[topic]
        return path

    def below(self, topic: UUID) -> set[UUID]:
        return {one for one in self.parents if topic in self.above(one)}

    def may_stand(self, paper: UUID, topic: UUID) -> bool:
        return not any((paper, above) in self.wrong for above in self.above(topic))

    def is_sound(self) -> bool:
        return all(self.may_stand(paper, home) for paper, homes in self.homes.items() for home in homes)

    def set_homes(self, paper: UUID, homes: list[UUID]) -> bool:
        """Give a paper homes; tell whether nothing locked stands against it."""
        old = self.homes[paper]
        roles = {topic: topic == old[0] for topic in old}, {topic: topic == homes[0] for topic in homes}
        touched = {topic for topic in {*old, *homes} if roles[0].get(topic) != roles[1].get(topic)}
        self.homes[paper] = homes
        return not (touched and paper in self.locked) and not touched & self.locked


class Corrections(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.state = State({ROOT: Topic(None, 0, "all")}, {paper: Placement(None, 0.0) for paper in PAPERS})
        self.model = Model()
        self.n_made = 0
        self.log: list[tuple[Operation, list[Change]]] = []
        self.start = fingerprint(self.state)

    def topic(self, number: int) -> UUID:
        return sorted(self.model.parents)[number % len(self.model.parents)]

    def new_topic(self) -> UUID:
        self.n_made += 1
        return uuid5(ROOT, str(self.n_made))

    def try_out(self, operation: Operation, possible: bool) -> bool:
        """Carry an operation out, and see that it is refused just when the model says so."""
        before = fingerprint(self.state)
        refusal: Conflict | None = None
        try:
            self.log.append((operation, carry_out(self.state, operation)))
        except Conflict as conflict:
            refusal = conflict
        assert (refusal is None) == possible, (operation, refusal)
        assert possible or fingerprint(self.state) == before
        return possible

    @initialize()
    def some_topics(self) -> None:
        for n in range(3):
            self.create(n)

    @rule(parent=NUMBERS)
    def create(self, parent: int) -> None:
        above, made = self.topic(parent), self.new_topic()
        self.try_out(CreateTopic(above, "new", topic=made), possible=True)
        self.model.parents[made], self.model.labels[made] = above, "new"

    @rule(number=NUMBERS, label=st.sampled_from(["a", "b", "c"]))
    def rename(self, number: int, label: str) -> None:
        topic = self.topic(number)
        if self.try_out(RenameTopic(topic, label), topic not in self.model.locked):
            self.model.labels[topic] = label

    @rule(number=NUMBERS, onto=NUMBERS)
    def move(self, number: int, onto: int) -> None:
        topic, parent = self.topic(number), self.topic(onto)
        model = self.model
        possible = topic != ROOT and topic not in model.locked and topic not in model.above(parent)
        if topic != ROOT and model.parents[topic] == parent:
            possible = topic not in model.locked
        old = model.parents[topic]
        if possible:
            model.parents[topic] = parent
            possible = model.is_sound()
        if not self.try_out(MoveTopic(topic, parent), possible):
            model.parents[topic] = old

    @rule(paper=st.sampled_from(PAPERS), number=NUMBERS, kind=st.sampled_from([AssignPaper, AddHome]))
    def place(self, paper: UUID, number: int, kind: Any) -> None:
        topic, model = self.topic(number), self.model
        old = model.homes[paper]
        others = [home for home in old if home != topic]
        as_first = kind is AssignPaper or not old or old[0] == topic
        homes = [topic, *[home for home in old[1:] if home != topic]] if as_first else [*others, topic]
        # A place that a person confirms is another place: it is sure.
        free = paper not in model.locked and topic not in model.locked
        confirmed = self.is_sure(paper, topic, first=as_first) and homes == old
        possible = (model.set_homes(paper, homes) and free and model.may_stand(paper, topic)) or confirmed
        if not self.try_out(kind(paper, topic), possible):
            model.homes[paper] = old

    def is_sure(self, paper: UUID, topic: UUID, *, first: bool) -> bool:
        placement = self.state.papers[paper]
        if first:
            return (
                placement.topic == topic and placement.placed_by == "person" and placement.confidence == 1.0
            )
        return any(home.topic == topic and home.placed_by == "person" for home in placement.seconds)

    @rule(
        paper=st.sampled_from(PAPERS), number=NUMBERS, kind=st.sampled_from([RemovePaper, RejectAssignment])
    )
    def take_out(self, paper: UUID, number: int, kind: Any) -> None:
        topic, model = self.topic(number), self.model
        old = model.homes[paper]
        within = model.below(topic)
        left = [home for home in old if home not in within]
        if left and old and left[0] != old[0]:
            # Whichever is surest; all were put there by a person, so the highest id.
            left = [max(left), *[home for home in left if home != max(left)]]
        allowed = model.set_homes(paper, left)
        possible = allowed and (topic != ROOT if kind is RejectAssignment else left != old)
        if not self.try_out(kind(paper, topic), possible):
            model.homes[paper] = old
        elif kind is RejectAssignment:
            model.wrong.add((paper, topic))

    @rule(paper=st.sampled_from(PAPERS), number=NUMBERS)
    def lift(self, paper: UUID, number: int) -> None:
        topic, wrong = self.topic(number), self.model.wrong
        if self.try_out(LiftRejection(paper, topic), (paper, topic) in wrong):
            wrong.discard((paper, topic))

    @rule(number=NUMBERS, to=st.sampled_from(["parent", "unassigned"]))
    def delete(self, number: int, to: Any) -> None:
        topic, model = self.topic(number), self.model
        children = [one for one, parent in model.parents.items() if parent == topic]
        residents = [paper for paper, homes in model.homes.items() if topic in homes]
        possible = topic != ROOT and not {topic, *children, *residents} & model.locked
        parent = model.parents[topic]
        if possible and residents:
            touched = {parent} if to == "parent" else set()
            if to == "unassigned":
                touched = {
                    max(home for home in model.homes[paper] if home != topic)
                    for paper in residents
                    if model.homes[paper][0] == topic and len(model.homes[paper]) > 1
                }
            possible = self.delete_is_free(topic, parent, residents, to, touched)
        if not self.try_out(DeleteTopic(topic, to), possible):
            return
        for child in children:
            model.parents[child] = parent
        for paper in residents:
            model.homes[paper] = self.homes_in_state(paper)
            assert topic not in model.homes[paper]
            if to == "parent" and parent is not None:
                assert parent in {one for home in model.homes[paper] for one in model.above(home)}
        del model.parents[topic], model.labels[topic]

    def delete_is_free(
        self, topic: UUID, parent: UUID | None, residents: list[UUID], to: str, touched: set[UUID | None]
    ) -> bool:
        if to == "unassigned":
            return not touched & self.model.locked
        for paper in residents:
            homes = self.model.homes[paper]
            first = parent if homes[0] == topic else homes[0]
            said_above = parent in self.model.above(first) if homes[0] != topic else False
            changes_parent = not said_above
            if changes_parent and parent in self.model.locked:
                return False
        return True

    def homes_in_state(self, paper: UUID) -> list[UUID]:
        return list(self.state.papers[paper].homes())

    @rule(number=NUMBERS, into=NUMBERS)
    def merge(self, number: int, into: int) -> None:
        source, target = self.topic(number), self.topic(into)
        model = self.model
        if model.locked or model.wrong:  # What stands against a merge is tested by examples.
            return
        possible = source not in (ROOT, target) and source not in model.above(target)
        if not self.try_out(MergeTopics((source,), target), possible):
            return
        for one, parent in model.parents.items():
            if parent == source:
                model.parents[one] = target
        del model.parents[source], model.labels[source]
        for paper, homes in model.homes.items():
            if source in homes:
                now = self.homes_in_state(paper)
                first = target if homes[0] == source else homes[0]
                assert now[0] == first
                kept = set(homes) - {source} | {target}
                assert set(now) == kept or set(now) == kept - {target}
                assert target in {one for home in now for one in model.above(home)}
                model.homes[paper] = now

    @rule(number=NUMBERS, share=st.integers(1, 3), n_children=st.integers(0, 2))
    def split(self, number: int, share: int, n_children: int) -> None:
        topic, model = self.topic(number), self.model
        residents = sorted(paper for paper, homes in model.homes.items() if topic in homes)[:share]
        children = sorted(one for one, parent in model.parents.items() if parent == topic)[:n_children]
        part = self.new_topic()
        group = Group("part", tuple(residents), topic=part, children=tuple(children))
        possible = not {topic, *residents, *children} & model.locked
        if self.try_out(SplitTopic(topic, (group,)), possible):
            model.parents[part], model.labels[part] = topic, "part"
            model.parents |= dict.fromkeys(children, part)
            for paper in residents:
                homes = model.homes[paper]
                model.homes[paper] = [part if home == topic else home for home in homes]

    @rule(
        number=NUMBERS,
        paper=st.sampled_from(PAPERS),
        of_topic=st.booleans(),
        kind=st.sampled_from([Lock, Unlock]),
    )
    def lock(self, number: int, paper: UUID, of_topic: bool, kind: Any) -> None:
        one = self.topic(number) if of_topic else paper
        self.try_out(kind(topic=one) if of_topic else kind(paper=one), possible=True)
        if kind is Lock:
            self.model.locked.add(one)
        else:
            self.model.locked.discard(one)

    @rule()
    def all_back_and_again(self) -> None:
        """Undo everything, last first, and do it again: both are exact."""
        end = fingerprint(self.state)
        for _, changes in reversed(self.log):
            carry_back(self.state, reverse(changes))
        assert fingerprint(self.state) == self.start
        for operation, changes in self.log:
            again = carry_out(self.state, operation_from_json(operation_to_json(operation)))
            assert sorted(map(str, again)) == sorted(map(str, changes))
        assert fingerprint(self.state) == end

    @invariant()
    def is_what_the_model_says(self) -> None:
        model, state = self.model, self.state
        assert {one: topic.parent for one, topic in state.topics.items()} == model.parents
        assert {one: topic.label for one, topic in state.topics.items()} == model.labels
        for paper, homes in model.homes.items():
            now = self.homes_in_state(paper)
            assert now[:1] == homes[:1]
            assert set(now) == set(homes)
            assert len(now) == len(homes)
        assert {(paper, topic) for paper, marked in state.rejected.items() for topic in marked} == model.wrong
        locked = {one for one, topic in state.topics.items() if topic.locked}
        locked |= {one for one, place in state.papers.items() if place.locked}
        assert locked == model.locked & {*model.parents, *PAPERS}

    @invariant()
    def is_sound(self) -> None:
        model = self.model
        assert set(self.state.in_order()) == set(model.parents)
        assert all(model.above(topic)[-1] == ROOT for topic in model.parents)
        assert model.is_sound()
        for topic, residents in self.state.residents.items():
            assert residents == {paper for paper, homes in model.homes.items() if topic in homes}


TestCorrections = Corrections.TestCase
TestCorrections.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
