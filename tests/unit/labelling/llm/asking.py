"""A gateway to the server on loopback, and questions to ask through it."""

from dataclasses import replace
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from app.labelling.llm.asking import Question
from app.labelling.llm.breaker import Breaker
from app.labelling.llm.calls import CallBook
from app.labelling.llm.configuration import LlmConfiguration
from app.labelling.llm.costs import Limits
from app.labelling.llm.gateway import Gateway
from app.labelling.llm.memory import MemoryBook, MemoryCache
from app.labelling.llm.server import OpenAiServer
from app.labelling.llm.timing import Timing
from app.labelling.llm.turn import Means

KEY = "sk-very-secret"


class Labelled(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    topic: int
    label: str = Field(max_length=80)
    level: Literal["broad", "narrow"]


class Labels(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    topics: list[Labelled]


def make_question(**changes: object) -> Question[Labels]:
    question = Question("label_topics", "Name the topics.", "Topic 0: <paper>Bees.</paper>", Labels, ("0",))
    return replace(question, **changes)  # type: ignore[arg-type]


def known_topics_only(answer: Labels) -> list[str]:
    return [f"There is no topic {one.topic}." for one in answer.topics if one.topic != 0]


class Clock:
    """Goes as it should, and jumps instead of sleeping."""

    def __init__(self) -> None:
        self.jumped = 0.0
        self.slept: list[float] = []
        self._real = Timing()

    def now(self) -> float:
        return self._real.clock() + self.jumped

    def sleep(self, seconds: float) -> None:
        self.jumped += seconds
        self.slept.append(seconds)

    def timing(self, random: float = 0.5) -> Timing:
        return Timing(self.now, self.sleep, lambda: random)


class Asking:
    """A gateway with all its parts in reach."""

    def __init__(self, base_url: str, *, book: CallBook | None = None, **changes: object) -> None:
        self.clock = Clock()
        self.cache = MemoryCache()
        self.memory = MemoryBook(Limits())
        self.breaker = Breaker(failures=3, rest_s=60, clock=self.clock.now)
        settings = LlmConfiguration(base_url=base_url, model="fake", api_key=KEY)
        self.configuration = replace(settings, **changes)  # type: ignore[arg-type]
        self.means = Means(
            server=OpenAiServer(base_url, "fake", KEY),
            cache=self.cache,
            book=book or self.memory,
            breaker=self.breaker,
            timing=self.clock.timing(),
        )

    @property
    def gateway(self) -> Gateway:
        return Gateway(self.configuration, self.means)

    @property
    def outcomes(self) -> list[str]:
        return [end.outcome for end in self.memory.ends.values()]
