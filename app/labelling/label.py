"""What a topic is called, and the evidence for it."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

NamedBy = Literal["keyphrases", "llm", "person"]


@dataclass(frozen=True, slots=True)
class TopicLabel:
    """The name of a topic with its evidence.

    ``exemplars`` are paper indices (corpus order), most representative first; ``description`` is one
    sentence, taken from an exemplar unless a language model wrote it, and empty at the root. ``call_id``
    names the call of the language model that gave the label.
    """

    label: str
    keyphrases: tuple[str, ...]
    description: str
    exemplars: tuple[int, ...]
    named_by: NamedBy = "keyphrases"
    call_id: UUID | None = None
