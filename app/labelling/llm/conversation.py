"""What is said to a model: a question, and why its answer was sent back."""

import json
from collections.abc import Sequence
from hashlib import sha256

from app.labelling.llm.asking import Answer, Question
from app.labelling.llm.calls import Message
from app.labelling.llm.exchange import JsonSchema

TEMPERATURE = 0.0
_LONGEST_QUOTE = 8000
_LONGEST_REASON = 300


def written_schema(schema: JsonSchema) -> str:
    """Write a schema as it stands in the instructions."""
    return json.dumps(schema, ensure_ascii=False)


def opening(question: Question[Answer], schema: JsonSchema) -> list[Message]:
    """Put a question: its instructions with the schema of the answer, then what it is about.

    The schema is always told, also to servers that enforce it: some take the demand and ignore it.
    """
    demand = "Answer with exactly one JSON object that fits this JSON Schema, and nothing else:"
    return [
        {"role": "system", "content": f"{question.system}\n\n{demand}\n{written_schema(schema)}"},
        {"role": "user", "content": question.prompt},
    ]


def sent_back(messages: Sequence[Message], answer: str, reasons: Sequence[str]) -> list[Message]:
    """Go on from the opening with an answer that was not acceptable, and say why it was not."""
    listed = "\n".join(f"- {reason[:_LONGEST_REASON]}" for reason in reasons)
    complaint = f"This answer cannot be used:\n{listed}\nGive the whole JSON object again, put right."
    return [
        *messages[:2],
        {"role": "assistant", "content": answer[:_LONGEST_QUOTE]},
        {"role": "user", "content": complaint},
    ]


def key_of(base_url: str, model: str, messages: Sequence[Message], max_output_tokens: int) -> bytes:
    """Hash everything an answer depends on; the messages tell the schema as well."""
    parts = [base_url, model, list(messages), max_output_tokens, TEMPERATURE]
    return sha256(json.dumps(parts, sort_keys=True).encode()).digest()
