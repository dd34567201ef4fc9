"""Small hierarchies to correct: topics and papers are named by words, and their ids made from them."""

from uuid import UUID, uuid5

from app.corrections.state import Home, Placement, State, Topic

_SPACE = UUID(int=0)


def named(name: str) -> UUID:
    return uuid5(_SPACE, name)


def make_state() -> State:
    """Root > (plants > (trees, herbs), animals > birds); every leaf has two papers, one has a second home."""
    parents = {"plants": "root", "animals": "root", "trees": "plants", "herbs": "plants", "birds": "animals"}
    topics = {named("root"): Topic(None, 0, "root")}
    topics |= {
        named(name): Topic(named(parent), rank, name) for rank, (name, parent) in enumerate(parents.items())
    }
    papers = {
        named(f"{leaf}{n}"): Placement(named(leaf), 0.5)
        for leaf in ("trees", "herbs", "birds")
        for n in (1, 2)
    }
    papers[named("trees2")] = Placement(named("trees"), 0.5, seconds=(Home(named("birds"), 0.25, "machine"),))
    papers[named("nowhere")] = Placement(None, 0.1)
    return State(topics, papers, newcomers=[named("late")])


def papers_in(state: State, topic: str) -> set[str]:
    """Give the papers in a topic or below it, by name."""
    names = {named(name): name for name in NAMES}
    return {
        names[paper]
        for paper, placement in state.papers.items()
        if any(named(topic) in state.up_from(home) for home in placement.homes())
    }


NAMES = [*(f"{leaf}{n}" for leaf in ("trees", "herbs", "birds") for n in (1, 2)), "nowhere", "late"]
