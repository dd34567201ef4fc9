import pytest

from app.corrections.carry_out import carry_back, carry_out, effect_of
from app.corrections.changes import reverse
from app.corrections.compare import difference, fingerprint
from app.corrections.conflicts import (
    ChangedSince,
    Conflict,
    IsLocked,
    NotPossible,
    NotThere,
    WasRejected,
    WouldFormCycle,
)
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
    operation_from_json,
    operation_to_json,
)
from app.corrections.state import Placement, State
from tests.unit.corrections.states import make_state, named, papers_in

PARTS = (Group("firs", (named("trees1"),), topic=named("firs")), Group("oaks", (), topic=named("oaks")))
ALL: dict[str, Operation] = {
    "rename": RenameTopic(named("trees"), "woody plants"),
    "describe": DescribeTopic(named("trees"), "Plants with wood."),
    "move": MoveTopic(named("plants"), named("birds")),
    "merge": MergeTopics((named("trees"), named("birds")), named("herbs")),
    "split": SplitTopic(named("trees"), PARTS),
    "split at children": SplitTopic(
        named("plants"), (Group("woody", topic=named("firs"), children=(named("trees"),)),)
    ),
    "split by number": SplitTopic(named("trees"), PARTS, k=2),
    "create": CreateTopic(
        named("plants"), "ferns", papers=(named("birds1"), named("late")), topic=named("f")
    ),
    "delete to parent": DeleteTopic(named("plants"), "parent"),
    "delete to unassigned": DeleteTopic(named("trees"), "unassigned"),
    "reorder": ReorderChildren(named("plants"), (named("herbs"), named("trees"))),
    "assign": AssignPaper(named("nowhere"), named("trees")),
    "add home": AddHome(named("trees1"), named("animals")),
    "remove": RemovePaper(named("trees2"), named("plants")),
    "reject": RejectAssignment(named("trees2"), named("plants")),
    "lock topic": Lock(topic=named("trees")),
    "lock paper": Lock(paper=named("trees1")),
}


def do(state: State, *operations: Operation) -> None:
    for operation in operations:
        carry_out(state, operation)


class TestEveryOperation:
    @pytest.mark.parametrize("operation", ALL.values(), ids=ALL)
    def test_changes_something_and_is_taken_back_and_done_again(self, operation: Operation) -> None:
        state = make_state()
        before = fingerprint(state)
        changes = carry_out(state, operation)
        after = fingerprint(state)
        assert after != before
        carry_back(state, reverse(changes))
        assert fingerprint(state) == before
        carry_back(state, changes)
        assert fingerprint(state) == after

    @pytest.mark.parametrize("operation", ALL.values(), ids=ALL)
    def test_is_written_and_read(self, operation: Operation) -> None:
        assert operation_from_json(operation_to_json(operation)) == operation

    @pytest.mark.parametrize("operation", [one for one in ALL.values() if not isinstance(one, Lock)])
    def test_leaves_locked_things_alone(self, operation: Operation) -> None:
        state = make_state()
        do(state, *(Lock(topic=topic) for topic in state.topics if topic != named("root")))
        do(state, *(Lock(paper=paper) for paper in state.papers))
        before = fingerprint(state)
        if isinstance(operation, ReorderChildren):
            do(state, operation)
            return
        with pytest.raises(IsLocked):
            do(state, operation)
        assert fingerprint(state) == before


