"""Taking papers into a corpus: each is new, the same as one that is there, or an update of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Literal
from uuid import UUID

from sqlalchemy.orm import Session

from app.corpus.duplicates import conflicting, duplicate_keys, merge
from app.corpus.paper import Paper
from app.db.ids import new_id
from app.db.tables import CorpusRow
from app.services.storing import StoredPaper, papers_by_id, papers_by_key, write_papers

_SOURCE_ID = "id:"
_TITLE = "title:"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one paper.

    ``duplicate_of`` names the paper it was merged into, and by what they were recognised as the same.
    """

    outcome: Literal["taken", "updated", "merged"]
    paper_id: UUID
    source_id: str
    duplicate_of: str | None = None
    duplicate_by: str | None = None


def take_papers(session: Session, corpus: CorpusRow, papers: Sequence[Paper], *, update: bool) -> list[Taken]:
    """Store a batch of papers, merging each that the corpus has already.

    The same paper is recognised by DOI, arXiv id, PMID, the source's own id, or normalised title and
    year, in this order; for an upsert the source's own id comes first. What is merged fills the gaps of
    the paper that is there and changes nothing. Two papers of a file that their source names alike, but
    whose titles and abstracts both differ, are two papers: the second becomes ``id~2``.

    Parameters
    ----------
    session : Session
        The transaction; it must hold the lock on the corpus's row.
    corpus : CorpusRow
        Where they go.
    papers : sequence of Paper
        Cleaned papers.
    update : bool
        Whether a paper whose source id is there replaces it (a program's upsert) or is merged into it
        (a record of a file).

    Returns
    -------
    list of Taken
        One for each paper, in order.
    """
    batch = _Batch(session, corpus, papers, update=update)
    outcomes = [batch.take(paper) for paper in papers]
    batch.write()
    return outcomes


class _Batch:
    """The papers of one batch and those stored ones they may be the same as."""

    def __init__(self, session: Session, corpus: CorpusRow, papers: Sequence[Paper], *, update: bool) -> None:
        self._session = session
        self._corpus = corpus
        self._update = update
        self._keys_of = {id(paper): self._keys(paper) for paper in papers}
        self._by_key: dict[str, UUID] = {}
        self._papers: dict[UUID, StoredPaper] = {}
        self._look_up({key for keys in self._keys_of.values() for key in keys})
        self._new_keys: dict[str, UUID] = {}
        self._touched: dict[UUID, StoredPaper] = {}
        self._n_new = 0

    def take(self, paper: Paper) -> Taken:
        """Decide what becomes of a paper."""
        keys = self._keys_of[id(paper)]
        for key in keys:
            same = self._known(key)
            if same is not None and not self._differs(paper, same.paper, key):
                return self._join(paper, same, key)
        if self._known(_SOURCE_ID + paper.source_id) is not None:
            return self._take_namesake(paper)
        return self._add(paper)

    def write(self) -> None:
        """Store what is new or changed."""
        papers = list(self._touched.values())
        write_papers(self._session, self._corpus, papers, self._new_keys, n_new=self._n_new)

    def _keys(self, paper: Paper) -> tuple[str, ...]:
        """Give a paper's keys in the order of their weight; the own id comes first for a program's upsert."""
        keys = duplicate_keys(paper)
        public = [key for key in keys if not key.startswith(_TITLE)]
        titles = [key for key in keys if key.startswith(_TITLE)]
        own = _SOURCE_ID + paper.source_id
        return (own, *public, *titles) if self._update else (*public, own, *titles)

    def _look_up(self, keys: Collection[str]) -> None:
        found = papers_by_key(self._session, self._corpus.id, list(keys))
        self._by_key.update(found)
        self._papers.update(papers_by_id(self._session, found.values()))

    def _known(self, key: str) -> StoredPaper | None:
        return self._papers[self._by_key[key]] if key in self._by_key else None

    def _differs(self, paper: Paper, other: Paper, key: str) -> bool:
        """Tell whether two papers that share a key are different works all the same."""
        if key.startswith(_TITLE):
            return conflicting(paper, other)
        if key.startswith(_SOURCE_ID) and not self._update:
            return _plain(paper.title) != _plain(other.title) and paper.abstract != other.abstract
        return False

    def _take_namesake(self, paper: Paper) -> Taken:
        """Take a paper whose source calls another one by the same id, under an id of its own."""
        for n in count(2):
            named = replace(paper, source_id=f"{paper.source_id}~{n}")
            key = _SOURCE_ID + named.source_id
            self._look_up([key] if key not in self._by_key else [])
            self._keys_of[id(named)] = self._keys(named)
            same = self._known(key)
            if same is None:
                return self._add(named)
            if not self._differs(named, same.paper, key):
                return self._join(named, same, key)
        raise AssertionError

    def _join(self, paper: Paper, same: StoredPaper, key: str) -> Taken:
        updates = self._update and same.paper.source_id == paper.source_id
        changed = paper if updates else merge(same.paper, paper)
        if changed != same.paper:
            self._touch(StoredPaper(same.id, changed))
        self._learn(self._keys_of[id(paper)], same.id)
        if updates:
            return Taken("updated", same.id, paper.source_id)
        return Taken("merged", same.id, paper.source_id, same.paper.source_id, key.partition(":")[0])

    def _add(self, paper: Paper) -> Taken:
        stored = StoredPaper(new_id(), paper)
        self._n_new += 1
        self._touch(stored)
        self._learn(self._keys_of[id(paper)], stored.id)
        return Taken("taken", stored.id, paper.source_id)

    def _touch(self, stored: StoredPaper) -> None:
        self._papers[stored.id] = stored
        self._touched[stored.id] = stored

    def _learn(self, keys: Sequence[str], paper_id: UUID) -> None:
        for key in keys:
            if key not in self._by_key:
                self._by_key[key] = paper_id
                self._new_keys[key] = paper_id


def _plain(title: str) -> str:
    return "".join(letter for letter in title.casefold() if letter.isalnum())
