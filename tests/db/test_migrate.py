import pytest

from app.db.migrate import DatabaseUnusable, upgrade


class TestUpgrade:
    @pytest.mark.parametrize(
        ("url", "said"),
        [
            ("mysql://someone@localhost/x", "only postgresql"),
            ("not a url", "not a URL"),
            ("postgresql://someone:hidden@127.0.0.1:1/x", "127.0.0.1:1"),
        ],
    )
    def test_tells_plainly_what_is_wrong_with_a_database(self, url: str, said: str) -> None:
        with pytest.raises(DatabaseUnusable) as raised:
            upgrade(url)
        assert said in raised.value.detail
        assert "hidden" not in raised.value.detail
