"""Writes BibTeX: what LaTeX would act on is escaped, formulas between dollars stay."""

import re
from collections.abc import Iterable, Iterator
from hashlib import sha256

from app.corpus.readers.names import split_keywords
from app.corpus.writers.entry import Entry, join_all, one_line

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9:._/+-]{0,99}")
_NOT_KEY = re.compile(r"[^A-Za-z0-9:._/+-]+")
_KIND = re.compile(r"[A-Za-z]{2,30}")
_NOT_KINDS = frozenset({"comment", "string", "preamble"})
# A formula stands between two single dollars; with an odd brace or a dollar escaped in it, it is text.
_FORMULA = re.compile(r"(?<![\\$])\$(?=[^\s$])[^$]*(?<=[^\s\\$])\$(?!\$)")
_SIGNS = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "-": "-",
    "`": "`",
    "'": "'",
}
_SPECIAL = re.compile(r"[\\{}$&%#_~]|-(?=-)|`(?=`)|'(?=')")
_ADDRESS = re.compile(r"[\\{}$]")
_NAMES_OF_OTHERS = re.compile(r"\band\b|^others$", re.IGNORECASE)


def write_bibtex(entries: Iterable[Entry]) -> Iterator[str]:
    """Write entries; the type of a BibTeX original is given back."""
    for entry in entries:
        fields = ((name, text) for name, text in _fields(entry) if text)
        lines = [f"  {name} = {{{text}}}," for name, text in fields]
        yield "\n".join([f"@{_kind(entry)}{{{citation_key(entry.paper.source_id)},", *lines, "}", "", ""])


def citation_key(source_id: str) -> str:
    """Give a source id as a citation key: as it is where it can be one, else with a mark of what it was.

    Examples
    --------
    >>> citation_key("smith2020")
    'smith2020'
    >>> citation_key("a b")
    'a_b-c8687a08'
    """
    if _KEY.fullmatch(source_id):
        return source_id
    plain = _NOT_KEY.sub("_", source_id).strip("_")[:80] or "paper"
    return f"{plain}-{sha256(source_id.encode()).hexdigest()[:8]}"


def _fields(entry: Entry) -> Iterator[tuple[str, str]]:
    paper = entry.paper
    yield "title", _escape(paper.title)
    yield "author", " and ".join(_author(author) for author in paper.authors)
    yield "year", "" if paper.year is None else str(paper.year)
    yield "journal", _escape(paper.venue)
    yield "abstract", _escape(paper.abstract)
    yield "keywords", _escape(join_all(entry.keywords(), split_keywords))
    yield "doi", _address(paper.doi or "")
    if paper.arxiv_id:
        yield "eprint", paper.arxiv_id
        yield "archiveprefix", "arXiv"
    yield "pmid", paper.pmid or ""
    yield "url", _address(paper.url or "")


def _kind(entry: Entry) -> str:
    kind = entry.paper.original.get("ENTRYTYPE")
    if isinstance(kind, str) and _KIND.fullmatch(kind) and kind.lower() not in _NOT_KINDS:
        return kind
    return "article" if entry.paper.venue else "misc"


def _author(name: str) -> str:
    escaped = _escape(name)
    return f"{{{escaped}}}" if _NAMES_OF_OTHERS.search(name) else escaped


def _address(text: str) -> str:
    """Leave an address as it is where nothing can be mistaken: a percent sign is part of it."""
    return _escape(text) if _ADDRESS.search(text) else one_line(text)


def _escape(text: str) -> str:
    text = one_line(text)
    parts, last = [], 0
    for formula in _FORMULA.finditer(text):
        if _is_balanced(formula[0]):
            parts += [_SPECIAL.sub(_sign, text[last : formula.start()]), formula[0]]
            last = formula.end()
    return "".join([*parts, _SPECIAL.sub(_sign, text[last:])])


def _sign(match: re.Match[str]) -> str:
    # Two hyphens or quotation marks would become another sign.
    sign = _SIGNS[match[0]]
    return f"{sign}{{}}" if match[0] in "-`'" else sign


def _is_balanced(formula: str) -> bool:
    depth = 0
    for sign in re.sub(r"\\.", "", formula, flags=re.DOTALL):
        depth += (sign == "{") - (sign == "}")
        if depth < 0:
            return False
    return depth == 0 and "\\\\" not in formula
