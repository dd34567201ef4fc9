from datetime import UTC, datetime

import pytest

from app.labelling.llm.refusals import seconds_to_wait

NOW = datetime(2026, 11, 25, 12, 0, 0, tzinfo=UTC)


class TestSecondsToWait:
    @pytest.mark.parametrize(
        ("retry_after", "seconds"),
        [
            ("0", 0),
            ("17", 17),
            ("1.5", 1.5),
            ("-3", 0),
            ("Wed, 25 Nov 2026 12:00:20 GMT", 20),
            ("Wednesday, 25-Nov-26 12:00:20 GMT", 20),
            ("Wed, 25 Nov 2026 11:00:00 GMT", 0),
        ],
    )
    def test_reads_seconds_and_dates(self, retry_after: str, seconds: float) -> None:
        assert seconds_to_wait(retry_after, NOW) == seconds

    @pytest.mark.parametrize("retry_after", [None, "", "soon", "nan", "inf", "99 Foo 9999 99:99:99 GMT"])
    def test_is_nothing_when_nothing_sensible_is_said(self, retry_after: str | None) -> None:
        assert seconds_to_wait(retry_after, NOW) is None
