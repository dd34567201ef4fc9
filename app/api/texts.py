"""Types of what clients may send: texts are cleaned once, here, and refused when they are too long."""

from typing import Annotated

from pydantic import AfterValidator, AllowInfNan, BaseModel, ConfigDict, Field, Strict
from pydantic_core import PydanticCustomError

from app.corpus.clean import (
    MAX_ABSTRACT,
    MAX_AUTHOR,
    MAX_ID,
    MAX_KEYWORD,
    MAX_TITLE,
    MAX_URL,
    MAX_VENUE,
    clean_text,
)

MAX_LABEL = 200
MAX_NAME = 200
MAX_NOTICE = 1_000
MAX_QUERY = 2_000
MAX_TEXT = 100_000


class Body(BaseModel):
    """What every request body is: exactly the members named, finite numbers, bounded texts."""

    model_config = ConfigDict(
        extra="forbid",
        allow_inf_nan=False,
        str_max_length=MAX_TEXT,
        frozen=True,
        hide_input_in_errors=True,
    )


def cleaner(max_length: int, *, may_be_empty: bool) -> AfterValidator:
    """Clean a text; refuse one that cleaning leaves empty where a text is needed, or makes too long."""

    def clean(text: str) -> str:
        # Composing a text (NFC) can make it up to three times as long; nothing is to be cut off here.
        cleaned = clean_text(text, max_length=4 * max_length)
        if len(cleaned) > max_length:
            raise PydanticCustomError(
                "string_too_long", "Give at most {max_length} characters", {"max_length": max_length}
            )
        if not cleaned and not may_be_empty:
            raise PydanticCustomError("text_empty", "Give a text with at least one visible character")
        return cleaned

    return AfterValidator(clean)


def _web_address(text: str) -> str:
    """Keep addresses that can be linked to safely: never ``javascript:``, never a file."""
    if text and not text.lower().startswith(("http://", "https://", "ftp://")):
        raise PydanticCustomError("url_scheme", "Give an address that starts with http:// or https://")
    return text


Name = Annotated[str, Field(min_length=1, max_length=MAX_NAME), cleaner(MAX_NAME, may_be_empty=False)]
Notice = Annotated[str, Field(max_length=MAX_NOTICE), cleaner(MAX_NOTICE, may_be_empty=True)]
Label = Annotated[str, Field(min_length=1, max_length=MAX_LABEL), cleaner(MAX_LABEL, may_be_empty=False)]
QueryText = Annotated[str, Field(min_length=1, max_length=MAX_QUERY), cleaner(MAX_QUERY, may_be_empty=False)]
SourceId = Annotated[str, Field(min_length=1, max_length=MAX_ID), cleaner(MAX_ID, may_be_empty=False)]
Identifier = Annotated[str, Field(max_length=MAX_ID), cleaner(MAX_ID, may_be_empty=True)]
Title = Annotated[str, Field(min_length=1, max_length=MAX_TITLE), cleaner(MAX_TITLE, may_be_empty=False)]
Abstract = Annotated[str, Field(max_length=MAX_ABSTRACT), cleaner(MAX_ABSTRACT, may_be_empty=True)]
PersonName = Annotated[str, Field(max_length=MAX_AUTHOR), cleaner(MAX_AUTHOR, may_be_empty=True)]
Phrase = Annotated[str, Field(max_length=MAX_KEYWORD), cleaner(MAX_KEYWORD, may_be_empty=True)]
Venue = Annotated[str, Field(max_length=MAX_VENUE), cleaner(MAX_VENUE, may_be_empty=True)]
Url = Annotated[
    str, Field(max_length=MAX_URL), cleaner(MAX_URL, may_be_empty=True), AfterValidator(_web_address)
]

Year = Annotated[int, Strict(), Field(ge=1000, le=2100)]
Limit = Annotated[int, Field(ge=1, le=200)]
KCount = Annotated[int, Field(ge=1, le=200)]
Confidence = Annotated[float, AllowInfNan(False), Field(ge=0.0, le=1.0)]