class TestTopics:
    def test_take_what_is_below_along(self) -> None:
        state = make_state()
        changes = carry_out(state, MoveTopic(named("plants"), named("birds")))
        assert papers_in(state, "animals") == {"trees1", "trees2", "herbs1", "herbs2", "birds1", "birds2"}
        effect = effect_of(state, changes)
        assert set(effect.carried) == {named("trees"), named("herbs")}
        assert effect.papers_moved == []

    def test_are_merged_with_papers_and_children_each_paper_once(self) -> None:
        state = make_state()
        do(state, MergeTopics((named("trees"), named("birds"), named("animals")), named("herbs")))
        assert papers_in(state, "herbs") == {
            f"{leaf}{n}" for leaf in ("trees", "herbs", "birds") for n in (1, 2)
        }
        assert state.papers[named("trees2")].seconds == ()
        assert state.papers[named("trees2")].confidence == 0.5
        assert len(state.topics) == 3

    def test_are_split_into_parts_below_that_keep_second_homes_second(self) -> None:
        state = make_state()
        group = Group("owls", (named("trees2"), named("birds1")), topic=named("owls"))
        do(state, SplitTopic(named("birds"), (group,)))
        assert papers_in(state, "owls") == {"trees2", "birds1"}
        assert papers_in(state, "birds") == {"trees2", "birds1", "birds2"}
        assert state.papers[named("trees2")].topic == named("trees")

    def test_are_split_at_their_children_which_go_into_the_parts_with_all_below(self) -> None:
        state = make_state()
        do(state, AssignPaper(named("nowhere"), named("plants")))
        part = Group("green", (named("nowhere"),), "", named("green"), (named("trees"),))
        do(state, SplitTopic(named("plants"), (part,)))
        assert papers_in(state, "green") == {"trees1", "trees2", "nowhere"}
        assert set(state.children_of(named("plants"))) == {named("green"), named("herbs")}

    def test_are_split_by_the_machine_without_a_person_having_named_or_placed_anything(self) -> None:
        state = make_state()
        do(state, SplitTopic(named("trees"), PARTS, k=2))
        assert state.topics[named("firs")].named_by == "keyphrases"
        assert state.papers[named("trees1")] == Placement(named("firs"), 0.5)

    def test_give_papers_to_the_parent_or_to_none_when_they_go(self) -> None:
        state = make_state()
        do(state, DeleteTopic(named("herbs"), "parent"), DeleteTopic(named("trees"), "unassigned"))
        assert papers_in(state, "plants") == {"herbs1", "herbs2"}
        assert state.papers[named("trees1")].topic is None
        assert state.papers[named("trees2")].topic == named("birds")

    def test_stand_in_the_order_they_were_put(self) -> None:
        state = make_state()
        order = (named("animals"), named("plants"))
        do(state, ReorderChildren(named("root"), order), MoveTopic(named("birds"), named("plants")))
        assert tuple(state.children_of(named("root"))) == order
        assert state.children_of(named("plants"))[-1] == named("birds")


class TestPapers:
    def test_have_one_first_home_and_any_number_of_second_ones(self) -> None:
        state = make_state()
        paper = named("trees1")
        do(
            state,
            AddHome(paper, named("birds")),
            AddHome(paper, named("herbs")),
            AssignPaper(paper, named("birds")),
        )
        placement = state.papers[paper]
        assert placement.topic == named("birds")
        assert [home.topic for home in placement.seconds] == [named("herbs")]
        assert (placement.placed_by, placement.confidence) == ("person", 1.0)

    def test_stand_in_their_surest_second_home_when_they_lose_the_first(self) -> None:
        state = make_state()
        do(state, RemovePaper(named("trees2"), named("plants")))
        assert state.papers[named("trees2")].topic == named("birds")
        assert state.papers[named("trees2")].seconds == ()

    def test_never_come_back_to_where_they_were_marked_wrong(self) -> None:
        state = make_state()
        paper = named("trees1")
        do(state, RejectAssignment(paper, named("plants")), AssignPaper(paper, named("birds")))
        for operation in (
            AssignPaper(paper, named("herbs")),
            MoveTopic(named("birds"), named("plants")),
            MergeTopics((named("birds"),), named("plants")),
            CreateTopic(named("herbs"), "new", papers=(paper,), topic=named("new")),
        ):
            with pytest.raises(WasRejected):
                do(state, operation)
        assert state.papers[paper].topic == named("birds")

    def test_may_come_back_once_the_mark_is_lifted(self) -> None:
        state = make_state()
        paper = named("trees1")
        do(state, RejectAssignment(paper, named("plants")))
        marked = fingerprint(state)
        lifted = carry_out(state, LiftRejection(paper, named("plants")))
        assert state.papers[paper].topic is None
        placed = carry_out(state, AssignPaper(paper, named("herbs")))
        assert papers_in(state, "herbs") == {"herbs1", "herbs2", "trees1"}
        with pytest.raises(WasRejected):
            carry_back(state, reverse(lifted))
        carry_back(state, reverse(placed))
        carry_back(state, reverse(lifted))
        assert fingerprint(state) == marked

    def test_that_came_since_can_be_put_in_and_out_again(self) -> None:
        state = make_state()
        changes = carry_out(state, AssignPaper(named("late"), named("trees")))
        assert "late" in papers_in(state, "plants")
        carry_back(state, reverse(changes))
        assert named("late") not in state.papers


