from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.corrections.carry_out import carry_out
from app.corrections.changes import put_changes
from app.corrections.compare import fingerprint
from app.corrections.conflicts import Conflict
from app.corrections.obey import Entry, Obeyed, obey
from app.corrections.operations import (
    AddHome,
    AssignPaper,
    CreateTopic,
    DeleteTopic,
    DescribeTopic,
    Group,
    LiftRejection,
    Lock,
    MergeTopics,
    MoveTopic,
    Operation,
    RejectAssignment,
    RemovePaper,
    RenameTopic,
    ReorderChildren,
    SplitTopic,
    Unlock,
)
from app.corrections.state import Home, Placement, State, Topic
from tests.unit.corrections.states import NAMES, make_state, named, papers_in

TOPICS = ["root", "plants", "animals", "trees", "herbs", "birds", "m1", "m2", "m3"]
topics, papers = st.sampled_from(list(map(named, TOPICS))), st.sampled_from(list(map(named, NAMES)))
made = st.sampled_from([named("m1"), named("m2"), named("m3")])
KINDS = (AssignPaper, AddHome, RemovePaper, RejectAssignment, LiftRejection)
groups = st.builds(
    lambda one, topic, children: (Group("part", (one,) if one else (), "", topic, tuple(children)),),
    st.none() | papers,
    made,
    st.lists(topics, max_size=1),
)
operations = st.one_of(
    st.builds(RenameTopic, topics, st.sampled_from(["x", "y"])),
    st.builds(DescribeTopic, topics, st.sampled_from(["x", "y"])),
    st.builds(MoveTopic, topics, topics),
    st.builds(lambda one, into: MergeTopics((one,), into), topics, topics),
    st.builds(SplitTopic, topics, groups),
    st.builds(lambda above, one, topic: CreateTopic(above, "new", "", (one,), topic), topics, papers, made),
    st.builds(DeleteTopic, topics, st.sampled_from(["parent", "unassigned"])),
    st.builds(lambda above, one, other: ReorderChildren(above, (one, other)), topics, topics, topics),
    *(st.builds(kind, papers, topics) for kind in KINDS),
    *(st.builds(lambda one, kind=kind: kind(topic=one), topics) for kind in (Lock, Unlock)),
    *(st.builds(lambda one, kind=kind: kind(paper=one), papers) for kind in (Lock, Unlock)),
)


def correct(*asked: Operation) -> tuple[State, list[Entry]]:
    """Make corrections of the small hierarchy; those that are not possible are left out."""
    state, entries = make_state(), []
    ids: set[UUID] = set()
    for version, operation in enumerate(asked, start=2):
        new = {group.topic for group in operation.groups} if isinstance(operation, SplitTopic) else set()
        new |= {operation.topic} if isinstance(operation, CreateTopic) else set()
        if ids & new:
            continue  # Ids of topics that people make are random: none comes twice.
        try:
            carry_out(state, operation)
        except Conflict:
            continue
        ids |= new
        entries.append(Entry(named(f"step {version}"), version, 0, operation))
    return state, entries


def rebuild(new: State, *asked: Operation) -> tuple[State, Obeyed]:
    before, entries = correct(*asked)
    assert len(entries) == len(asked)
    return new, obey(new, before, entries)


def other_state(without: str) -> State:
    """The small hierarchy without a leaf: its papers stand among the herbs or trees, and one moved."""
    state = make_state()
    instead = named("trees") if without == "herbs" else named("herbs")
    for paper, placement in list(state.papers.items()):
        if placement.topic == named(without):
            state.put_paper(paper, Placement(instead, 0.4))
        elif placement.seconds:
            state.put_paper(paper, Placement(placement.topic, 0.5))
    state.put_topic(named(without), None)
    state.put_paper(named("herbs2"), Placement(named("animals"), 0.3))
    state.take_notes()
    return state


@st.composite
def new_builds(draw: st.DrawFn) -> State:
    """Some of the topics, hung anew, and papers anywhere."""
    kept = draw(st.sets(st.sampled_from(TOPICS[1:6])))
    found = {named("root"): Topic(None, 0, "root")}
    for rank, name in enumerate(draw(st.permutations(sorted(kept))), start=1):
        found[named(name)] = Topic(draw(st.sampled_from(sorted(found))), rank, f"new {name}")
    homes = st.none() | st.sampled_from(sorted(found))
    placed = {}
    for name in NAMES:
        first, second = draw(homes), draw(homes)
        seconds = (Home(second, 0.2, "machine"),) if second and first and second != first else ()
        placed[named(name)] = Placement(first, 0.5, seconds=seconds)
    return State(found, placed)


def assert_sound(state: State) -> None:
    assert [one for one, topic in state.topics.items() if topic.parent is None] == [named("root")]
    assert set(state.in_order()) == set(state.topics)
    for paper, placement in state.papers.items():
        homes = placement.homes()
        assert len(set(homes)) == len(homes)
        assert set(homes) <= set(state.topics)
        assert placement.topic is not None or not placement.seconds
        wrong = state.rejected.get(paper, set())
        assert not any(wrong.intersection(state.up_from(home)) for home in homes)


