"""Stand-ins that obey the real protocols."""

import json
import re
from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4
from zlib import crc32

import numpy as np

from app.index.embedder import Vectors
from app.labelling.llm.asking import Answer, LlmAnswerInvalid, LlmFailed, Question, Reply


class HashEmbedder:
    """Embeds a text as the hashed words in it: texts that share words are near, nothing is learned."""

    model = "hash"
    n_dimensions = 64

    def embed(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.n_dimensions), np.float32)
        for row, text in enumerate(texts):
            vectors[row, 0] = 0.01
            for word in re.findall(r"\w+", text.lower()):
                vectors[row, crc32(word.encode()) % self.n_dimensions] += 1
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


class ScriptedAsker:
    """Answers as a function says, and holds the answers to the same demands as the real gateway does.

    Parameters
    ----------
    answer : callable
        Gives, for a question and the number of repairs so far, an answer as JSON values or a failure.
    """

    N_REPAIRS = 2

    def __init__(self, answer: Callable[[Question[Any], int], Any]) -> None:
        self._answer = answer
        self.questions: list[Question[Any]] = []

    def ask(self, question: Question[Answer]) -> Reply[Answer]:
        self.questions.append(question)
        for repairs in range(self.N_REPAIRS + 1):
            given = self._answer(question, repairs)
            if isinstance(given, LlmFailed):
                raise given
            answer = question.schema.model_validate(given)
            check = question.check if repairs < self.N_REPAIRS else question.enough or question.check
            if check is None or not check(answer):
                return Reply(answer, uuid4(), from_cache=False)
        raise LlmAnswerInvalid("Every answer was wrong.")

    def ask_all(self, questions: Sequence[Question[Answer]]) -> list[Reply[Answer] | LlmFailed]:
        return [self._try(question) for question in questions]

    def _try(self, question: Question[Answer]) -> Reply[Answer] | LlmFailed:
        try:
            return self.ask(question)
        except LlmFailed as failure:
            return failure


def sensible_names(document: Any) -> Any:
    """Name the topics of a prompt by two of their keyphrases, as a model that does as it is told would."""
    topics = []
    for topic in document["topics"]:
        first, second, *_ = [*topic["keyphrases"], *topic["keyphrases"]]
        description = f"These papers are about {first} and {second}."
        topics.append({"id": topic["id"], "label": f"{first} with {second}", "description": description})
    return {"topics": topics}


ASPECTS = [
    {"name": "Subject", "question": "Which subject did the paper look at?"},
    {"name": "Finding", "question": "What did the paper find in its region?"},
]


def sensible_answer(body: Any) -> Any:
    """Answer every kind of question from the texts in it, as a model that does as it is told."""
    document = json.loads(body["messages"][1]["content"])
    if "topics" in document:
        return sensible_names(document)
    papers = document["papers"]
    if "aspects" in document:
        return {"papers": [{"id": paper["id"], "phrases": phrases(paper)} for paper in papers]}
    if "id" not in papers[0]:
        return {"aspects": ASPECTS}
    return {"papers": [{"id": paper["id"], "claims": [paper["abstract"].split(". ")[0]]} for paper in papers]}


def phrases(paper: Any) -> Any:
    subject, found = paper["title"].split(" in region")[0], paper["abstract"].split(" found that ")[1]
    return [{"aspect": "a1", "phrase": subject}, {"aspect": "a2", "phrase": " ".join(found.split()[:6])}]


class CountingEmbedder(HashEmbedder):
    """Counts the texts it embeds, and can do something before it does."""

    def __init__(self, before: Callable[[], None] = lambda: None) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.before = before

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.before()
        self.texts += [text for text in texts if "\n\n" in text]  # Papers; the others are phrases for labels.
        return super().embed(texts)


class NaNEmbedder(HashEmbedder):
    """Breaks on one word, the way a half-precision model overflows on odd input."""

    def __init__(self, word: str) -> None:
        self.word = word

    def embed(self, texts: Sequence[str]) -> Vectors:
        vectors = super().embed(texts)
        vectors[[self.word in text for text in texts], 3] = np.nan
        return vectors


class GroupEmbedder:
    """Gives texts that name the same group, as in "group 17", nearly the same random direction."""

    model = "groups"
    n_dimensions = 32

    def embed(self, texts: Sequence[str]) -> Vectors:
        vectors = np.empty((len(texts), self.n_dimensions), np.float32)
        for row, text in enumerate(texts):
            group = re.search(r"group \d+", text.lower())
            named = group[0] if group else text
            centre = np.random.default_rng(crc32(named.encode())).normal(size=self.n_dimensions)
            vectors[row] = centre + 0.2 * np.random.default_rng(crc32(text.encode())).normal(size=len(centre))
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
