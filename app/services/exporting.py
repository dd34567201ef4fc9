"""Gets papers and hierarchies ready to be written: what is in them, piece by piece."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.corpus.paper import Paper
from app.corpus.writers import Entry
from app.db.session import Sessions
from app.db.tables import AssignmentRow, BuildRow, CorpusRow, HierarchyRow, PaperRow, TopicRow
from app.hierarchy.writers import Outline, OutlinePaper, OutlineTopic
from app.services.filed_papers import Filter, ids_of_filed
from app.services.hierarchies import FACETS, HierarchyNotFound, get_hierarchy
from app.services.homes import homes_of
from app.services.papers import matches
from app.services.topics import list_topics

_BATCH = 500


def find_exported(session: Session, corpus: CorpusRow, hierarchy_id: UUID | None) -> UUID | None:
    """Say whose topics go with the papers of a corpus: those of the hierarchy that is named, else the usual.

    Raises
    ------
    HierarchyNotFound
        If one is named that the workspace does not have, or that is not of the corpus.
    """
    if hierarchy_id is not None:
        hierarchy, _ = get_hierarchy(session, hierarchy_id, workspace_id=corpus.workspace_id)
        if hierarchy.corpus_id != corpus.id:
            raise HierarchyNotFound("The hierarchy is one of another corpus.")
        return hierarchy.id
    query = select(HierarchyRow.id).where(
        HierarchyRow.corpus_id == corpus.id,
        HierarchyRow.facet == FACETS[0],
        HierarchyRow.live_build_id.is_not(None),
    )
    return session.scalar(query)


def select_papers(
    session: Session, corpus: CorpusRow, hierarchy_id: UUID | None, wanted: Filter
) -> Sequence[UUID]:
    """Give the ids of the papers of a filter: of the hierarchy if topics are asked for, else of the corpus.

    Raises
    ------
    HierarchyNotFound, TopicNotFound
        If topics are asked for that are not there.
    """
    if wanted.topic_id is not None or wanted.unassigned:
        none = UUID(int=0)
        _, build = get_hierarchy(session, hierarchy_id or none, workspace_id=corpus.workspace_id)
        return ids_of_filed(session, build, wanted, limit=None)
    query = select(PaperRow.id).where(PaperRow.corpus_id == corpus.id).order_by(PaperRow.position)
    if wanted.words is not None:
        query = query.where(matches(wanted.words))
    if wanted.first_year is not None:
        query = query.where(PaperRow.year >= wanted.first_year)
    if wanted.last_year is not None:
        query = query.where(PaperRow.year <= wanted.last_year)
    return session.scalars(query).all()


def read_entries(
    sessions: Sessions, corpus_id: UUID, paper_ids: Sequence[UUID], hierarchy_id: UUID | None
) -> Iterator[Entry]:
    """Read papers of a corpus with the paths to their topics, in the order given, a few hundred at a time.

    No transaction stays open meanwhile; papers that are gone by then, or are of another corpus, are left out.
    """
    for start in range(0, len(paper_ids), _BATCH):
        ids = paper_ids[start : start + _BATCH]
        with sessions() as session:
            query = select(PaperRow).where(PaperRow.id.in_(ids), PaperRow.corpus_id == corpus_id)
            rows = {row.id: row for row in session.scalars(query)}
            homes = homes_of(session, list(rows)) if hierarchy_id is not None else {}
        for paper_id in ids:
            if paper_id in rows:
                paths = (
                    home.topic.path for home in homes.get(paper_id, ()) if home.hierarchy_id == hierarchy_id
                )
                yield Entry(_paper(rows[paper_id]), tuple(path for path in paths if path))


def read_outline(session: Session, hierarchy: HierarchyRow, build: BuildRow, *, papers: bool) -> Outline:
    """Read a hierarchy to be written, with the papers right in its topics if they are wanted."""
    corpus = session.scalars(select(CorpusRow).where(CorpusRow.id == hierarchy.corpus_id)).one()
    return Outline(
        id=hierarchy.id,
        title=corpus.name if hierarchy.facet == FACETS[0] else f"{corpus.name}: {hierarchy.facet}",
        topics=[_topic(row) for row in list_topics(session, build)],
        notice=corpus.notice,
        papers=_papers_by_topic(session, build) if papers else {},
    )


def _papers_by_topic(session: Session, build: BuildRow) -> dict[UUID, list[OutlinePaper]]:
    columns = (PaperRow.id, PaperRow.source_id, PaperRow.title, PaperRow.year, PaperRow.doi, PaperRow.url)
    query = (
        select(AssignmentRow.topic_id, *columns)
        .join(PaperRow, PaperRow.id == AssignmentRow.paper_id)
        .where(AssignmentRow.build_id == build.id, AssignmentRow.topic_id.is_not(None))
        .order_by(AssignmentRow.position)
    )
    found: dict[UUID, list[OutlinePaper]] = {}
    for topic_id, paper_id, source_id, title, year, doi, url in session.execute(query):
        if topic_id is None:
            continue
        address = f"https://doi.org/{doi}" if doi else url
        found.setdefault(topic_id, []).append(OutlinePaper(paper_id, source_id, title, year, address))
    return found


def _topic(row: TopicRow) -> OutlineTopic:
    return OutlineTopic(
        id=row.id,
        parent=row.parent_id,
        label=row.label,
        description=row.description,
        keyphrases=tuple(row.keyphrases),
        n_papers=row.n_papers,
        locked=row.locked,
    )


def _paper(row: PaperRow) -> Paper:
    return Paper(
        source_id=row.source_id,
        title=row.title,
        abstract=row.abstract,
        year=row.year,
        authors=tuple(row.authors),
        venue=row.venue,
        keywords=tuple(row.keywords),
        doi=row.doi,
        arxiv_id=row.arxiv_id,
        pmid=row.pmid,
        url=row.url,
        original=row.original,
    )
