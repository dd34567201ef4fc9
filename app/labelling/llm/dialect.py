"""The ways of demanding JSON and a length that servers understand, from the strictest on."""

from dataclasses import dataclass, replace
from typing import Any, Literal

from app.labelling.llm.conversation import TEMPERATURE
from app.labelling.llm.exchange import JsonSchema, Request

_TOO_LONG = ("context length", "context_length", "too long", "maximum context")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a request is written. Not all servers take schemas; some models take no temperature."""

    format: Literal["json_schema", "json_object", "plain"] = "json_schema"
    length: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    temperature: bool = True

    def parameters(self, request: Request) -> dict[str, Any]:
        """Write what goes with the messages."""
        parameters: dict[str, Any] = {self.length: request.max_output_tokens}
        if self.temperature:
            parameters["temperature"] = TEMPERATURE
        if self.format == "json_object":
            parameters["response_format"] = {"type": "json_object"}
        elif self.format == "json_schema":
            schema = {"name": "answer", "strict": True, "schema": strict(request.schema)}
            parameters["response_format"] = {"type": "json_schema", "json_schema": schema}
        return parameters

    def simpler_after(self, status: int, message: str) -> "Dialect | None":
        """Say how to ask next when a request was refused; None when the way of asking is not to blame."""
        said = message.lower()
        if status not in (400, 422) or any(words in said for words in _TOO_LONG):
            return None
        if self.length == "max_tokens" and "max_completion_tokens" in said:
            return replace(self, length="max_completion_tokens")
        if self.temperature and "temperature" in said:
            return replace(self, temperature=False)
        if self.format == "json_schema":
            return replace(self, format="json_object")
        return replace(self, format="plain") if self.format == "json_object" else None


def strict(schema: JsonSchema) -> JsonSchema:
    """Write a schema as strict servers want it: every member demanded, nothing said of defaults.

    >>> strict({"type": "object", "properties": {"a": {"type": "integer", "default": 1, "title": "A"}}})
    {'type': 'object', 'properties': {'a': {'type': 'integer'}}, 'required': ['a']}
    """
    written = {word: part for word, part in schema.items() if word not in ("default", "title")}
    for word in ("properties", "$defs"):
        if word in written:
            written[word] = {name: strict(part) for name, part in written[word].items()}
    for word in ("anyOf", "oneOf", "allOf", "prefixItems"):
        if word in written:
            written[word] = [strict(part) for part in written[word]]
    if isinstance(written.get("items"), dict):
        written["items"] = strict(written["items"])
    if "properties" in written:
        written["required"] = list(written["properties"])
    return written
