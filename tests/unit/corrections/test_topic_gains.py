from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from app.corrections.carry_out import carry_out
from app.corrections.changes import put_changes, reverse, take_changes
from app.corrections.conflicts import Conflict
from app.corrections.state import State
from app.services.correction_states import Loaded, Shown
from app.services.topic_counts import count_seconds, show_topics
from app.services.topic_gains import changed_topics
from tests.unit.corrections.states import make_state
from tests.unit.corrections.test_obey import operations


def count_anew(state: State) -> dict[UUID, Shown]:
    direct = Counter(place.topic for place in state.papers.values() if place.topic is not None)
    return show_topics(state, direct, count_seconds(state, seconds_of(state)))


def seconds_of(state: State, topics: Iterable[UUID] | None = None) -> list[Any]:
    return [
        (home.topic, paper, place.topic)
        for paper, place in state.papers.items()
        if topics is None or set(topics).intersection(place.homes())
        for home in place.seconds
    ]


class TestChangedTopics:
    @settings(max_examples=300)
    @given(st.lists(operations, max_size=6), st.lists(operations, min_size=1, max_size=6), st.booleans())
    def test_come_to_what_counting_anew_gives(self, first: Any, then: Any, back: bool) -> None:
        state = make_state()
        for operation in first:
            attempt(state, operation)
        before = count_anew(state)
        changes = [change for operation in then for change in attempt(state, operation)]
        loaded = Loaded(state, before)
        found = changed_topics(loaded, changes, lambda topics: seconds_of(state, topics))
        after = count_anew(state)
        assert {**before, **found}.items() >= after.items()
        if back:
            put_changes(state, reverse(changes))
            undone = take_changes(state)
            found = changed_topics(Loaded(state, after), undone, lambda topics: seconds_of(state, topics))
            assert {**after, **found}.items() >= before.items()


def attempt(state: State, operation: Any) -> list[Any]:
    try:
        return carry_out(state, operation)
    except Conflict:
        return []
