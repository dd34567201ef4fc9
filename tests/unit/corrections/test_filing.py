"""Papers that come later: whatever was done meanwhile, nothing that stands moves."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.corrections.carry_out import carry_back
from app.corrections.changes import reverse, take_changes
from app.corrections.compare import fingerprint
from app.corrections.filing import Arriving, take_in
from app.corrections.state import Placement, State, Topic

ROOT, LEFT, RIGHT, DEEP, GONE = (UUID(int=number) for number in range(1, 6))
STANDING = [UUID(int=100 + number) for number in range(4)]
COMING = [UUID(int=200 + number) for number in range(4)]


def make_state(locked=(), rejected=(), known=()):
    parents = {ROOT: None, LEFT: ROOT, RIGHT: ROOT, DEEP: LEFT}
    topics = {
        one: Topic(parent, rank, f"topic {rank}", locked=one in locked)
        for rank, (one, parent) in enumerate(parents.items())
    }
    papers = {paper: Placement((LEFT, RIGHT, DEEP, None)[row], 0.5) for row, paper in enumerate(STANDING)}
    papers |= {paper: Placement(RIGHT, 1.0, "person") for paper in known}
    return State(topics, papers, rejected, newcomers=COMING)


def coming(*likely, fitting=True):
    return [Arriving(COMING[0], likely, fitting=fitting)]


class TestTakeIn:
    def test_puts_a_paper_into_its_likeliest_topic(self):
        state = make_state()
        take_in(state, coming((DEEP, 0.7), (RIGHT, 0.2)))
        assert state.papers[COMING[0]] == Placement(DEEP, 0.7, "machine")

    def test_leaves_what_fits_nowhere_unassigned(self):
        state = make_state()
        take_in(state, coming((DEEP, 0.3), fitting=False))
        assert state.papers[COMING[0]] == Placement(None, 0.3)

    def test_leaves_alone_what_a_person_was_faster_to_place(self):
        state = make_state(known=COMING[:1])
        assert take_in(state, coming((DEEP, 0.9))) == []
        assert state.papers[COMING[0]].placed_by == "person"

    def test_goes_above_a_locked_topic_by_rule(self):
        state = make_state(locked=[DEEP])
        take_in(state, coming((DEEP, 0.9)))
        assert state.papers[COMING[0]] == Placement(LEFT, 0.9, "rule")

    def test_goes_above_where_the_paper_was_marked_wrong(self):
        state = make_state(rejected=[(COMING[0], LEFT)])
        take_in(state, coming((DEEP, 0.9)))
        assert state.papers[COMING[0]].topic is None

    def test_takes_the_next_topic_where_the_likeliest_is_gone(self):
        state = make_state()
        take_in(state, coming((GONE, 0.9), (RIGHT, 0.1)))
        assert state.papers[COMING[0]] == Placement(RIGHT, 0.1, "rule")

    @given(
        locked=st.sets(st.sampled_from([LEFT, RIGHT, DEEP])),
        rejected=st.sets(st.tuples(st.sampled_from(COMING), st.sampled_from([LEFT, RIGHT, DEEP]))),
        known=st.sets(st.sampled_from(COMING)),
        likely=st.lists(
            st.permutations([LEFT, RIGHT, DEEP, GONE]).map(lambda topics: topics[:3]), min_size=4, max_size=4
        ),
        fitting=st.lists(st.booleans(), min_size=4, max_size=4),
    )
    def test_moves_nothing_that_stands_and_can_be_taken_back(self, locked, rejected, known, likely, fitting):
        state = make_state(locked, rejected, known)
        before, before_all = dict(state.papers), fingerprint(state)
        arriving = [
            Arriving(paper, tuple((topic, 0.5) for topic in topics), fitting=fits)
            for paper, topics, fits in zip(COMING, likely, fitting, strict=True)
        ]
        taken = take_in(state, arriving)
        changes = take_changes(state)
        assert {paper: state.papers[paper] for paper in before} == before
        assert {one.paper for one in taken} == set(COMING) - known
        for one in taken:
            home = state.papers[one.paper].topic
            assert home != ROOT
            if home is not None:
                assert not state.topics[home].locked
                assert not state.rejected.get(one.paper, set()).intersection(state.up_from(home))
        assert take_in(state, arriving) == []
        carry_back(state, reverse(changes))
        assert fingerprint(state) == before_all
        assert len(carry_back(state, changes)) == len(taken)
