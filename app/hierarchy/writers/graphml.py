"""Writes GraphML, as Gephi, Cytoscape and networkx read it."""

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from app.hierarchy.writers.outline import Outline, walk

# What XML 1.0 cannot hold, in whatever form.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_KEYS = (
    ("label", "string"),
    ("path", "string"),
    ("depth", "int"),
    ("n_papers", "int"),
    ("locked", "boolean"),
)


def write_graphml(outline: Outline) -> Iterator[str]:
    """Write topics as nodes, and an edge from each parent to each child."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    for name, kind in _KEYS:
        yield f'  <key id="{name}" for="node" attr.name="{name}" attr.type="{kind}"/>\n'
    yield f'  <graph id={quoteattr(str(outline.id))} edgedefault="directed">\n'
    for placed in walk(outline):
        topic = placed.topic
        values = (
            topic.label,
            " > ".join(placed.path),
            placed.depth,
            topic.n_papers,
            str(topic.locked).lower(),
        )
        data = "".join(
            f'<data key="{name}">{xml_text(str(value))}</data>'
            for (name, _), value in zip(_KEYS, values, strict=True)
        )
        yield f'    <node id="{topic.id}">{data}</node>\n'
        if topic.parent is not None:
            yield f'    <edge source="{topic.parent}" target="{topic.id}"/>\n'
    yield "  </graph>\n</graphml>\n"


def xml_text(text: str) -> str:
    """Write a text so that XML and HTML show it, and nothing else."""
    return escape(_NOT_XML.sub("\ufffd", text), {'"': "&quot;", "'": "&#39;"})
