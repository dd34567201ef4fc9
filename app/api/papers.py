"""Papers: sent in batches, listed, read, and their nearest neighbours."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from app.api.authentication import IdentityDep
from app.api.dependencies import SessionDep
from app.api.homes import GuessOut, HomeOut, show_guess, show_home
from app.api.paging import CursorQuery, LimitQuery, Page, next_cursor, position_after
from app.api.texts import (
    Abstract,
    Body,
    Identifier,
    KCount,
    PersonName,
    Phrase,
    QueryText,
    SourceId,
    Title,
    Url,
    Venue,
    Year,
)
from app.corpus.clean import MAX_ID, storable_text
from app.corpus.identifiers import normalise_arxiv_id, normalise_doi, normalise_pmid
from app.corpus.paper import Paper
from app.services import corpora, homes, papers, search, taking
from app.services.arrivals import ask_for_arrivals
from app.services.claims import claims_of

router = APIRouter(tags=["papers"])

MAX_BATCH = 2000
Outcome = Literal["taken", "updated", "merged", "rejected"]


class PaperIn(Body):
    """A paper to store; ``id`` is its source's own name for it, unique in the corpus."""

    id: SourceId
    title: Title
    abstract: Abstract = ""
    year: Year | None = None
    authors: Annotated[list[PersonName], Field(max_length=2000)] = Field(default_factory=list)
    venue: Venue = ""
    keywords: Annotated[list[Phrase], Field(max_length=200)] = Field(default_factory=list)
    doi: Identifier | None = None
    arxiv_id: Identifier | None = None
    pmid: Identifier | None = None
    url: Url | None = None

    def to_paper(self) -> Paper:
        """Give the paper with its identifiers in their normal forms."""
        return Paper(
            source_id=self.id,
            title=self.title,
            abstract=self.abstract,
            year=self.year,
            authors=tuple(self.authors),
            venue=self.venue,
            keywords=tuple(self.keywords),
            doi=normalise_doi(self.doi or ""),
            arxiv_id=normalise_arxiv_id(self.arxiv_id or ""),
            pmid=normalise_pmid(self.pmid or ""),
            url=self.url,
            original=self.model_dump(exclude_defaults=True),
        )


@dataclass(frozen=True, slots=True)
class Unfit:
    """A row of a batch that cannot be taken, and why."""

    source_id: str | None
    reason: str


def _or_unfit(value: Any, validate: ValidatorFunctionWrapHandler) -> PaperIn | Unfit:  # noqa: ANN401
    """Let one row that is not valid be rejected by itself, rather than the batch with it."""
    try:
        paper: PaperIn = validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        given = value.get("id") if isinstance(value, dict) else None
        source_id = given if isinstance(given, str) and len(given) <= MAX_ID else None
        return Unfit(source_id and storable_text(source_id), f"{where}: {first['msg']}".removeprefix(": "))
    return paper


class PapersIn(Body):
    """A batch of papers; one that is not valid is rejected alone, with its reason."""

    papers: Annotated[list[Annotated[PaperIn, WrapValidator(_or_unfit)]], Field(max_length=MAX_BATCH)]


class RowOut(BaseModel):
    """What became of one paper of a batch; ``row`` counts from 0."""

    model_config = ConfigDict(from_attributes=True)

    row: int
    outcome: Outcome
    paper_id: UUID | None = None
    source_id: str | None
    reason: str | None = None
    duplicate_of: str | None = None
    duplicate_by: str | None = None


class PapersReport(BaseModel):
    """What became of a batch; the counts add up to its papers."""

    counts: dict[Outcome, int]
    rows: list[RowOut]


