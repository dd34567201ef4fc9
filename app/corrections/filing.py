"""Papers that came after a build take their place in it; what stands there stays as it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.corrections.keeping import RULE
from app.corrections.placing import rejections_against
from app.corrections.state import Placement, State

FILE_PAPERS = "file_papers"
"""What the machine does with papers that came later: told by its changes, as nobody asked for each."""


@dataclass(frozen=True, slots=True)
class Arriving:
    """A paper that came later.

    ``likely`` are the topics it may belong in with the chance that it does, the likeliest first. One that
    belongs in none is not ``fitting``, and they are its guesses.
    """

    paper: UUID
    likely: tuple[tuple[UUID, float], ...]
    fitting: bool = True


def take_in(state: State, arriving: Sequence[Arriving]) -> list[Arriving]:
    """Put papers that a state does not know into their likeliest topics that are there; gives those papers.

    A paper that somebody has put somewhere meanwhile stays there. Instead of a topic that is locked, or that
    the paper was marked wrong in, it is put into the nearest one above that is not; never into the root,
    where there are others.
    """
    taken = [one for one in arriving if one.paper in state.newcomers and one.paper not in state.papers]
    for one in taken:
        state.put_paper(one.paper, _place(state, one))
    return taken


def _place(state: State, one: Arriving) -> Placement:
    there = [(topic, sure) for topic, sure in one.likely if topic in state.topics]
    sure = there[0][1] if there else 0.0
    if not there or not one.fitting:
        return Placement(None, sure)
    wanted = there[0][0]
    path = state.up_from(wanted)
    for topic in path[:-1] or path:
        if not state.topics[topic].locked and not rejections_against(state, one.paper, topic):
            return Placement(topic, sure, "machine" if topic == one.likely[0][0] else RULE)
    return Placement(None, sure, RULE)
