"""Reads a hierarchy back from the statements of a SKOS file, whoever wrote it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from app.errors import InvalidError
from app.hierarchy.writers.skos import SKOS

Triple = tuple[str, str, str]
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_DIGITS = re.compile(r"(\d+)")


class NotATree(InvalidError):
    """The concepts of a SKOS file do not form trees."""

    slug = "skos-not-a-tree"
    title = "The concepts do not form a tree"


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept; ``parent`` is the name of the one that is broader, null of a top concept."""

    name: str
    parent: str | None
    label: str
    definition: str = ""
    notation: str = ""


def read_concepts(triples: Iterable[Triple]) -> list[Concept]:
    """Read the concepts of a SKOS graph.

    Parameters
    ----------
    triples : iterable of (subject, predicate, object)
        IRIs without brackets, literals as their texts.

    Returns
    -------
    list of Concept
        Parents before children; siblings by notation, then by label.

    Raises
    ------
    NotATree
        If a concept has two broader ones, or is below itself.
    """
    concepts: dict[str, dict[str, str]] = {}
    parents: dict[str, set[str]] = {}
    for subject, predicate, value in triples:
        if predicate == _TYPE and value == f"{SKOS}Concept":
            concepts.setdefault(subject, {})
        elif predicate == f"{SKOS}broader":
            parents.setdefault(subject, set()).add(value)
        elif predicate == f"{SKOS}narrower":
            parents.setdefault(value, set()).add(subject)
        elif predicate in _WANTED:
            known = concepts.setdefault(subject, {})
            known[_WANTED[predicate]] = min(value, known.get(_WANTED[predicate], value))
    for name, above in parents.items():
        if len(above) > 1:
            raise NotATree(f"{name} has {len(above)} broader concepts: {', '.join(sorted(above))}.")
    for name in {*parents, *(one for above in parents.values() for one in above)}:
        concepts.setdefault(name, {})
    return _in_order(concepts, {name: next(iter(above)) for name, above in parents.items()})


_WANTED = {f"{SKOS}prefLabel": "label", f"{SKOS}definition": "definition", f"{SKOS}notation": "notation"}


def _in_order(concepts: dict[str, dict[str, str]], parents: dict[str, str]) -> list[Concept]:
    children: dict[str | None, list[Concept]] = {}
    for name, known in concepts.items():
        concept = Concept(
            name,
            parents.get(name),
            known.get("label") or name,
            known.get("definition", ""),
            known.get("notation", ""),
        )
        children.setdefault(concept.parent, []).append(concept)
    found = sorted(children.get(None, ()), key=_place)
    for concept in found:
        found += sorted(children.get(concept.name, ()), key=_place)
    if len(found) < len(concepts):
        lost = sorted(concepts.keys() - {concept.name for concept in found})
        raise NotATree(f"Concepts are below themselves: {', '.join(lost[:5])}.")
    return found


def _place(concept: Concept) -> tuple[list[tuple[int, int, str]], str, str]:
    """Sort 1.10 after 1.9, and what has no notation last."""
    parts = [part for part in _DIGITS.split(concept.notation) if part]
    numbers = [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts]
    return numbers or [(2, 0, "")], concept.label, concept.name