class TestTheSameBuild:
    @given(st.lists(operations, max_size=25))
    @settings(max_examples=300, deadline=None)
    def test_comes_out_as_readers_see_it(self, asked: list[Operation]) -> None:
        before, entries = correct(*asked)
        new = make_state()
        found = obey(new, before, entries)
        assert found.orphans == []
        assert found.n_obeyed == len(entries)
        assert fingerprint(new) == fingerprint(before)


class TestAnyBuild:
    @given(new_builds(), st.lists(operations, max_size=25))
    @settings(max_examples=300, deadline=None)
    def test_is_sound_and_keeps_what_is_locked(self, new: State, asked: list[Operation]) -> None:
        before, entries = correct(*asked)
        start = State(dict(new.topics), dict(new.papers), newcomers=new.newcomers)
        found = obey(new, before, entries)
        assert_sound(new)
        assert found.n_obeyed + len(found.orphans) == len(entries)
        for one, topic in before.topics.items():
            if topic.locked:
                now = new.topics[one]
                assert (now.label, now.description, now.parent, now.locked) == (
                    topic.label,
                    topic.description,
                    topic.parent,
                    True,
                )
        for deed in found.deeds:
            put_changes(start, deed.changes)
        assert fingerprint(start) == fingerprint(new)

    @given(new_builds(), st.lists(operations, max_size=25))
    @settings(max_examples=200, deadline=None)
    def test_gives_the_same_twice(self, new: State, asked: list[Operation]) -> None:
        before, entries = correct(*asked)
        again = State(dict(new.topics), dict(new.papers))
        assert obey(new, before, entries) == obey(again, before, entries)
        assert fingerprint(new) == fingerprint(again)


