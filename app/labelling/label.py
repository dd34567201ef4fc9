"""What a topic is called, and the evidence for it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TopicLabel:
    """The name of a topic with its evidence.

    ``exemplars`` are paper indices (corpus order), most representative first; ``description`` is one
    sentence taken from an exemplar.
    """

    label: str
    keyphrases: tuple[str, ...]
    description: str
    exemplars: tuple[int, ...]
