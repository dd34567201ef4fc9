import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.corpus.clean import Change, clean, clean_text, storable_text

# Much of what a text can hide, with what could make two steps of cleaning undo each other.
PIECES = st.sampled_from(
    [
        *"ab <>&;/#x38é",
        "&amp;",
        "&lt;",
        "&gt;",
        "&#38;",
        "&#x200b;",
        "&#0;",
        "&nbsp;",
        "amp;",
        "lt;",
        "<i>",
        "</i>",
        "<p>",
        "</p>",
        "<br/>",
        "<jats:p>",
        "]]>",
        "\x00",
        "\x1b",
        "\x85",
        "\t",
        "\r\n",
        "\u2028",
        "\ud800",
        "\udc00",
        "\u200b",
        "\u200c",
        "\u200d",
        "\u202e",
        "\u2066",
        "\ufeff",
        "\ufe0f",
        "\ufe00",
        "\u20e3",
        "1",
        "\u00ad",
        "\u061c",
        "\u0301",
        "\u0644",
        "\u0627",
        "\u0654",
        "\u0915",
        "\u094d",
        "\U0001f469",
        "\U0001f4bb",
        "\U0001f3fd",
        "\U000e0041",
        "\U000e0101",
        "\u180b",
        "\u1820",
        "\uac00",
        "\u11a8",
        "\u034f",
        "\ufdd0",
    ]
)
TEXTS = st.lists(st.one_of(PIECES, st.characters(exclude_categories=[])), max_size=30).map("".join)
FORBIDDEN = set(map(chr, [*range(32), *range(0x7F, 0xA0), 0xAD, 0x200B, 0x2060, 0xFEFF, 0x200E, 0x200F]))
FORBIDDEN |= set(map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x2070), *range(0xD800, 0xE000)]))
FORBIDDEN |= set(map(chr, range(0xE0000, 0xE1000)))


def seconds_to_clean(text: str) -> float:
    start = time.process_time()
    clean(text, max_length=20_000)
    return time.process_time() - start


class TestClean:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("  one\n two\tthree\u00a0four\u2028five ", "one two three four five"),
            ("a\x00b\x07c\x9bd", "abcd"),
            ("left\u202eright\u2066x\u2069\u200e", "leftrightx"),
            ("wa\u200bter\u2060 \ufeffsoft\u00adhyphen", "water softhyphen"),
            ("ignore\U000e0069\U000e0067 this", "ignore this"),
            ("plain\ufe0f a\ufe01b\U000e0100", "plain ab"),
            ("cafe\u0301", "café"),
        ],
    )
    def test_removes_what_cannot_be_seen(self, text, expected):
        assert clean_text(text, max_length=100) == expected

    @pytest.mark.parametrize("text", ["می‌خواهم", "क्‍ष", "👩‍💻 🏳️‍🌈 ❤️", "press 1️⃣", "ᠮᠣᠩ᠋ᠭᠣᠯ"])
    def test_keeps_joiners_where_the_script_or_the_emoji_needs_them(self, text):
        assert clean_text(text, max_length=100) == text

    def test_removes_joiners_inside_latin_words(self):
        assert clean_text("pa\u200dper\u200c 2020\ufe0f", max_length=100) == "paper 2020"

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("H<sub>2</sub>O in <i>E. coli</i>", "H2O in E. coli"),
            (
                "<jats:title>Aims</jats:title><jats:p>We <jats:italic>ask</jats:italic>.</jats:p>",
                "Aims We ask .",
            ),
            ("one<br/>two<BR>three", "one two three"),
            ("<p>First.</p><p>Second.</p>", "First. Second."),
            ('see <a href="https://example.org/?a=1">there</a>', "see there"),
            ("<mml:math><mml:mi>x</mml:mi></mml:math> grows", "x grows"),
            ("R&amp;D, p &lt; 0.05, caf&eacute;, &#945;&#x3b2;", "R&D, p < 0.05, café, αβ"),
            ("&amp;lt;i&amp;gt;x&amp;lt;/i&amp;gt; &amp;amp;amp; y", "x & y"),
            ("<!-- hidden -->shown", "shown"),
            ("<script>alert(1)</script>", "alert(1)"),
        ],
    )
    def test_turns_markup_into_text(self, text, expected):
        assert clean_text(text, max_length=200).replace(" .", ".") == expected.replace(" .", ".")

    @pytest.mark.parametrize(
        "text",
        [
            "if a < b and c > d",
            "mean momentum <p> and <b> alone",
            "x <b and c> d",
            "AT&T and R&D;",
            "&unknown; &notit;",
            "f<g>h",
            "1 << 2 >> 3",
            "Map<String, Integer>",
        ],
    )
    def test_leaves_alone_what_only_looks_like_markup(self, text):
        assert clean_text(text, max_length=200) == text

    def test_joins_the_halves_of_a_surrogate_pair_and_replaces_a_lone_one(self):
        cleaned = clean("\ud83d\ude00 \ud800", max_length=100)

        assert cleaned.text == "😀 \ufffd"
        assert cleaned.changes == {Change.UNREADABLE}

    def test_says_what_was_changed(self):
        assert clean("plain text", max_length=100).changes == set()
        assert clean("a  b\n", max_length=100).changes == set()
        assert clean("<i>a</i>\u200b", max_length=100).changes == {Change.MARKUP, Change.HIDDEN}
        assert clean("word " * 100, max_length=20) == ("word word word word", {Change.CUT})

    def test_says_that_a_text_was_cut_when_only_markup_made_it_too_long(self):
        assert Change.CUT in clean("<br>" * 10_000 + "end", max_length=100).changes

    @settings(deadline=None)
    @given(TEXTS, st.integers(1, 60))
    def test_changes_nothing_the_second_time(self, text, max_length):
        once = clean_text(text, max_length=max_length)

        assert clean(once, max_length=max_length) == (
            once,
            {Change.UNREADABLE} if "\ufffd" in once else set(),
        )

    @settings(deadline=None)
    @given(TEXTS)
    def test_lets_nothing_through_that_is_hidden_or_refused(self, text):
        cleaned = clean_text(text, max_length=60)

        assert not FORBIDDEN & set(cleaned)
        assert len(cleaned) <= 60
        assert cleaned == " ".join(cleaned.split())
        assert unicodedata.is_normalized("NFC", cleaned)
        cleaned.encode()

    @pytest.mark.parametrize(
        "piece",
        [
            "&amp;",
            "&#3",
            "<",
            "<i>",
            "<a ",
            "<a b=",
            "</",
            "&",
            "\u200c",
            "\u0301",
            "<!--",
            " ",
            "<br",
            "&#38;#38;",
        ],
    )
    def test_takes_time_in_proportion_to_the_text(self, piece):
        assert seconds_to_clean(piece * (1_000_000 // len(piece))) < 2


class TestStorableText:
    @settings(deadline=None)
    @given(TEXTS)
    def test_can_always_be_encoded_and_holds_no_nul(self, text):
        kept = storable_text(text)

        kept.encode()
        assert "\x00" not in kept

    def test_keeps_everything_else(self):
        assert storable_text(" <b>a\u200b\n\x07</b> ") == " <b>a\u200b\n\x07</b> "
