"""What a build would ask of a language model, told before it is started."""

from decimal import Decimal
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy.orm import Session

from app.api.authentication import IdentityDep
from app.api.dependencies import LlmDep, SessionDep
from app.db.tables import CorpusRow
from app.labelling.estimate import Estimate
from app.labelling.llm.configuration import LlmConfiguration
from app.services import corpora, hierarchies
from app.services.estimates import estimate_aspects_of, estimate_build, estimate_claims_of
from app.services.llm_spending import spent_this_month

Number = TypeVar("Number", int, Decimal)

router = APIRouter(tags=["hierarchies"])


class EstimateOut(BaseModel):
    """About what a language model would be asked for labels, claims or aspects; without one, nothing.

    ``tokens`` are sent and received together, ``money`` is what they cost at the configured prices (0 where
    none are). ``tokens_left`` and ``money_left`` are the smaller of what one build may take and what this
    month has left; null where there is no limit.
    """

    n_papers: int
    n_topics: int
    model: str | None = None
    n_calls: int = 0
    tokens: int = 0
    money: float = 0.0
    tokens_left: int | None = None
    money_left: float | None = None
    is_affordable: bool = True


@router.get("/corpora/{corpus_id}/hierarchies/estimate")
def get_estimate(
    corpus_id: UUID,
    session: SessionDep,
    identity: IdentityDep,
    configuration: LlmDep,
    facet: Annotated[str, Query(max_length=40)] = "topic",
) -> EstimateOut:
    """Estimate what naming the topics of a hierarchy takes; nothing is asked of the model.

    From the hierarchy that is there, otherwise from the number and the length of the papers.
    """
    corpus = corpora.get_corpus(session, corpus_id, workspace_id=identity.workspace_id)
    hierarchies.check_facet(session, facet, corpus_id=corpus_id)
    about = estimate_build(session, corpus_id=corpus_id, facet=facet)
    return _priced(about, corpus, configuration, session)


@router.get("/corpora/{corpus_id}/claims/estimate")
def get_estimate_of_claims(
    corpus_id: UUID, session: SessionDep, identity: IdentityDep, configuration: LlmDep
) -> EstimateOut:
    """Estimate what reading the papers for their claims takes; those that are known are not read again."""
    corpus = corpora.get_corpus(session, corpus_id, workspace_id=identity.workspace_id)
    return _priced(estimate_claims_of(session, corpus_id=corpus_id), corpus, configuration, session)


@router.get("/corpora/{corpus_id}/aspects/estimate")
def get_estimate_of_aspects(
    corpus_id: UUID, session: SessionDep, identity: IdentityDep, configuration: LlmDep
) -> EstimateOut:
    """Estimate what aspects and the hierarchies under them take, all jobs together.

    For the most aspects there can be; each of the jobs has a budget of its own.
    """
    corpus = corpora.get_corpus(session, corpus_id, workspace_id=identity.workspace_id)
    return _priced(estimate_aspects_of(session, corpus_id=corpus_id), corpus, configuration, session)


def _priced(
    about: Estimate, corpus: CorpusRow, configuration: LlmConfiguration | None, session: Session
) -> EstimateOut:
    if configuration is None:
        return EstimateOut(n_papers=corpus.n_papers, n_topics=about.n_topics)
    amount = configuration.prices.of(about.tokens_in, about.tokens_out)
    spent = spent_this_month(session, workspace_id=corpus.workspace_id)
    limits = configuration.limits
    tokens_left = _left(limits.tokens_per_build, limits.tokens_per_month, spent.tokens)
    money_left = _left(limits.money_per_build, limits.money_per_month, spent.money)
    return EstimateOut(
        n_papers=corpus.n_papers,
        n_topics=about.n_topics,
        model=configuration.model,
        n_calls=about.n_calls,
        tokens=amount.tokens,
        money=float(amount.money),
        tokens_left=tokens_left,
        money_left=None if money_left is None else float(money_left),
        is_affordable=(tokens_left is None or amount.tokens <= tokens_left)
        and (money_left is None or amount.money <= money_left),
    )


def _left(per_build: Number | None, per_month: Number | None, spent: Number) -> Number | None:
    """Give the smaller of what one build may take and what this month has left; None where all is free."""
    bounds = [] if per_build is None else [per_build]
    if per_month is not None:
        bounds.append(max(per_month - spent, spent - spent))
    return min(bounds, default=None)
