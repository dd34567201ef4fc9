"""Writes SKOS [1]_, as Turtle and as JSON-LD: a scheme, its concepts, and papers by their subjects.

References
----------
.. [1] *SKOS Simple Knowledge Organization System Reference*, W3C Recommendation, 2009.
"""

import json
from collections.abc import Iterator
from uuid import UUID

from app.hierarchy.writers.outline import Outline, OutlinePaper, Placed, walk

SKOS = "http://www.w3.org/2004/02/skos/core#"
DCT = "http://purl.org/dc/terms/"

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_IRIS = ("inScheme", "topConceptOf", "hasTopConcept", "broader", "narrower")
_TEXTS = ("prefLabel", "hiddenLabel", "definition", "notation")
_CONTEXT: dict[str, object] = {
    "skos": SKOS,
    "dct": DCT,
    **{name: {"@id": f"skos:{name}", "@type": "@id"} for name in _IRIS},
    **{name: f"skos:{name}" for name in _TEXTS},
    "title": "dct:title",
    "identifier": "dct:identifier",
    "subject": {"@id": "dct:subject", "@type": "@id"},
}


def name_of(one: UUID) -> str:
    """Name a topic, a paper or a scheme for all the world."""
    return f"urn:uuid:{one}"


def write_turtle(outline: Outline) -> Iterator[str]:
    """Write Turtle. Notations number the topics in the order they are shown, the root's being 0."""
    yield f"@prefix skos: <{SKOS}> .\n@prefix dct: <{DCT}> .\n\n"
    scheme = f"<{name_of(outline.id)}>"
    roots = ", ".join(f"<{name_of(one.id)}>" for one in outline.topics if one.parent is None)
    yield f"{scheme} a skos:ConceptScheme ;\n  dct:title {_literal(outline.title)}"
    yield f" ;\n  skos:note {_literal(outline.notice)}" if outline.notice else ""
    yield f" ;\n  skos:hasTopConcept {roots} .\n\n" if roots else " .\n\n"
    for placed in walk(outline):
        yield _turtle_concept(placed, scheme)
        for paper in outline.papers.get(placed.topic.id, ()):
            yield _turtle_paper(paper, placed)


def write_jsonld(outline: Outline) -> Iterator[str]:
    """Write JSON-LD, its context included, so that reading it asks nobody for anything."""
    yield f'{{"@context": {json.dumps(_CONTEXT)},\n"@graph": [\n'
    scheme: dict[str, object] = {
        "@id": name_of(outline.id),
        "@type": "skos:ConceptScheme",
        "title": outline.title,
        "hasTopConcept": [name_of(one.id) for one in outline.topics if one.parent is None],
    }
    yield json.dumps(scheme | ({"skos:note": outline.notice} if outline.notice else {}), ensure_ascii=False)
    for placed in walk(outline):
        yield ",\n" + json.dumps(_concept(placed, outline), ensure_ascii=False)
        for paper in outline.papers.get(placed.topic.id, ()):
            yield ",\n" + json.dumps(_paper(paper, placed), ensure_ascii=False)
    yield "\n]}\n"


def _concept(placed: Placed, outline: Outline) -> dict[str, object]:
    topic = placed.topic
    above = "broader" if topic.parent is not None else "topConceptOf"
    fields: dict[str, object] = {
        "@id": name_of(topic.id),
        "@type": "skos:Concept",
        "inScheme": name_of(outline.id),
        above: name_of(topic.parent or outline.id),
        "prefLabel": topic.label,
        "hiddenLabel": list(topic.keyphrases),
        "definition": topic.description,
        "notation": placed.number or "0",
        "narrower": [name_of(child.id) for child in placed.children],
    }
    return {name: value for name, value in fields.items() if value not in ("", [])}


def _paper(paper: OutlinePaper, placed: Placed) -> dict[str, object]:
    return {
        "@id": name_of(paper.id),
        "title": paper.title,
        "identifier": paper.source_id,
        "subject": name_of(placed.topic.id),
    }


def _turtle_concept(placed: Placed, scheme: str) -> str:
    topic = placed.topic
    above = f"skos:broader <{name_of(topic.parent)}>" if topic.parent else f"skos:topConceptOf {scheme}"
    parts = [f"skos:inScheme {scheme}", above, f"skos:prefLabel {_literal(topic.label)}"]
    if topic.keyphrases:
        parts.append(f"skos:hiddenLabel {', '.join(map(_literal, topic.keyphrases))}")
    if topic.description:
        parts.append(f"skos:definition {_literal(topic.description)}")
    parts.append(f"skos:notation {_literal(placed.number or '0')}")
    if placed.children:
        parts.append("skos:narrower " + ", ".join(f"<{name_of(child.id)}>" for child in placed.children))
    return f"<{name_of(topic.id)}> a skos:Concept ;\n  " + " ;\n  ".join(parts) + " .\n\n"


def _turtle_paper(paper: OutlinePaper, placed: Placed) -> str:
    fields = f"dct:title {_literal(paper.title)} ; dct:identifier {_literal(paper.source_id)}"
    return f"<{name_of(paper.id)}> {fields} ; dct:subject <{name_of(placed.topic.id)}> .\n"


def _literal(text: str) -> str:
    escaped = "".join(
        _ESCAPES.get(sign) or (f"\\u{ord(sign):04X}" if sign < " " or sign == "\x7f" else sign)
        for sign in text
    )
    return f'"{escaped}"'