class TestConflict:
    @pytest.mark.parametrize(
        ("operation", "kind"),
        [
            (MoveTopic(named("plants"), named("trees")), WouldFormCycle),
            (MergeTopics((named("plants"),), named("trees")), WouldFormCycle),
            (MoveTopic(named("root"), named("trees")), NotPossible),
            (DeleteTopic(named("root"), "unassigned"), NotPossible),
            (RenameTopic(named("gone"), "x"), NotThere),
            (AssignPaper(named("gone"), named("trees")), NotThere),
            (RemovePaper(named("trees1"), named("birds")), NotThere),
            (SplitTopic(named("trees"), (Group("x", (named("birds1"),), topic=named("x")),)), NotThere),
            (SplitTopic(named("plants"), (Group("x", (), "", named("x"), (named("birds"),)),)), NotThere),
            (LiftRejection(named("trees1"), named("plants")), NotThere),
            (MergeTopics((named("trees"), named("trees")), named("herbs")), NotPossible),
            (Lock(), NotPossible),
            (RejectAssignment(named("trees1"), named("root")), NotPossible),
            (ReorderChildren(named("plants"), (named("birds"),)), NotThere),
        ],
    )
    def test_leaves_everything_as_it_was(self, operation: Operation, kind: type[Conflict]) -> None:
        state = make_state()
        before = fingerprint(state)
        with pytest.raises(kind):
            do(state, operation)
        assert fingerprint(state) == before


class TestTakingBack:
    def test_is_refused_when_the_same_thing_was_changed_since(self) -> None:
        state = make_state()
        changes = carry_out(state, RenameTopic(named("trees"), "wood"))
        do(state, RenameTopic(named("trees"), "timber"))
        with pytest.raises(ChangedSince):
            carry_back(state, reverse(changes))
        assert state.topics[named("trees")].label == "timber"

    def test_leaves_later_changes_of_other_things(self) -> None:
        state = make_state()
        changes = carry_out(state, RenameTopic(named("trees"), "wood"))
        do(state, DescribeTopic(named("trees"), "Kept."), MoveTopic(named("trees"), named("animals")))
        carry_back(state, reverse(changes))
        topic = state.topics[named("trees")]
        assert (topic.label, topic.description, topic.parent) == ("trees", "Kept.", named("animals"))

    def test_is_refused_when_it_would_leave_papers_without_their_topic(self) -> None:
        state = make_state()
        changes = carry_out(state, CreateTopic(named("root"), "new", topic=named("new")))
        do(state, AssignPaper(named("trees1"), named("new")))
        with pytest.raises(NotPossible):
            carry_back(state, reverse(changes))

    def test_is_refused_when_a_circle_would_come_of_it(self) -> None:
        state = make_state()
        changes = carry_out(state, MoveTopic(named("trees"), named("animals")))
        do(state, MoveTopic(named("plants"), named("trees")))
        with pytest.raises(NotPossible):
            carry_back(state, reverse(changes))

    def test_is_refused_where_papers_were_marked_wrong_since(self) -> None:
        state = make_state()
        changes = carry_out(state, MoveTopic(named("trees"), named("animals")))
        do(state, RejectAssignment(named("trees1"), named("plants")))
        with pytest.raises(WasRejected):
            carry_back(state, reverse(changes))

    def test_is_refused_when_the_thing_was_locked_since(self) -> None:
        state = make_state()
        changes = carry_out(state, RenameTopic(named("trees"), "wood"))
        do(state, Lock(topic=named("trees")))
        with pytest.raises(IsLocked):
            carry_back(state, reverse(changes))
        do(state, Unlock(topic=named("trees")))
        carry_back(state, reverse(changes))


class TestDifference:
    def test_names_what_was_added_removed_renamed_moved(self) -> None:
        old, new = make_state(), make_state()
        do(
            new,
            CreateTopic(named("plants"), "ferns", papers=(named("birds1"),), topic=named("ferns")),
            RenameTopic(named("animals"), "beasts"),
            MoveTopic(named("herbs"), named("animals")),
            DeleteTopic(named("trees"), "unassigned"),
            AddHome(named("herbs1"), named("ferns")),
        )
        found = difference(old, new)
        assert [one.after for one in found.topics_added] == ["ferns"]
        assert [one.before for one in found.topics_removed] == ["trees"]
        assert [(one.before, one.after) for one in found.topics_renamed] == [("animals", "beasts")]
        assert [one.id for one in found.topics_moved] == [named("herbs")]
        assert {one.id for one in found.papers_moved} == {named("birds1"), named("trees1"), named("trees2")}
        assert set(found.homes_changed) == {named("herbs1"), named("trees2")}

    def test_is_empty_between_a_state_and_itself(self) -> None:
        found = difference(make_state(), make_state())
        assert not any(getattr(found, name) for name in found.__dataclass_fields__)
