"""Cleans text where it enters, once: what passes here can be stored, compared and shown as it is."""

import html
import re
import unicodedata
from enum import StrEnum
from html.entities import html5
from typing import NamedTuple

MAX_TITLE = 1_000
MAX_ABSTRACT = 20_000
MAX_AUTHORS = 2_000
MAX_AUTHOR = 300
MAX_KEYWORDS = 1_000
MAX_KEYWORD = 300
MAX_VENUE = 500
MAX_ID = 300
MAX_URL = 2_000

_MAX_ROUNDS = 8


class Change(StrEnum):
    """What cleaning did to a text, for the report to whoever sent it."""

    CUT = "cut"
    HIDDEN = "hidden"
    MARKUP = "markup"
    UNREADABLE = "unreadable"


class Cleaned(NamedTuple):
    """A clean text, and what was changed beyond white space and composition."""

    text: str
    changes: frozenset[Change]


_UNCHANGED: frozenset[Change] = frozenset()

# Scripts whose spelling or shaping uses the joiners: Arabic, Syriac, Indic, Myanmar, Khmer, Mongolian.
_JOINED = (
    "\u0600-\u061b\u061d-\u077f\u0840-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u180a\u1810-\u18af\ufb50-\ufdcf"
)
_EMOJI = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u24c2\u25a0-\u27bf"
    "\u2900-\u297f\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
)
_MONGOLIAN = "\u1820-\u18aa"

