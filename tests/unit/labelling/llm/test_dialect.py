import pytest
from pydantic import BaseModel, ConfigDict

from app.labelling.llm.dialect import Dialect, strict
from app.labelling.llm.exchange import Request


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")

    default: str = "a member of this name stays"


class Outer(BaseModel):
    model_config = ConfigDict(extra="forbid")

    inner: list[Inner] = []
    title: str | None = None


class TestStrict:
    def test_demands_every_member_at_every_depth(self) -> None:
        schema = strict(Outer.model_json_schema())
        assert schema["required"] == ["inner", "title"]
        assert schema["$defs"]["Inner"]["required"] == ["default"]
        assert schema["properties"]["title"] == {"anyOf": [{"type": "string"}, {"type": "null"}]}
        assert schema["properties"]["inner"] == {"type": "array", "items": {"$ref": "#/$defs/Inner"}}


class TestDialect:
    @pytest.mark.parametrize(
        ("status", "message"),
        [
            (401, "no response_format for you"),
            (404, "no such model"),
            (400, "This model's maximum context length is 8192 tokens."),
            (413, "Too large."),
        ],
    )
    def test_stays_when_another_would_not_help(self, status: int, message: str) -> None:
        assert Dialect().simpler_after(status, message) is None

    def test_gets_simpler_until_nothing_is_left_to_leave_out(self) -> None:
        dialect: Dialect | None = Dialect()
        spoken = []
        while dialect is not None:
            spoken.append(sorted(dialect.parameters(Request([], {}, 9))))
            dialect = dialect.simpler_after(400, "Bad: max_completion_tokens, temperature, response_format.")
        assert spoken == [
            ["max_tokens", "response_format", "temperature"],
            ["max_completion_tokens", "response_format", "temperature"],
            ["max_completion_tokens", "response_format"],
            ["max_completion_tokens", "response_format"],
            ["max_completion_tokens"],
        ]
