"""Reads operations from a file, with the names people use: source ids for papers, labels for topics."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from app.cli.named import find_paper, find_topic
from app.cli.terminal import Document
from app.errors import InvalidError

if TYPE_CHECKING:
    from app.cli.client import Client

_ONE_TOPIC = ("topic", "parent", "into")
_MANY_TOPICS = ("topics", "children")


class BadOperations(InvalidError):
    """The file of operations is not the JSON that is read."""

    slug = "bad-operations"
    title = "The operations cannot be read"


def read_operations(file: Path) -> list[Document]:
    """Read a list of operations, one operation, or an object with ``operations``; ``-`` is stdin.

    Raises
    ------
    BadOperations
        If it is none of these.
    """
    try:
        content = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
        document = json.loads(content)
    except (OSError, ValueError) as error:
        raise BadOperations(f"{file}: {error}") from None
    if isinstance(document, dict):
        document = document.get("operations", [document])
    if not isinstance(document, list) or not all(isinstance(one, dict) and "op" in one for one in document):
        raise BadOperations(
            'Give a list of objects such as {"op": "rename_topic", "topic": ..., "label": ...}.'
        )
    return document


class Names:
    """Turns the names in operations into ids.

    Parameters
    ----------
    client : Client
        Finds papers.
    corpus, topics : Document, list of Document
        Where names are looked up.
    """

    def __init__(self, client: "Client", corpus: Document, topics: list[Document]) -> None:
        self._client, self._corpus, self._topics = client, corpus, topics
        self._papers: dict[str, str] = {}

    def resolve(self, operation: Document) -> Document:
        """Give an operation with ids; a new topic's own id is left as it is.

        Raises
        ------
        NoTopicOfThisName, NoPaperOfThisId
            If a name is none of ours.
        """
        found = dict(operation)
        for name in _ONE_TOPIC:
            if isinstance(found.get(name), str) and not (name == "topic" and found["op"] == "create_topic"):
                found[name] = self._topic(found[name])
        for name in _MANY_TOPICS:
            if isinstance(found.get(name), list):
                found[name] = [self._topic(str(one)) for one in found[name]]
        if isinstance(found.get("paper"), str):
            found["paper"] = self._paper(found["paper"])
        if isinstance(found.get("papers"), list):
            found["papers"] = [self._paper(str(one)) for one in found["papers"]]
        if isinstance(found.get("groups"), list):
            found["groups"] = [self._group(group) for group in found["groups"]]
        return found

    def _group(self, group: Document) -> Document:
        papers = [self._paper(str(one)) for one in group.get("papers", ())]
        children = [self._topic(str(one)) for one in group.get("children", ())]
        return {**group, "papers": papers, "children": children}

    def _topic(self, name: str) -> str:
        return name if _is_id(name) else str(find_topic(self._topics, name)["id"])

    def _paper(self, name: str) -> str:
        if _is_id(name):
            return name
        if name not in self._papers:
            self._papers[name] = str(find_paper(self._client, self._corpus, name)["id"])
        return self._papers[name]


def _is_id(name: str) -> bool:
    try:
        UUID(name)
    except ValueError:
        return False
    return True