class PaperBrief(BaseModel):
    """A paper in a list."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    source_id: str
    title: str
    year: int | None
    venue: str


class PaperOut(PaperBrief):
    """A paper with all that is known of it.

    ``claims`` are sentences a language model wrote, where it was asked for them.
    ``homes`` are the topics it stands in, the first home in a hierarchy before the second ones;
    ``unassigned`` tells of the hierarchies where it stands in none.
    """

    corpus_id: UUID
    abstract: str
    authors: list[str]
    keywords: list[str]
    doi: str | None
    arxiv_id: str | None
    pmid: str | None
    url: str | None
    homes: list[HomeOut] = Field(default_factory=list)
    claims: list[str] = Field(default_factory=list)
    unassigned: list[GuessOut] = Field(default_factory=list)


class FoundOut(BaseModel):
    """A paper found; ``similarity`` is the cosine in [-1, 1], null where words were matched."""

    rank: int
    similarity: float | None
    paper: PaperBrief
    path: list[str]


class FoundPapers(BaseModel):
    """Papers found, best first."""

    items: list[FoundOut]


@router.post("/corpora/{corpus_id}/papers", status_code=201)
def post_papers(corpus_id: UUID, body: PapersIn, session: SessionDep, identity: IdentityDep) -> PapersReport:
    """Store up to 2,000 papers; one whose id is there replaces it, the same work under another id is merged.

    Sending the same batch again changes nothing. New papers join the hierarchies there are by themselves.
    """
    corpus = corpora.get_corpus(session, corpus_id, workspace_id=identity.workspace_id, lock=True)
    fit = [paper.to_paper() for paper in body.papers if isinstance(paper, PaperIn)]
    taken = iter(taking.take_papers(session, corpus, fit, update=True))
    rows = [_row(row, paper, taken) for row, paper in enumerate(body.papers)]
    counts: dict[Outcome, int] = {"taken": 0, "updated": 0, "merged": 0, "rejected": 0}
    for row in rows:
        counts[row.outcome] += 1
    if counts["taken"]:
        ask_for_arrivals(session, corpus_id)
    return PapersReport(counts=counts, rows=rows)


@router.get("/corpora/{corpus_id}/papers")
def get_papers(
    corpus_id: UUID,
    session: SessionDep,
    identity: IdentityDep,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
    q: QueryText | None = None,
    topic: UUID | None = None,
    source_id: SourceId | None = None,
) -> Page[PaperBrief]:
    """List the papers of a corpus in its order: all, those with words, those of a topic, or one by its id."""
    corpora.get_corpus(session, corpus_id, workspace_id=identity.workspace_id)
    rows = papers.list_papers(
        session,
        workspace_id=identity.workspace_id,
        corpus_id=corpus_id,
        limit=limit,
        after=position_after(cursor),
        words=q,
        topic_id=topic,
        source_id=source_id,
    )
    items = [PaperBrief.model_validate(row) for row in rows]
    return Page(items=items, next_cursor=next_cursor(rows, limit, rows[-1].position if rows else None))


@router.get("/papers/{paper_id}")
def get_paper(paper_id: UUID, session: SessionDep, identity: IdentityDep) -> PaperOut:
    """Read one paper, with the topics it stands in."""
    row = papers.get_paper(session, paper_id, workspace_id=identity.workspace_id)
    shown = [show_home(home) for home in homes.homes_of(session, [row.id])[row.id]]
    unassigned = [show_guess(guess) for guess in homes.guesses_of(session, row.id)]
    claims = claims_of(session, [row.id])[row.id]
    found = {"homes": shown, "unassigned": unassigned, "claims": claims}
    return PaperOut.model_validate({**_columns(row), **found})


@router.get("/papers/{paper_id}/neighbours")
def get_neighbours(
    paper_id: UUID, session: SessionDep, identity: IdentityDep, k: Annotated[KCount, Query()] = 10
) -> FoundPapers:
    """Find the papers of the same corpus nearest to a paper, by cosine similarity of their vectors."""
    found = search.neighbours_of(session, paper_id, workspace_id=identity.workspace_id, k=k)
    return show_found(session, found)


def show_found(session: SessionDep, found: list[search.Found]) -> FoundPapers:
    """Show papers found, each with the path to its topic."""
    standing = homes.homes_of(session, [one.paper.id for one in found])
    items = [
        FoundOut(
            rank=rank,
            similarity=one.similarity,
            paper=PaperBrief.model_validate(one.paper),
            path=list(standing[one.paper.id][0].topic.path) if standing[one.paper.id] else [],
        )
        for rank, one in enumerate(found, start=1)
    ]
    return FoundPapers(items=items)


def _row(row: int, paper: PaperIn | Unfit, taken: Iterator[taking.Taken]) -> RowOut:
    if isinstance(paper, PaperIn):
        return RowOut.model_validate({"row": row, **asdict(next(taken))})
    return RowOut(row=row, outcome="rejected", source_id=paper.source_id, reason=paper.reason)


def _columns(row: object) -> dict[str, object]:
    elsewhere = ("homes", "unassigned", "claims")
    return {name: getattr(row, name) for name in PaperOut.model_fields if name not in elsewhere}
