"""Corpora filled, builds asked for, and what has become of them."""

from collections.abc import Sequence
from uuid import UUID

from app.corpus.paper import Paper
from app.db.session import Sessions, transaction
from app.hierarchy.parameters import BuildParameters
from app.services import jobs
from app.services.corpora import get_corpus
from app.services.hierarchies import BUILD_HIERARCHY
from app.services.taking import take_papers


def fill(sessions: Sessions, workspace_id: UUID, corpus_id: UUID, papers: Sequence[Paper]) -> None:
    with transaction(sessions) as session:
        corpus = get_corpus(session, corpus_id, workspace_id=workspace_id, lock=True)
        take_papers(session, corpus, papers, update=True)


def ask(sessions: Sessions, workspace_id: UUID, corpus_id: UUID, kind: str = BUILD_HIERARCHY) -> UUID:
    arguments = {"facet": "topic", "parameters": BuildParameters().to_json(), "seed": 0}
    with transaction(sessions) as session:
        return jobs.add_job(
            session, workspace_id=workspace_id, corpus_id=corpus_id, kind=kind, arguments=arguments
        ).id


def state(sessions: Sessions, workspace_id: UUID, job_id: UUID) -> str:
    with sessions() as session:
        return jobs.get_job(session, job_id, workspace_id=workspace_id).state
