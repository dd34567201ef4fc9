"""What needs a language model, and which corpora are small enough for asking about each paper."""

from app.db.tables import CorpusRow
from app.errors import InvalidError

MOST_PAPERS = 200
"""Of a corpus whose papers are read one by one; CHIME's reviews have fewer."""


class LlmNotConfigured(InvalidError):
    """No language model is configured, and what was asked for cannot be had without one."""

    slug = "llm-not-configured"
    title = "No language model is configured"


class CorpusTooLarge(InvalidError):
    """A language model would have to read more papers one by one than it is let."""

    slug = "corpus-too-large"
    title = "The corpus has too many papers for this"


def require_llm(*, is_configured: bool) -> None:
    """Refuse what cannot be had without a language model.

    Raises
    ------
    LlmNotConfigured
        If there is none.
    """
    if not is_configured:
        detail = "Set PAPERTREE_LLM_BASE_URL and PAPERTREE_LLM_MODEL where the server is started."
        raise LlmNotConfigured(detail)


def check_small(corpus: CorpusRow) -> None:
    """Refuse to have each paper of a large corpus read.

    Raises
    ------
    CorpusTooLarge
        If it has more than `MOST_PAPERS`.
    """
    if corpus.n_papers > MOST_PAPERS:
        raise CorpusTooLarge(
            f"Claims and aspects are asked for in corpora of at most {MOST_PAPERS} papers; "
            f"this one has {corpus.n_papers:,}.",
            limit=MOST_PAPERS,
            n_papers=corpus.n_papers,
        )
