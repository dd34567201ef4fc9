"""Having a language model write down what the papers of a small corpus claim."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from app.db.session import Sessions, transaction
from app.labelling.claims import PAPERS_TOGETHER, ClaimsAsked, ClaimsOfPapers
from app.labelling.giving_up import reason_to_stop
from app.labelling.llm.asking import LlmFailed, Reply
from app.services.claims import Unread, papers_without_claims, save_claims
from app.services.corpora import get_corpus
from app.services.jobs import finish_job
from app.services.language_model import check_small
from app.workers.lease import Lease
from app.workers.llm_at_hand import OpenAsker, need_asker

AT_ONCE = 4 * PAPERS_TOGETHER
NOT_USABLE = "claims-not-usable"
STAGE = "read_papers"


@dataclass(slots=True)
class _Outcome:
    """What came of it so far: papers with claims, claims, and papers without any by reason."""

    n_read: int = 0
    n_claims: int = 0
    without: Counter[str] = field(default_factory=Counter)

    def note(self, claims: Sequence[str]) -> None:
        self.n_read += bool(claims)
        self.n_claims += len(claims)
        self.without.update([] if claims else [NOT_USABLE])


def run_extract_claims(sessions: Sessions, lease: Lease, *, open_asker: OpenAsker) -> None:
    """Read the papers whose claims are not known yet, a few in one question, and keep what they claim.

    A paper about which no usable answer comes has no claims; it is asked about again next time.

    Raises
    ------
    LlmNotConfigured
        If there is no language model.
    LlmFailed
        If asking is of no use, and nothing was learned before that.
    """
    claim, asker = lease.claim, need_asker(open_asker)
    with transaction(sessions) as session:
        check_small(get_corpus(session, claim.corpus_id, workspace_id=claim.workspace_id))
        papers = papers_without_claims(session, corpus_id=claim.corpus_id)
        lease.save(session, STAGE, {}, 0, len(papers))
    outcome = _Outcome()
    for start in range(0, len(papers), AT_ONCE):
        parts = list(_parts(papers[start : start + AT_ONCE]))
        asked = [_asked(part) for part in parts]
        replies = asker.ask_all([one.question() for one in asked])
        found = [one for part in zip(parts, asked, replies, strict=True) for one in _read(*part, outcome)]
        n_done = min(start + AT_ONCE, len(papers))
        with transaction(sessions) as session:
            for paper, claims, call_id in found:
                save_claims(session, paper, claims, workspace_id=claim.workspace_id, llm_call_id=call_id)
            lease.save(session, STAGE, {}, n_done, len(papers))
        if (stop := reason_to_stop(replies)) is not None:
            if outcome.n_read == 0:
                raise stop
            outcome.without[stop.slug] += len(papers) - n_done
            break
    with transaction(sessions) as session:
        told = {"n_papers": len(papers), "n_read": outcome.n_read, "n_claims": outcome.n_claims}
        finish_job(session, claim, result={**told, "without_claims": dict(outcome.without.most_common())})


def _parts(papers: Sequence[Unread]) -> Iterator[Sequence[Unread]]:
    for start in range(0, len(papers), PAPERS_TOGETHER):
        yield papers[start : start + PAPERS_TOGETHER]


def _asked(papers: Sequence[Unread]) -> ClaimsAsked:
    return ClaimsAsked([(own.title, own.abstract) for own in papers], [str(own.id) for own in papers])


def _read(
    papers: Sequence[Unread],
    asked: ClaimsAsked,
    reply: Reply[ClaimsOfPapers] | LlmFailed,
    outcome: _Outcome,
) -> Iterator[tuple[Unread, list[str], UUID | None]]:
    if isinstance(reply, LlmFailed):
        outcome.without[reply.slug] += len(papers)
        return
    for paper, claims in zip(papers, asked.read(reply.answer), strict=True):
        outcome.note(claims)
        if claims:
            yield paper, claims, reply.call_id
