"""Finds corpora, hierarchies and papers by the names people use for them."""

from typing import TYPE_CHECKING

from app.cli.terminal import Document, ServerProblem
from app.errors import ConflictError, NotFoundError

if TYPE_CHECKING:
    from app.cli.client import Client

_NAMES_SHOWN = 10


class NoCorpusOfThisName(NotFoundError):
    """No corpus has the name that was given."""

    slug = "no-corpus-of-this-name"
    title = "There is no corpus of this name"


class NoPaperOfThisId(NotFoundError):
    """No paper of the corpus has the source id that was given."""

    slug = "no-paper-of-this-source-id"
    title = "There is no such paper in the corpus"


class NotBuilt(ConflictError):
    """The corpus has no hierarchy for the facet yet."""

    slug = "hierarchy-not-built"
    title = "The corpus has no such hierarchy yet"


class NoTopicOfThisName(NotFoundError):
    """No topic of the hierarchy has the label or id that was given."""

    slug = "no-topic-of-this-name"
    title = "There is no such topic in the hierarchy"


def find_corpus(client: "Client", name: str) -> Document:
    """Find a corpus by its exact name.

    Raises
    ------
    NoCorpusOfThisName
        If there is none; the detail names those there are.
    """
    found = seek_corpus(client, name)
    if found is not None:
        return found
    names = [corpus["name"] for corpus in client.items("/corpora", most=_NAMES_SHOWN)]
    there_are = f"There are: {', '.join(names)}." if names else "There are none yet."
    raise NoCorpusOfThisName(f"No corpus is named {name!r}. {there_are}")


def seek_corpus(client: "Client", name: str) -> Document | None:
    """Look for a corpus by its exact name."""
    return next(client.items("/corpora", name=name), None)


def have_corpus(client: "Client", name: str, *, notice: str | None = None) -> Document:
    """Find a corpus by its exact name, or make it."""
    found = seek_corpus(client, name)
    if found is not None:
        return found
    try:
        return client.post("/corpora", {"name": name, "notice": notice})
    except ServerProblem as problem:
        # Somebody else made it meanwhile, or this did, and the answer was lost.
        found = seek_corpus(client, name) if problem.document.get("status") == 409 else None
        if found is None:
            raise
        return found


def hierarchy_summary(corpus: Document, facet: str) -> Document | None:
    """Give what the corpus says of its hierarchy for a facet."""
    return next((row for row in corpus["hierarchies"] if row["facet"] == facet), None)


def find_hierarchy(client: "Client", name: str, facet: str) -> Document:
    """Find what the corpus says of its hierarchy for a facet.

    Raises
    ------
    NoCorpusOfThisName
        If there is no such corpus.
    NotBuilt
        If it was never built.
    """
    summary = hierarchy_summary(find_corpus(client, name), facet)
    if summary is None:
        other = "" if facet == "topic" else f" --facet {facet}"
        raise NotBuilt(f"Build it first: papertree build {name}{other}")
    return summary


def find_paper(client: "Client", corpus: Document, source_id: str) -> Document:
    """Find a paper of a corpus by the id its source gave it.

    Raises
    ------
    NoPaperOfThisId
        If the corpus has none.
    """
    papers = client.items(f"/corpora/{corpus['id']}/papers", source_id=source_id, most=1)
    paper = next(papers, None)
    if paper is None:
        detail = f"No paper of the corpus {corpus['name']!r} has the id {source_id!r} in its source."
        raise NoPaperOfThisId(detail)
    return paper


def find_topic(topics: list[Document], name: str) -> Document:
    """Find a topic of a hierarchy by its id or its label, whatever the case.

    Raises
    ------
    NoTopicOfThisName
        If none has it.
    """
    for topic in topics:
        if topic["id"] == name or topic["label"].casefold() == name.casefold():
            return topic
    raise NoTopicOfThisName(f"No topic has the label or id {name!r}; papertree tree shows those there are.")
