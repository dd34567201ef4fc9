"""Writes one HTML file that shows a hierarchy with its papers: no server, no script, nothing from afar."""

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256

from app.hierarchy.writers.graphml import xml_text
from app.hierarchy.writers.outline import Outline, OutlinePaper, Placed, walk

_OPEN_TO_DEPTH = 1
_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere; }
details { margin-left: 1.2rem; }
summary { cursor: pointer; padding: .1rem 0; }
summary:hover { text-decoration: underline; }
.n { opacity: .75; font-variant-numeric: tabular-nums; }
p.note { margin: 0 0 .3rem 1.2rem; }
ul { margin: .2rem 0 .6rem; }
"""
_POLICY = f"default-src 'none'; style-src 'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}'"


def write_page(outline: Outline) -> Iterator[str]:
    """Write the page: topics fold, and under each are its own papers, with links to them."""
    title = xml_text(outline.title)
    yield (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="referrer" content="no-referrer">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n"
    )
    if outline.notice:
        yield f"<p>{xml_text(outline.notice)}</p>\n"
    depth = 0
    for placed in walk(outline):
        yield "</details>\n" * (depth - placed.depth)
        depth = placed.depth + 1
        yield from _topic(placed)
        papers = outline.papers.get(placed.topic.id, ())
        if papers:
            yield f"<ul>{''.join(map(_paper, papers))}</ul>\n"
    yield "</details>\n" * depth
    yield "</body>\n</html>\n"


def _topic(placed: Placed) -> Iterator[str]:
    topic = placed.topic
    is_open = " open" if placed.depth < _OPEN_TO_DEPTH else ""
    count = f'<span class="n">{topic.n_papers:,}</span>'
    yield f"<details{is_open}><summary>{xml_text(topic.label)} {count}</summary>\n"
    if topic.description:
        yield f'<p class="note">{xml_text(topic.description)}</p>\n'


def _paper(paper: OutlinePaper) -> str:
    title = xml_text(paper.title)
    year = f' <span class="n">{paper.year}</span>' if paper.year is not None else ""
    address = paper.address or ""
    if address.lower().startswith(("https://", "http://")):
        title = f'<a rel="noopener noreferrer" href="{xml_text(address)}">{title}</a>'
    return f'<li dir="auto">{title}{year}</li>\n'
