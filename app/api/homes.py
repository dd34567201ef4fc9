"""How it is shown where a paper stands, or would stand."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict

from app.corrections.state import PlacedBy
from app.services.homes import Guess, Home, HomeRank


class TopicPathOut(BaseModel):
    """A topic; ``path`` holds the labels from below the root to it."""

    model_config = ConfigDict(from_attributes=True)

    topic_id: UUID
    label: str
    path: list[str]


class HomeOut(TopicPathOut):
    """A topic a paper stands in: its ``first`` home in the hierarchy, or a ``second`` one.

    ``placed_by`` says who or what put it there; ``locked`` whether the paper's homes may not be changed;
    ``arrived`` whether the paper came after the build.
    """

    hierarchy_id: UUID
    facet: str
    home: HomeRank
    confidence: float
    placed_by: PlacedBy
    locked: bool
    arrived: bool


class GuessOut(BaseModel):
    """A hierarchy that leaves a paper unassigned, and where it would stand if it had to."""

    model_config = ConfigDict(from_attributes=True)

    hierarchy_id: UUID
    facet: str
    best_guess: TopicPathOut | None
    runner_up: TopicPathOut | None
    confidence: float


def show_home(home: Home) -> HomeOut:
    """Show a home of a paper."""
    return HomeOut(
        hierarchy_id=home.hierarchy_id,
        facet=home.facet,
        home=home.home,
        confidence=home.confidence,
        placed_by=home.placed_by,
        locked=home.locked,
        arrived=home.arrived,
        topic_id=home.topic.topic_id,
        label=home.topic.label,
        path=list(home.topic.path),
    )


def show_guess(guess: Guess) -> GuessOut:
    """Show where an unassigned paper would stand."""
    return GuessOut.model_validate(guess)
