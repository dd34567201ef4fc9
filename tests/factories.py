"""Things tests need, with sensible parts where a test does not care."""

from itertools import count
from uuid import UUID

from sqlalchemy.orm import Session

from app.corpus.paper import Paper
from app.db.tables import CorpusRow
from app.services.corpora import add_corpus

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
