"""The language model of a job, if there is one."""

from collections.abc import Callable

from app.labelling.llm.asking import Asker
from app.services.language_model import require_llm

OpenAsker = Callable[[], Asker | None]
"""Opens the configured language model for the job at hand; gives None when none is configured."""


def need_asker(open_asker: OpenAsker) -> Asker:
    """Open the language model for work that cannot do without.

    Raises
    ------
    LlmNotConfigured
        If there is none.
    """
    asker = open_asker()
    require_llm(is_configured=asker is not None)
    assert asker is not None  # noqa: S101 - For the type checker.
    return asker
