"""Which server is asked for which model, with which key, how long and for how much."""

from dataclasses import dataclass, field

from app.labelling.llm.costs import Limits, Prices


@dataclass(frozen=True, slots=True, kw_only=True)
class LlmConfiguration:
    """How a language model is asked. Times are in seconds.

    Parameters
    ----------
    base_url : str
        Address of an OpenAI-compatible server, such as ``https://host/v1``.
    model : str
        Name of a model there.
    api_key : str
        Sent to that server and nowhere else; empty when it wants none.
    prices : Prices
        What the server charges.
    limits : Limits
        What may be spent.
    concurrency : int
        Calls at one time, by one worker process.
    deadline_s : float
        For one question, with all its repetitions and repairs.
    attempt_s : float
        For one call.
    all_deadline_s : float
        For the questions that are asked together.
    """

    base_url: str
    model: str
    api_key: str = field(default="", repr=False)
    prices: Prices = field(default_factory=Prices)
    limits: Limits = field(default_factory=Limits)
    concurrency: int = 4
    deadline_s: float = 120.0
    attempt_s: float = 60.0
    all_deadline_s: float = 1800.0


def without_key(text: str, api_key: str) -> str:
    """Take the key out of what a server says; some repeat it."""
    return text.replace(api_key, "[key]") if api_key else text
