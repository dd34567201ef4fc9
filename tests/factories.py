"""Things tests need, with sensible parts where a test does not care."""

from collections.abc import Sequence
from itertools import count
from uuid import UUID

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.corpus.paper import Paper
from app.db.tables import CorpusRow, PaperRow
from app.hierarchy.parameters import BuildParameters
from app.hierarchy.tree import NO_TOPIC, Hierarchy, SecondHomes
from app.labelling.label import TopicLabel
from app.services.corpora import add_corpus
from app.services.hierarchies import BUILD_HIERARCHY
from app.services.jobs import add_job, claim_job, finish_job
from app.services.publishing import publish, save_tree

_numbers = count(1)

SUBJECTS = (
    (
        "pollinating bees",
        "hedgerows",
        "flower strips raise the number of wild bees in fields of oilseed rape",
    ),
    ("sodium batteries", "hard carbon", "hard carbon anodes keep their capacity over many charging cycles"),
    ("bus timetables", "passengers", "passengers wait less when timetables follow the demand of the morning"),
    ("sleep of nurses", "night shifts", "night shifts shorten the sleep of nurses on the following two days"),
)


def make_paper(**changes: object) -> Paper:
    """Make a paper unlike any other, but for what is given."""
    n = next(_numbers)
    parts: dict[str, object] = {
        "source_id": f"paper-{n}",
        "title": f"Observations number {n} on an uncommon matter",
        "abstract": f"We report {n} observations.",
        "year": 2020,
    }
    return Paper(**{**parts, **changes})  # type: ignore[arg-type]


def make_papers_about_subjects(n_each: int) -> list[Paper]:
    """Make papers on a few clearly different subjects, one subject after the other."""
    return [
        make_paper(
            title=f"{subject.capitalize()} and {thing} in region {i}",
            abstract=f"In region {i} we found that {finding}. The {subject} were seen near {thing}.",
        )
        for i in range(n_each)
        for subject, thing, finding in SUBJECTS
    ]


def make_corpus(session: Session, workspace_id: UUID, name: str | None = None) -> CorpusRow:
    """Make an empty corpus."""
    return add_corpus(session, workspace_id=workspace_id, name=name or f"corpus {next(_numbers)}")


def make_hierarchy(
    parents: Sequence[int],
    assignments: Sequence[int],
    *,
    second_homes: Sequence[tuple[int, int, float]] = (),
    best_guesses: Sequence[int] | None = None,
    runners_up: Sequence[int] | None = None,
) -> Hierarchy:
    """Make a tree by hand; ``second_homes`` are (paper, topic, confidence), by paper."""
    papers, topics, confidences = zip(*second_homes, strict=True) if second_homes else ((), (), ())
    filed = np.array(assignments, dtype=np.int64)
    return Hierarchy(
        parents=np.array(parents, dtype=np.int64),
        assignments=filed,
        confidences=np.linspace(0.9, 0.5, len(filed), dtype=np.float32),
        best_guesses=filed if best_guesses is None else np.array(best_guesses, dtype=np.int64),
        runners_up=np.full(len(filed), NO_TOPIC) if runners_up is None else np.array(runners_up),
        second_homes=SecondHomes(
            papers=np.array(papers, dtype=np.int64),
            topics=np.array(topics, dtype=np.int64),
            confidences=np.array(confidences, dtype=np.float32),
        ),
    )


def publish_tree(session: Session, corpus: CorpusRow, tree: Hierarchy) -> UUID:
    """Put a tree over the papers of a corpus before readers, as a build does; topics are called by number."""
    query = select(PaperRow.id).where(PaperRow.corpus_id == corpus.id).order_by(PaperRow.position)
    paper_ids = session.scalars(query).all()[: len(tree.assignments)]
    job = add_job(
        session, workspace_id=corpus.workspace_id, corpus_id=corpus.id, kind=BUILD_HIERARCHY, arguments={}
    )
    claim = claim_job(session, job.id, lease_s=60)
    assert claim is not None
    save_tree(
        session,
        claim,
        tree,
        facet="topic",
        model="hash",
        corpus_version=corpus.version,
        parameters=BuildParameters().to_json(),
    )
    labels = [TopicLabel(f"topic {number}", (), "", ()) for number in range(len(tree.parents))]
    result = publish(session, claim, paper_ids, labels)
    finish_job(session, claim, result=result)
    return UUID(str(result["hierarchy_id"]))