_INVISIBLE = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # C0 and C1 control, less what counts as white space
    "\u00ad\u034f\u180e\u200b\u2060-\u2065\ufeff"  # soft hyphen, joiners of no script, zero width
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"  # bidi control
    "\ufff9-\ufffb\ufdd0-\ufdef\ufffe\uffff\U0001d173-\U0001d17a"  # annotations, noncharacters
    "\ufe00-\ufe0e\U000e0000-\U000e0fff"  # variation selectors and the Tag block
)
_HIDDEN = re.compile(
    f"[{_INVISIBLE}]"
    f"|(?<![{_JOINED}{_EMOJI}\ufe0f])[\u200c\u200d]|[\u200c\u200d](?![{_JOINED}{_EMOJI}])"
    f"|(?<![{_EMOJI}#*0-9])\ufe0f|(?<=[#*0-9])\ufe0f(?!\u20e3)"
    f"|(?<![{_MONGOLIAN}])[\u180b-\u180d\u180f]"
)
# The hidden characters that str.isprintable takes for visible ones, because they are marks.
_PRINTABLE_HIDDEN = re.compile("[\u034f\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_SURROGATE = re.compile("[\ud800-\udfff]")

_INLINE_TAGS = (
    "i|b|u|s|q|a|em|strong|sub|sup|small|big|span|font|tt|code|cite|italic|bold|sc|scp|inf|underline|monospace"
    "|roman|sans-serif|styled-content|named-content|inline-formula|inline-graphic|ext-link|xref|tex-math|math"
    "|m(?:i|n|o|row|sub|sup|subsup|frac|text|over|under|space|style|sqrt|table|tr|td)"
)
_BLOCK_TAGS = (
    "p|br|hr|div|h[1-6]|ul|ol|li|dl|dt|dd|table|thead|tbody|tr|td|th|title|sec|section|abstract|list|list-item"
    "|disp-formula|blockquote|script|style"
)
_TAG = re.compile(
    rf"<(?P<closing>/?)\s*(?:(?P<prefix>jats|mml|m|ns\d|oasis|xhtml|xlink|o|st1):[a-z][a-z0-9-]{{0,40}}"
    rf"|(?P<inline>{_INLINE_TAGS})|(?P<block>{_BLOCK_TAGS}))"
    r"(?P<attributes>(?:\s+[a-z_:][\w:.-]{0,60}\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'<>]+))*)\s*/?>"
    r"|<!--[^<>]*-->|<!\[CDATA\[|\]\]>",
    re.IGNORECASE,
)
_MARKUP = re.compile("[<&]")
_CLOSING_TAG = re.compile(r"</\s*([a-z][a-z0-9-]*)\s*>", re.IGNORECASE)
_INLINE_PREFIXED = re.compile(
    r"</?\s*[a-z0-9]+:(?:i|b|sub|sup|sc|italic|bold|m\w+|inline|ext|xref|tex|styled|named)", re.IGNORECASE
)
_ENTITY = re.compile(
    r"&(?:(?:amp|#0{0,5}38|#x0{0,4}26);)*(#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});", re.IGNORECASE
)


def clean_text(text: str, *, max_length: int) -> str:
    """Give a text on one line, without markup, hidden characters or anything a database refuses.

    The same as `clean`, without the report of what was changed.
    """
    return clean(text, max_length=max_length).text


def clean(text: str, *, max_length: int) -> Cleaned:
    """Clean a text and say what was changed.

    Parameters
    ----------
    text : str
        Anything a source may hold, lone surrogates and NUL included.
    max_length : int
        Characters kept; what is beyond is cut off.

    Returns
    -------
    Cleaned
        The text, and its changes. Collapsed white space and NFC are not counted as changes.

    Notes
    -----
    Idempotent. White space (line ends and tabs too) becomes one space. Removed: control, bidi control,
    zero-width characters, the Tag block and variation selectors. Kept, because meaning or form hangs on
    them: the joiners U+200C and U+200D between letters of scripts that use them (Persian, Indic) and
    inside emoji, and U+FE0F after an emoji. A lone surrogate becomes U+FFFD.

    Entities are decoded as often as they were encoded. An opening tag without attributes counts as
    markup only where its closing tag is in the text too: ``<p>`` alone is a mean momentum.
    """
    plain = " ".join(text.split()) if len(text) <= 8 * max_length else text
    if len(plain) <= max_length and plain.isascii() and plain.isprintable() and not _MARKUP.search(plain):
        return Cleaned(plain, _UNCHANGED)
    changes: set[Change] = set()
    # Markup seldom takes more room than the text in it; the bound keeps hostile input cheap.
    bound = 8 * max_length + 1_000
    if len(text) > bound:
        changes.add(Change.CUT)
        text = text[:bound]
    if _SURROGATE.search(text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text = _settle(text, changes)
    if len(text) > max_length:
        changes.add(Change.CUT)
        text = _without_hidden(text[:max_length], set())
    if "\ufffd" in text:
        changes.add(Change.UNREADABLE)
    return Cleaned(text, frozenset(changes) if changes else _UNCHANGED)


def storable_text(text: str) -> str:
    """Keep a text as it is, less the two things PostgreSQL refuses: NUL and lone surrogates."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    if not text.isascii() and _SURROGATE.search(text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _settle(text: str, changes: set[Change]) -> str:
    """Repeat the steps until nothing changes, so that no step can bring back what another removed."""
    for _ in range(_MAX_ROUNDS):
        before = text
        if "<" in text or "&" in text:
            text = _without_markup(text, changes)
        text = _without_hidden(text, changes)
        if text == before:
            return text
    # Entities nested to hide something from a decoder: without these two no markup is left to find.
    text = text.replace("&", "").replace("<", "")
    while (after := _without_hidden(text, changes)) != text:
        text = after
    return text


def _without_hidden(text: str, changes: set[Change]) -> str:
    text = " ".join(text.split())
    if text.isascii():
        suspect = not text.isprintable()
    else:
        suspect = not text.isprintable() or _PRINTABLE_HIDDEN.search(text) is not None
    if suspect:
        shown = _HIDDEN.sub("", text)
        if len(shown) != len(text):
            changes.add(Change.HIDDEN)
        text = " ".join(shown.split())
    return unicodedata.normalize("NFC", text)


def _without_markup(text: str, changes: set[Change]) -> str:
    plain = text
    if "<" in plain:
        closed = {name.lower() for name in _CLOSING_TAG.findall(plain)} if "</" in plain else set()
        plain = _TAG.sub(lambda match: _tag_text(match, closed), plain)
    if "&" in plain:
        plain = _ENTITY.sub(_entity_text, plain)
    if plain != text:
        changes.add(Change.MARKUP)
    return plain


def _tag_text(match: re.Match[str], closed: set[str]) -> str:
    """Give what a tag stands for: nothing inside a word, a space between blocks, itself when it is none."""
    if match["prefix"]:
        return "" if _INLINE_PREFIXED.match(match[0]) else " "
    name = (match["inline"] or match["block"] or "").lower()
    if name and not (match["closing"] or match["attributes"] or name in closed or name in {"br", "hr"}):
        return match[0]
    return "" if match["inline"] else " "


def _entity_text(match: re.Match[str]) -> str:
    """Decode one entity; a name HTML does not know stays as it is, ampersand and all."""
    name = match[1]
    if name.startswith("#"):
        return html.unescape(f"&{name};")
    return html5.get(f"{name};", f"&{name};")
