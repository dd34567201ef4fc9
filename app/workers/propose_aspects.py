"""Having a language model propose how a small corpus can be divided, and asking for those hierarchies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.db.session import Sessions, transaction
from app.errors import ConflictError
from app.hierarchy.parameters import BuildParameters
from app.labelling.aspect_phrases import PAPERS_TOGETHER, PhrasesAsked
from app.labelling.aspects import Aspect, AspectsAsked
from app.labelling.giving_up import reason_to_stop
from app.labelling.llm.asking import Asker, LlmFailed
from app.services.aspects import papers_to_divide, save_aspect
from app.services.corpora import get_corpus
from app.services.hierarchies import BUILD_HIERARCHY
from app.services.jobs import add_job, finish_job
from app.services.language_model import check_small
from app.workers.lease import Lease
from app.workers.llm_at_hand import OpenAsker, need_asker

AT_ONCE = 4
FEWEST_SPEAKING, LEAST_SPEAKING = 3, 0.2
"""Papers that must say something under an aspect for it to be kept, and their share."""

Phrases = dict[UUID, tuple[str, UUID | None]]


class NoAspect(ConflictError):
    """The papers say too little under every aspect that was proposed."""

    slug = "no-aspect"
    title = "No aspect divides these papers"


@dataclass(frozen=True, slots=True)
class _Paper:
    """A paper as it is shown to the model."""

    id: UUID
    title: str
    abstract: str
    claims: str


def run_propose_aspects(sessions: Sessions, lease: Lease, *, open_asker: OpenAsker) -> None:
    """Ask for aspects, then for what each paper says under each, and keep the aspects that say enough.

    For each kept aspect a build is asked for, in the transaction that keeps it; the sweep rings for them.

    Raises
    ------
    LlmNotConfigured
        If there is no language model.
    LlmFailed
        If it proposes no usable aspects, or cannot be asked.
    NoAspect
        If too few papers say anything under any aspect.
    """
    claim, asker = lease.claim, need_asker(open_asker)
    with transaction(sessions) as session:
        check_small(get_corpus(session, claim.corpus_id, workspace_id=claim.workspace_id))
        papers = [_Paper(*row) for row in papers_to_divide(session, corpus_id=claim.corpus_id)]
        lease.save(session, "propose", {}, 0, 1)
    proposal = AspectsAsked([(own.title, own.claims or own.abstract) for own in papers])
    reply = asker.ask(proposal.question([str(claim.corpus_id)]))
    aspects = proposal.read(reply.answer)
    phrases = _phrase(sessions, lease, asker, papers, aspects)
    enough = max(FEWEST_SPEAKING, LEAST_SPEAKING * len(papers))
    kept = [aspect for aspect in aspects if len(phrases[aspect.facet]) >= enough]
    if not kept:
        names = ", ".join(aspect.name for aspect in aspects)
        raise NoAspect(f"Too few papers say anything under {names}.")
    _keep(sessions, lease, kept, phrases, reply.call_id)


def _phrase(
    sessions: Sessions, lease: Lease, asker: Asker, papers: Sequence[_Paper], aspects: Sequence[Aspect]
) -> dict[str, Phrases]:
    found: dict[str, Phrases] = {aspect.facet: {} for aspect in aspects}
    size = AT_ONCE * PAPERS_TOGETHER
    for start in range(0, len(papers), size):
        with transaction(sessions) as session:
            lease.save(session, "phrase", {}, start, len(papers))
        group = papers[start : start + size]
        parts = [group[at : at + PAPERS_TOGETHER] for at in range(0, len(group), PAPERS_TOGETHER)]
        asked = [_asked(part, aspects) for part in parts]
        replies = asker.ask_all([one.question() for one in asked])
        for part, one, reply in zip(parts, asked, replies, strict=True):
            if isinstance(reply, LlmFailed):
                continue  # These papers stay outside; too many of them, and the aspect is not kept.
            for paper, said in zip(part, one.read(reply.answer), strict=True):
                for facet, phrase in said.items():
                    found[facet][paper.id] = (phrase, reply.call_id)
        if (stop := reason_to_stop(replies)) is not None:
            raise stop
    return found


def _asked(papers: Sequence[_Paper], aspects: Sequence[Aspect]) -> PhrasesAsked:
    texts = [(own.title, own.abstract) for own in papers]
    return PhrasesAsked(texts, aspects, [str(own.id) for own in papers])


def _keep(
    sessions: Sessions,
    lease: Lease,
    aspects: Sequence[Aspect],
    phrases: Mapping[str, Phrases],
    llm_call_id: UUID | None,
) -> None:
    claim = lease.claim
    owner = {"workspace_id": claim.workspace_id, "corpus_id": claim.corpus_id}
    told = []
    with transaction(sessions) as session:
        for aspect in aspects:
            own = phrases[aspect.facet]
            save_aspect(session, aspect, own, **owner, llm_call_id=llm_call_id)
            arguments = {"facet": aspect.facet, "parameters": BuildParameters().to_json(), "seed": 0}
            job = add_job(
                session,
                **owner,
                kind=BUILD_HIERARCHY,
                arguments={**arguments, "labels": "auto"},
                same_work=f"{claim.job_id} {aspect.facet}",
            )
            told.append(
                {"facet": aspect.facet, "name": aspect.name, "n_papers": len(own), "job_id": str(job.id)}
            )
        finish_job(session, claim, result={"aspects": told})
