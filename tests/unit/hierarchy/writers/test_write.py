"""What is written of a hierarchy says the same to whoever reads it, whatever its texts look like."""

import csv
import io
import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from uuid import UUID
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import Graph
from rdflib.namespace import DCTERMS

from app.hierarchy.skos_reader import NotATree, read_concepts
from app.hierarchy.writers import FORMATS, Outline, OutlinePaper, OutlineTopic, write_outline
from app.hierarchy.writers.outline import walk
from app.hierarchy.writers.skos import SKOS

_SIGNS = [
    *"\\\"'<>&{}[]()#*_`~|$=+-@;,.\n\r\t\x00\x1f\x7féب中🌳 ",
    "</script>",
    "<img src=x onerror=alert(1)>",
]
_TEXTS = st.lists(st.sampled_from(_SIGNS) | st.characters(codec="utf-8"), min_size=1, max_size=6).map("".join)
_ONE = UUID(int=1 << 100)


@st.composite
def _outlines(draw: st.DrawFn) -> Outline:
    """Any tree of up to 8 topics, level by level, with texts that mean something to some format."""
    n = draw(st.integers(1, 8))
    parents = [None, *(draw(st.integers(0, one)) for one in range(n - 1))]
    ids = [UUID(int=draw(st.just(_ONE.int)) + one) for one in range(n)]
    topics = [
        OutlineTopic(
            ids[one],
            None if parent is None else ids[parent],
            draw(_TEXTS),
            description=draw(st.just("") | _TEXTS),
            keyphrases=tuple(draw(st.lists(_TEXTS, max_size=2, unique=True))),
            n_papers=one,
            locked=one % 2 == 1,
        )
        for one, parent in enumerate(parents)
    ]
    papers = {ids[-1]: [OutlinePaper(UUID(int=7), draw(_TEXTS), draw(_TEXTS), 2020, draw(_TEXTS))]}
    return Outline(UUID(int=5), draw(_TEXTS), _level_by_level(topics), draw(st.none() | _TEXTS), papers)


def _level_by_level(topics: list[OutlineTopic]) -> list[OutlineTopic]:
    found = [one for one in topics if one.parent is None]
    for above in found:
        found += [one for one in topics if one.parent == above.id]
    return found


_CHEAP = settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow], deadline=None)


def _graph(outline: Outline, kind: str) -> Graph:
    written = "".join(write_outline(outline, kind))  # type: ignore[arg-type]
    return Graph().parse(data=written, format="turtle" if kind == "skos-turtle" else "json-ld")


def _small() -> Outline:
    root, left, right = (UUID(int=n) for n in (1, 2, 3))
    topics = [
        OutlineTopic(root, None, "All", n_papers=3),
        OutlineTopic(left, root, "Bees & flowers", "On bees.", ("wild bees",), 2, locked=True),
        OutlineTopic(right, root, "=cmd()", n_papers=1),
        OutlineTopic(UUID(int=4), left, "1. *Deep* <b>", n_papers=1),
    ]
    papers = {
        right: [OutlinePaper(UUID(int=9), "p1", "<script>alert(1)</script>", 2020, "javascript:alert(1)")]
    }
    papers[left] = [OutlinePaper(UUID(int=8), "p2", "Fine", None, 'https://example.org/?a=1&b="2"')]
    return Outline(UUID(int=5), "My <corpus>", topics, "Invented.", papers)


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # rdflib's own.
class TestSkos:
    @_CHEAP
    @given(outline=_outlines(), kind=st.sampled_from(["skos-turtle", "skos-jsonld"]))
    def test_is_read_again_as_the_same_hierarchy(self, outline: Outline, kind: str) -> None:
        graph = _graph(outline, kind)
        concepts = read_concepts((str(s), str(p), str(o)) for s, p, o in graph)
        found = [(one.name, one.parent, one.label, one.definition) for one in concepts]
        assert found == [
            (f"urn:uuid:{one.id}", one.parent and f"urn:uuid:{one.parent}", one.label, one.description)
            for one in outline.topics
        ]

    def test_both_forms_say_the_same(self) -> None:
        outline = _small()
        assert set(_graph(outline, "skos-turtle")) == set(_graph(outline, "skos-jsonld"))

    def test_names_the_topic_of_each_paper(self) -> None:
        subjects = dict(_graph(_small(), "skos-turtle").subject_objects(DCTERMS.subject))
        assert {str(paper): str(topic) for paper, topic in subjects.items()} == {
            f"urn:uuid:{UUID(int=9)}": f"urn:uuid:{UUID(int=3)}",
            f"urn:uuid:{UUID(int=8)}": f"urn:uuid:{UUID(int=2)}",
        }

    def test_reading_the_json_asks_nobody(self) -> None:
        document = json.loads("".join(write_outline(_small(), "skos-jsonld")))
        assert isinstance(document["@context"], dict)