class TestObey:
    def test_names_moves_and_makes_topics_and_places_papers(self) -> None:
        state, found = rebuild(
            other_state("birds"),
            RenameTopic(named("trees"), "woody plants"),
            MoveTopic(named("trees"), named("animals")),
            CreateTopic(named("plants"), "ferns", papers=(named("herbs2"), named("late")), topic=named("m1")),
            AssignPaper(named("birds1"), named("m1")),
            AddHome(named("herbs1"), named("m1")),
        )
        assert found.orphans == []
        trees = state.topics[named("trees")]
        assert (trees.label, trees.named_by, trees.parent) == ("woody plants", "person", named("animals"))
        assert state.topics[named("m1")].parent == named("plants")
        assert papers_in(state, "m1") == {"herbs1", "herbs2", "birds1", "late"}

    def test_keeps_merged_and_deleted_topics_away_though_only_some_are_found(self) -> None:
        asked = (MergeTopics((named("trees"), named("birds")), named("herbs")),)
        state, found = rebuild(other_state("birds"), *asked)
        assert found.orphans == []
        assert set(state.topics) == {named(name) for name in ("root", "plants", "animals", "herbs")}
        state, found = rebuild(other_state("birds"), DeleteTopic(named("birds"), "parent"))
        assert (found.n_obeyed, found.n_needless, found.orphans) == (1, 1, [])

    def test_brings_back_what_a_topic_was_put_into(self) -> None:
        state, found = rebuild(
            other_state("birds"),
            RenameTopic(named("animals"), "beasts"),
            MoveTopic(named("trees"), named("birds")),
        )
        assert found.orphans == []
        assert state.topics[named("trees")].parent == named("birds")
        assert state.topics[named("birds")].parent == named("animals")

    def test_lists_what_has_lost_its_topic_with_the_reason(self) -> None:
        _, found = rebuild(
            other_state("birds"),
            RenameTopic(named("birds"), "fowl"),
            RenameTopic(named("trees"), "wood"),
            AssignPaper(named("trees1"), named("birds")),
        )
        assert [(one.entry.version, one.reason) for one in found.orphans] == [(2, "missing"), (4, "missing")]
        assert found.orphans[0].detail == "The build has no topic like 'fowl'."

    def test_says_nothing_of_a_topic_that_a_later_correction_takes_away(self) -> None:
        state, found = rebuild(
            other_state("birds"),
            RenameTopic(named("birds"), "fowl"),
            AssignPaper(named("trees1"), named("birds")),
            MergeTopics((named("birds"),), named("herbs")),
        )
        assert found.orphans == []
        assert state.papers[named("trees1")].topic == named("herbs")

    def test_makes_way_where_the_build_put_the_target_below(self) -> None:
        new = make_state()
        new.put_topic(named("animals"), Topic(named("trees"), 9, "animals"))
        new.take_notes()
        state, found = rebuild(new, MoveTopic(named("trees"), named("birds")))
        assert found.orphans == []
        assert state.up_from(named("trees"))[1:] == [
            named("birds"),
            named("animals"),
            named("plants"),
            named("root"),
        ]

    def test_takes_papers_out_where_they_were_marked_wrong(self) -> None:
        new = make_state()
        new.put_paper(named("birds1"), Placement(named("trees"), 0.5))
        new.take_notes()
        state, found = rebuild(
            new,
            RejectAssignment(named("birds1"), named("herbs")),
            MoveTopic(named("trees"), named("herbs")),
        )
        assert found.orphans == []
        assert state.topics[named("trees")].parent == named("herbs")
        assert "birds1" not in papers_in(state, "herbs")

    def test_puts_the_papers_of_a_split_into_their_parts_from_wherever_they_are(self) -> None:
        parts = (Group("firs", (named("trees1"),), topic=named("m1")),)
        new = make_state()
        new.put_paper(named("trees1"), Placement(named("birds"), 0.5))
        new.take_notes()
        state, found = rebuild(new, SplitTopic(named("trees"), parts))
        assert found.orphans == []
        assert papers_in(state, "m1") == {"trees1"}
        assert state.topics[named("m1")].parent == named("trees")

    def test_puts_the_children_of_a_split_into_their_part_from_wherever_they_are(self) -> None:
        part = Group("green", (), "", named("m1"), (named("trees"), named("herbs")))
        new = make_state()
        new.put_topic(named("herbs"), Topic(named("birds"), 9, "herbs"))
        new.put_topic(named("trees"), None)
        for paper in ("trees1", "trees2"):
            new.put_paper(named(paper), Placement(None, 0.0))
        new.take_notes()
        state, found = rebuild(new, SplitTopic(named("plants"), (part,)))
        assert found.orphans == []
        assert state.topics[named("m1")].parent == named("plants")
        assert state.children_of(named("m1")) == [named("herbs")]

    def test_orphans_a_split_of_whose_parts_nothing_is_left(self) -> None:
        part = Group("green", (), "", named("m1"), (named("trees"),))
        new = make_state()
        new.put_topic(named("trees"), None)
        for paper in ("trees1", "trees2"):
            new.put_paper(named(paper), Placement(None, 0.0))
        new.take_notes()
        state, found = rebuild(new, SplitTopic(named("plants"), (part,)))
        assert [one.reason for one in found.orphans] == ["missing"]
        assert named("m1") not in state.topics

    def test_leaves_papers_where_a_mark_was_lifted(self) -> None:
        mark = RejectAssignment(named("trees1"), named("plants"))
        state, found = rebuild(make_state(), mark, LiftRejection(named("trees1"), named("plants")))
        assert (found.n_obeyed, found.n_needless, found.orphans) == (2, 2, [])
        assert state.papers[named("trees1")].topic == named("trees")

    def test_obeys_a_mark_that_was_made_again(self) -> None:
        mark = RejectAssignment(named("trees1"), named("plants"))
        state, _ = rebuild(make_state(), mark, LiftRejection(named("trees1"), named("plants")), mark)
        assert state.papers[named("trees1")].topic is None
        assert state.rejected[named("trees1")] == {named("plants")}

    def test_does_nothing_of_a_correction_that_it_cannot_obey_whole(self) -> None:
        new = make_state()
        new.put_topic(named("trees"), Topic(named("animals"), 9, "trees"))
        new.put_paper(named("trees1"), Placement(named("birds"), 0.5))
        new.take_notes()
        parts = (
            Group("firs", (named("trees1"),), topic=named("m1")),
            Group("oaks", (named("trees2"),), topic=named("m2")),
        )
        state, found = rebuild(
            new,
            RejectAssignment(named("trees2"), named("animals")),
            SplitTopic(named("trees"), parts),
        )
        assert [(one.entry.version, one.reason) for one in found.orphans] == [(3, "negative")]
        assert not {named("m1"), named("m2")} & set(state.topics)
        assert state.papers[named("trees1")].topic == named("birds")


class TestLocked:
    @pytest.mark.parametrize("without", ["birds", "herbs"])
    def test_topics_and_papers_stay_as_they_were(self, without: str) -> None:
        state, found = rebuild(
            other_state(without),
            AssignPaper(named("trees1"), named("birds")),
            RenameTopic(named("birds"), "fowl"),
            Lock(topic=named("birds")),
            Lock(paper=named("herbs1")),
        )
        assert found.orphans == []
        assert state.topics[named("birds")].label == "fowl"
        assert papers_in(state, "birds") == {"birds1", "birds2", "trees1", "trees2"}
        assert state.papers[named("herbs1")] == Placement(named("herbs"), 0.5, locked=True)

    def test_topics_send_papers_up_that_a_build_put_into_them(self) -> None:
        state, _ = rebuild(other_state("trees"), Lock(topic=named("herbs")))
        assert papers_in(state, "herbs") == {"herbs1", "herbs2"}
        assert state.papers[named("trees1")].topic == named("plants")
        assert state.papers[named("trees1")].placed_by == "rule"
