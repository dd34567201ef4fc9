from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from app.api.texts import (
    Abstract,
    Body,
    KCount,
    Label,
    Limit,
    Name,
    QueryText,
    SourceId,
    Title,
    Url,
    Venue,
    Year,
)

_NEEDED = [Name, Label, QueryText, SourceId, Title]
_OPTIONAL = [Abstract, Venue, Url]


def _take(kind: Any, value: object) -> object:
    return TypeAdapter(kind).validate_python(value)


class TestTexts:
    @pytest.mark.parametrize("kind", _NEEDED)
    @pytest.mark.parametrize("text", ["", " ", "\x00", "\u200b\u202e", "\U000e0041", "<b></b>"])
    def test_that_are_needed_hold_something_visible(self, kind: Any, text: str):
        with pytest.raises(ValidationError):
            _take(kind, text)

    @pytest.mark.parametrize("kind", [*_NEEDED, *_OPTIONAL])
    @pytest.mark.parametrize("value", [None, 1, True, ["a"], {"a": 1}, "\ud800"])
    def test_are_nothing_but_texts(self, kind: Any, value: object):
        with pytest.raises(ValidationError):
            _take(kind, value)

    @pytest.mark.parametrize("kind", [*_NEEDED, *_OPTIONAL])
    def test_are_refused_rather_than_cut(self, kind: Any):
        with pytest.raises(ValidationError):
            _take(kind, "x" * 100_000)

    def test_that_grow_when_composed_are_refused_rather_than_cut(self):
        # U+FB2C becomes three characters in NFC.
        with pytest.raises(ValidationError):
            _take(Name, "\ufb2c" * 200)
        assert len(str(_take(Name, "\ufb2c" * 60))) == 180

    def test_are_cleaned(self):
        assert _take(Title, " Of \u202ebees\x00 and <i>flowers</i>\n") == "Of bees and flowers"
        assert _take(Abstract, "\x00") == ""

    @given(st.text())
    def test_that_are_taken_can_be_stored(self, text: str):
        try:
            taken = str(_take(Name, text))
        except ValidationError:
            return
        assert "\x00" not in taken
        assert taken == taken.strip() != ""
        assert len(taken.encode("utf-8")) > 0
        assert _take(Name, taken) == taken

    @pytest.mark.parametrize(
        "address", ["javascript:alert(1)", " JavaScript:x", "data:text/html,x", "/a", "file:///a"]
    )
    def test_addresses_can_be_linked_to_safely(self, address: str):
        with pytest.raises(ValidationError):
            _take(Url, address)
        assert _take(Url, "https://example.org/a?b=c&d=e") == "https://example.org/a?b=c&d=e"


class TestNumbers:
    @pytest.mark.parametrize("year", [2**31, 10**400, -1, 0, 99999, 1999.0, True, "1999"])
    def test_years_are_years(self, year: object):
        with pytest.raises(ValidationError):
            _take(Year, year)
        assert _take(Year, 1999) == 1999

    @pytest.mark.parametrize("kind", [Limit, KCount])
    def test_counts_are_bounded(self, kind: Any):
        for count in (0, 201, -1, 10**9, 10**400, "1e3", float("nan")):
            with pytest.raises(ValidationError):
                _take(kind, count)
        assert _take(kind, 200) == 200


class _Sample(Body):
    text: str = ""
    number: float = 0.0


class TestBody:
    @given(st.text(min_size=1).filter(lambda name: name not in ("text", "number")))
    def test_takes_no_member_it_does_not_name(self, name: str):
        with pytest.raises(ValidationError):
            _Sample.model_validate({name: 1})

    @pytest.mark.parametrize("number", [float("nan"), float("inf"), "NaN", "-Infinity"])
    def test_takes_no_number_that_is_none(self, number: object):
        with pytest.raises(ValidationError):
            _Sample.model_validate({"number": number})

    def test_bounds_texts_of_no_type_of_their_own(self):
        with pytest.raises(ValidationError):
            _Sample.model_validate({"text": "x" * 100_001})