class TestReadConcepts:
    def test_takes_either_direction_and_numbers_in_order(self) -> None:
        triples = [("a", f"{SKOS}narrower", f"b{n}") for n in range(12)]
        triples += [(f"b{n}", f"{SKOS}notation", f"1.{n}") for n in range(12)]
        triples += [("c", f"{SKOS}broader", "b3"), ("a", f"{SKOS}prefLabel", "A")]
        found = read_concepts(triples)
        assert [one.name for one in found] == ["a", *(f"b{n}" for n in range(12)), "c"]
        assert (found[0].label, found[-1].label, found[-1].parent) == ("A", "c", "b3")

    @pytest.mark.parametrize(
        "pairs", [[("a", "b"), ("a", "c")], [("a", "b"), ("b", "a")], [("a", "a")], [("a", "b"), ("b", "b")]]
    )
    def test_refuses_what_is_no_tree(self, pairs: list[tuple[str, str]]) -> None:
        with pytest.raises(NotATree):
            read_concepts((child, f"{SKOS}broader", parent) for child, parent in pairs)


class TestCsv:
    def test_gives_a_row_for_each_topic(self) -> None:
        rows = list(csv.DictReader(io.StringIO("".join(write_outline(_small(), "csv")))))
        assert [row["name"] for row in rows] == ["All", "Bees & flowers", "1. *Deep* <b>", "'=cmd()"]
        assert [row["path"] for row in rows][2] == "Bees & flowers > 1. *Deep* <b>"
        assert [row["level"] for row in rows] == ["0", "1", "2", "1"]
        assert [row["locked"] for row in rows] == ["false", "true", "false", "false"]

    @_CHEAP
    @given(outline=_outlines())
    def test_no_cell_is_a_formula(self, outline: Outline) -> None:
        rows = list(csv.reader(io.StringIO("".join(write_outline(outline, "csv")), newline="")))
        assert len(rows) == len(outline.topics) + 1
        assert not any(cell.startswith(tuple("=+-@＝＋－＠\t\r")) for row in rows for cell in row)


class TestMarkdown:
    def test_is_a_nested_list_whose_texts_are_no_marks(self) -> None:
        written = "".join(write_outline(_small(), "markdown")).splitlines()
        assert written[0] == "# My \\<corpus\\>"
        assert written[4:] == [
            "- All (3)",
            "  - Bees \\& flowers (2)",
            "    - 1\\. \\*Deep\\* \\<b\\> (1)",
            "  - =cmd() (1)",
        ]


class TestGraphml:
    @_CHEAP
    @given(outline=_outlines())
    def test_is_sound_and_holds_every_topic_and_edge(self, outline: Outline) -> None:
        root = ElementTree.fromstring("".join(write_outline(outline, "graphml")).encode())
        space = "{http://graphml.graphdrawing.org/xmlns}"
        assert [node.get("id") for node in root.iter(f"{space}node")] == [
            str(placed.topic.id) for placed in walk(outline)
        ]
        edges = {(edge.get("source"), edge.get("target")) for edge in root.iter(f"{space}edge")}
        assert edges == {(str(one.parent), str(one.id)) for one in outline.topics if one.parent}


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        self.depth += tag == "details"

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag == "details"
        assert self.depth >= 0


class TestPage:
    @_CHEAP
    @given(outline=_outlines())
    def test_makes_nothing_of_texts(self, outline: Outline) -> None:
        page = _Page()
        page.feed("".join(write_outline(outline, "html")))
        allowed = {"html", "head", "meta", "title", "style", "body", "h1", "p", "ul", "li", "a", "span"}
        assert set(page.tags) <= allowed | {"details", "summary"}
        assert not [name for name, _ in page.attributes if name.startswith("on")]
        links = [value or "" for name, value in page.attributes if name in ("href", "src")]
        assert all(link.lower().startswith(("https://", "http://")) for link in links)
        assert page.depth == 0
        assert page.tags.count("details") == len(outline.topics)

    def test_links_only_to_web_addresses_and_asks_nothing_of_others(self) -> None:
        written = "".join(write_outline(_small(), "html"))
        assert re.findall(r'href="([^"]*)"', written) == ["https://example.org/?a=1&amp;b=&quot;2&quot;"]
        assert "unsafe" not in written
        assert "<script" not in written


class TestWalk:
    @_CHEAP
    @given(outline=_outlines())
    def test_goes_down_before_it_goes_on(self, outline: Outline) -> None:
        placed = list(walk(outline))
        assert sorted(one.topic.id for one in placed) == sorted(one.id for one in outline.topics)
        for before, after in pairwise(placed):
            assert after.depth <= before.depth + 1
        assert all(len(one.path) == one.depth for one in placed)

    @pytest.mark.parametrize("kind", sorted(FORMATS))
    def test_of_an_empty_hierarchy_is_empty(self, kind: str) -> None:
        assert "".join(write_outline(Outline(UUID(int=1), "x", []), kind))  # type: ignore[arg-type]

    def test_is_quick_in_a_deep_hierarchy(self) -> None:
        ids = [UUID(int=n) for n in range(3000)]
        topics = [OutlineTopic(ids[n], ids[n - 1] if n else None, "x") for n in range(3000)]
        assert sum(1 for _ in walk(Outline(ids[0], "x", topics))) == 3000
