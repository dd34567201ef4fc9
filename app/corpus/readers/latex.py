"""Turns LaTeX in bibliographic fields into text, in one pass, leaving formulas as they are."""

import logging
import re
from functools import lru_cache

from pylatexenc.latex2text import LatexNodes2Text, get_default_latex_context_db

# It warns of each odd command, and a file can hold a hundred thousand of them.
logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)

_TO_TEXT = LatexNodes2Text()
_KNOWN = get_default_latex_context_db()

# pylatexenc is only ever asked for one short unit. Fed whole fields it takes 20 µs a character, recurses
# with the braces, and drops what follows an unescaped % or &, which exports are full of.
# Its first character is a class of its own, for the search skips ahead to one of these.
_UNIT = re.compile(
    r"[\\${}~`'\-](?:(?<=\\)(?:"
    r"(?P<math>\((?:[^\\]|\\[^()])*\\\)|\[(?:[^\\]|\\[^\[\]])*\\\])"
    r"|(?P<accent>[`'\"^~=.]\s*(?:\{\s*\\?[A-Za-z]?\s*\}|\\?[A-Za-z])"
    r"|[uvHtcdbrk](?:\s*\{\s*\\?[A-Za-z]{0,2}\s*\}|\s+\\?[A-Za-z](?![A-Za-z])))"
    r"|(?P<letter>(?:ss|o|O|l|L|ae|AE|oe|OE|aa|AA|i|j|dh|DH|th|TH|ng|NG|dj|DJ)(?![A-Za-z])\s?(?:\{\})?)"
    r"|(?P<dropped>(?:cite[a-z]*|ref|eqref|label|href|begin|end)\*?\s*(?:\[[^\[\]]*\])?\{[^{}]*\})"
    r"|(?P<macro>[a-zA-Z]+\*?(?:\{\})?)"
    r"|(?P<escaped>[^a-zA-Z]))"
    r"|(?<=\$)(?P<formula>\$[^$]*\$\$|[^$]*\$)"
    r"|(?P<plain>(?<=[{}~])|(?<=-)--?|(?<=`)`|(?<=')'))",
    re.DOTALL,
)
_PLAIN = {"{": "", "}": "", "~": " ", "--": "–", "---": "—", "``": "“", "''": "”"}
_ESCAPED = {r"\-": "", r"\/": "", r"\!": "", r"\@": "", "\\\\": " ", r"\,": " ", r"\;": " ", r"\:": " "}
_OWN = {
    "LaTeX": "LaTeX", "TeX": "TeX", "BibTeX": "BibTeX", "textgreater": ">", "textless": "<", "degree": "°",
    "textbackslash": "\\", "textdegree": "°", "texttildelow": "~", "textasciitilde": "~", "newline": " ",
    "par": " ", "quad": " ", "qquad": " ", "linebreak": " ", "slash": "/", "percent": "%",
}  # fmt: skip
_MARKS = ("\\", "{", "}", "~", "--", "``", "''")


def decode_latex(text: str) -> str:
    r"""Decode accents, symbols, spacing and formatting; braces go, formulas between dollars stay.

    An unknown command goes and its argument stays. ``%`` and ``&`` are kept: in a bibliography they are
    text, whether or not they were escaped.

    Examples
    --------
    >>> decode_latex(r"{\"U}ber {DNA} in \emph{E.~coli}: 50\% at $x_{1}$")
    'Über DNA in E. coli: 50% at $x_{1}$'
    """
    return _UNIT.sub(_unit_text, text) if any(mark in text for mark in _MARKS) else text


def _unit_text(match: re.Match[str]) -> str:
    unit = match[0]
    if match.lastgroup in ("math", "formula"):
        return unit
    if match.lastgroup == "plain":
        return _PLAIN[unit]
    if match.lastgroup == "escaped":
        return _ESCAPED.get(unit, unit[1:])
    if match.lastgroup == "dropped":
        return ""
    if match.lastgroup == "macro":
        return _macro_text(unit.strip("\\*{}"))
    return _accent_text(unit)


@lru_cache(maxsize=4096)
def _accent_text(unit: str) -> str:
    try:
        return str(_TO_TEXT.latex_to_text(unit))
    except (IndexError, ValueError):
        return ""


@lru_cache(maxsize=4096)
def _macro_text(name: str) -> str:
    """Look a symbol up; a command that takes arguments leaves them as they stand."""
    if name in _OWN:
        return _OWN[name]
    spec = _KNOWN.get_macro_spec(name)
    text = getattr(spec, "simplify_repl", None)
    return text if isinstance(text, str) and "%" not in text else ""
