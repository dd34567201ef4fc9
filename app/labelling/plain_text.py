r"""Turns titles and abstracts with LaTeX in them into text a person reads, and into words.

Much lighter than a LaTeX parser, on purpose: it sees every paper of a corpus at each build.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

ACCENTS = {
    "`": "\u0300",
    "'": "\u0301",
    "^": "\u0302",
    "~": "\u0303",
    "=": "\u0304",
    "u": "\u0306",
    ".": "\u0307",
    '"': "\u0308",
    "r": "\u030a",
    "H": "\u030b",
    "v": "\u030c",
    "c": "\u0327",
    "k": "\u0328",
}
LETTERS = {"ss": "ß", "o": "ø", "O": "Ø", "aa": "å", "AA": "Å", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ"}
LETTERS |= {"l": "ł", "L": "Ł"}
GREEK = """
alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho sigma tau
upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega
"""
SYMBOLS = dict(
    zip(
        GREEK.split(),
        "αβγδεεζηθϑικλμνξπρστυφφχψωΓΔΘΛΞΠΣΥΦΨΩ",
        strict=True,
    )
)
SYMBOLS |= {"ell": "ℓ", "infty": "∞", "times": "×", "to": "→", "rightarrow": "→", "leq": "≤", "le": "≤"}
SYMBOLS |= {
    "geq": "≥",
    "ge": "≥",
    "sim": "~",
    "approx": "≈",
    "pm": "±",
    "cdot": "·",
    "odot": "☉",
    "partial": "∂",
}
SYMBOLS |= {
    "star": "*",
    "ast": "*",
    "prime": "'",
    "dagger": "†",
    "otimes": "⊗",
    "oplus": "⊕",
    "in": "∈",
    "sum": "Σ",
}

SUPERSCRIPTS = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
SUBSCRIPTS = str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋")

_ACCENT = re.compile(r"""\{?\\(?:([`'^~=."])\s*|([uvHckr])(?=[\s{])\s*)(?:\{([A-Za-z])\}|([A-Za-z]))\}?""")
IRREGULAR = {
    "automata": "automaton",
    "matrices": "matrix",
    "vertices": "vertex",
    "indices": "index",
    "simplices": "simplex",
    "criteria": "criterion",
    "phenomena": "phenomenon",
    "hypotheses": "hypothesis",
    "analyses": "analysis",
    "spectra": "spectrum",
    "equilibria": "equilibrium",
    "bacteria": "bacterium",
    "series": "series",
    "species": "species",
    "lens": "lens",
    "gas": "gas",
    "bias": "bias",
    "biases": "bias",
    "buses": "bus",
    "gases": "gas",
    "lenses": "lens",
    "viruses": "virus",
}

_DOTLESS = re.compile(r"\\([ij])(?![A-Za-z])\s?")
_LETTER = re.compile(
    r"\{\\(" + "|".join(LETTERS) + r")\}|\\(" + "|".join(LETTERS) + r")(?:\{\}|(?![A-Za-z])\s?)"
)
_COMMAND = re.compile(r"\\([A-Za-z]+)\*?\s?")
_SCRIPT = re.compile(r"([\^_])\s*(?:\{([^{}]*)\}|([^\s{}]))")

_IDEOGRAPH = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_KATAKANA = "\u30a1-\u30ff"
_HIRAGANA = "\u3041-\u309f"
_LATINLIKE = rf"[^\W_{_IDEOGRAPH}{_KATAKANA}{_HIRAGANA}]"
_TOKEN = re.compile(
    rf"{_LATINLIKE}+(?:(?:['’.&/](?={_LATINLIKE})|[-‐‑–+*]+(?={_LATINLIKE})){_LATINLIKE}+)*(?:\+\+|[#*](?=\W|$))?"
    rf"|[{_IDEOGRAPH}]|[{_KATAKANA}]+|[{_HIRAGANA}]|[^\w\s]"
)
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"'”)\]]?\s+(?=[\"'“(\[]?[^\W\d_a-z])|(?<=[。！？])")
_ABBREVIATED = re.compile(
    r"(?:\b(?:e\.g|i\.e|cf|et al|resp|vs|Fig|Eq|Sec|Ref|Dr|Prof|St|approx|no)|\b[A-Z])\.$"
)

_CLAUSE_END = re.compile(r"(?<=[?!])\s|\s*:\s|\s[–—-]\s")
SHORTEST_CLAUSE = 12


def plain_text(text: str) -> str:
    r"""Write a title or abstract without LaTeX.

    Examples
    --------
    >>> plain_text(r"G\"odel and $k$-means in $\mathbb{R}^{2}$")
    'Gödel and k-means in R²'
    """
    if "\\" in text:
        text = _DOTLESS.sub(r"\1", text)
        text = _ACCENT.sub(_accented, text)
        text = _LETTER.sub(lambda match: LETTERS[match[1] or match[2]], text)
        text = text.replace("\\%", "%").replace("\\&", "&").replace("\\_", "_").replace("\\$", "")
        text = text.replace("\\(", "").replace("\\)", "").replace("\\[", "").replace("\\]", "")
        text = _COMMAND.sub(lambda match: SYMBOLS.get(match[1], ""), text)
        text = text.replace("\\", " ")
    if any(mark in text for mark in "${}^"):
        text = _SCRIPT.sub(_scripted, text)
        text = text.replace("$", "").replace("{", "").replace("}", "").replace("~", " ")
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return " ".join(text.split())


def _accented(match: re.Match[str]) -> str:
    letter = match[3] or match[4]
    return unicodedata.normalize("NFC", letter + ACCENTS[match[1] or match[2]])


def _scripted(match: re.Match[str]) -> str:
    inside = match[2] if match[2] is not None else match[3]
    table = SUPERSCRIPTS if match[1] == "^" else SUBSCRIPTS
    turned = inside.translate(table)
    if len(inside) <= 4 and all(ord(letter) in table for letter in inside):
        return turned
    return match[1] + inside if match[1] == "_" else inside


def tokens(text: str) -> list[str]:
    """Divide plain text into words and marks.

    Words keep hyphens, apostrophes and what chemists and mathematicians hang on them; an ideograph is a word;
    each punctuation mark stands alone.

    Examples
    --------
    >>> tokens("The p-adic L-functions, and C*-algebras")
    ['The', 'p-adic', 'L-functions', ',', 'and', 'C*-algebras']
    """
    return _TOKEN.findall(text)


@lru_cache(maxsize=1 << 18)
def normal_form(word: str) -> str:
    """Write a word in lower case and, as far as an "s" tells, in the singular."""
    low = word.lower().replace("’", "'").replace("‐", "-").replace("‑", "-").replace("–", "-")
    low = low.removesuffix("'s")
    if low in IRREGULAR:
        return IRREGULAR[low]
    if len(low) > 4 and low.endswith("ies"):
        return low[:-3] + "y"
    if len(low) > 4 and low.endswith(("sses", "shes", "ches", "xes", "zzes")):
        return low[:-2]
    if len(low) > 3 and low.endswith("s") and not low.endswith(("ss", "us", "is", "ics")):
        return low[:-1]
    return low


def sentences(text: str) -> Iterator[str]:
    """Divide plain text into sentences; an abbreviation's full stop does not end one."""
    pending = ""
    for piece in _SENTENCE_END.split(text):
        pending = f"{pending} {piece}" if pending else piece
        if not _ABBREVIATED.search(pending):
            yield pending
            pending = ""
    if pending:
        yield pending


def is_ideograph(word: str) -> bool:
    """Say whether a word is written without spaces around it."""
    return (
        "\u3041" <= word[0] <= "\u30ff" or "\u3400" <= word[0] <= "\u9fff" or "\uf900" <= word[0] <= "\ufaff"
    )


def main_clause(title: str) -> str:
    """Cut a long title at its first colon, question mark or dash, if something is left before it."""
    clause = _CLAUSE_END.split(title, maxsplit=1)[0]
    return clause if SHORTEST_CLAUSE <= len(clause) < len(title) else title
