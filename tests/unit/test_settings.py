from decimal import Decimal

import pytest

from app.settings import Settings

BOTH = {"PAPERTREE_LLM_BASE_URL": "https://models.example/v1", "PAPERTREE_LLM_MODEL": "small"}


class TestLanguageModel:
    def test_is_off_unless_configured(self) -> None:
        assert Settings.from_environment({}).llm is None
        assert Settings.from_environment({"PAPERTREE_LLM_API_KEY": "sk-1"}).llm is None

    def test_is_on_with_an_address_and_a_name(self) -> None:
        llm = Settings.from_environment({**BOTH, "PAPERTREE_LLM_PRICE_IN": "0.15"}).llm
        assert llm is not None
        assert (llm.base_url, llm.model, llm.api_key) == ("https://models.example/v1", "small", "")
        assert llm.prices.tokens_in == Decimal("0.15")
        assert llm.limits.tokens_per_build == 2_000_000

    def test_has_no_limit_where_none_is_wanted(self) -> None:
        llm = Settings.from_environment({**BOTH, "PAPERTREE_LLM_TOKENS_PER_BUILD": "none"}).llm
        assert llm is not None
        assert llm.limits.tokens_per_build is None

    def test_never_shows_its_key(self) -> None:
        settings = Settings.from_environment({**BOTH, "PAPERTREE_LLM_API_KEY": "sk-very-secret"})
        assert settings.llm is not None
        assert settings.llm.api_key == "sk-very-secret"
        assert "sk-very-secret" not in repr(settings)

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("PAPERTREE_LLM_MODEL", ""),
            ("PAPERTREE_LLM_BASE_URL", ""),
            ("PAPERTREE_LLM_BASE_URL", "models.example/v1"),
            ("PAPERTREE_LLM_BASE_URL", "file:///etc/passwd"),
            ("PAPERTREE_LLM_BASE_URL", "https://"),
            ("PAPERTREE_LLM_BASE_URL", "https://models.example:99999/v1"),
            ("PAPERTREE_LLM_BASE_URL", "https://models.example/v1?key=1"),
            ("PAPERTREE_LLM_BASE_URL", "https://user:word@models.example/v1"),
            ("PAPERTREE_LLM_API_KEY", "sk-\u2026"),
            ("PAPERTREE_LLM_API_KEY", "sk-1\nHost: elsewhere"),
            ("PAPERTREE_LLM_PRICE_IN", "cheap"),
            ("PAPERTREE_LLM_PRICE_OUT", "-1"),
            ("PAPERTREE_LLM_MONEY_PER_BUILD", "NaN"),
            ("PAPERTREE_LLM_TOKENS_PER_MONTH", "many"),
            ("PAPERTREE_LLM_CONCURRENCY", "0"),
            ("PAPERTREE_LLM_DEADLINE_S", "0"),
        ],
    )
    def test_is_refused_when_it_makes_no_sense(self, name: str, value: str) -> None:
        with pytest.raises(ValueError, match=r".") as refusal:
            Settings.from_environment({**BOTH, name: value})
        assert "word@" not in str(refusal.value)
