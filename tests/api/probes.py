"""The 28 probes: ordinary hostile input that a plain application of this kind answers with 500, or hangs on.

``PROBES`` are the 28 of the reliability design, ``FURTHER_PROBES`` are more of the same kind. They run
against any server that has the real routes: `prepare` makes what they need through the API itself.
"""

import gzip
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from uuid import uuid4

from tests.api.wire import Reply, Target, exchange, send_json

MIB = 2**20
TIME_LIMIT_S = 10.0
MAX_ANSWER_BYTES = 64 * 1024
JSON = {"Content-Type": "application/json"}
_NO_ID = "00000000-0000-4000-8000-000000000000"

Content = Callable[[], bytes | Iterable[bytes] | None]


@dataclass(frozen=True)
class Ids:
    """What the probes aim at."""

    corpus: str
    paper: str


@dataclass(frozen=True)
class Probe:
    """A request, and the statuses that are a sound answer to it."""

    name: str
    method: str
    path: str
    content: Content
    sound: tuple[int, ...]
    headers: dict[str, str] = field(default_factory=lambda: dict(JSON))

    def __call__(self, target: Target, ids: Ids) -> Reply:
        path = self.path.format(corpus=ids.corpus, paper=ids.paper)
        return exchange(
            target,
            self.method,
            path,
            body=self.content(),
            headers=self.headers,
            time_limit_s=2 * TIME_LIMIT_S,
        )


def prepare(target: Target) -> Ids:
    """Make a corpus with a paper."""
    corpus = send_json(target, "POST", "/api/v1/corpora", {"name": f"probes {uuid4()}"})
    assert corpus.status == 201, corpus.body
    corpus_id = corpus.json()["id"]
    papers = {"papers": [{"id": "p1", "title": "On being probed"}]}
    stored = send_json(target, "POST", f"/api/v1/corpora/{corpus_id}/papers", papers)
    assert stored.status == 201, stored.body
    return Ids(corpus_id, stored.json()["rows"][0]["paper_id"])


def assert_sound(probe: Probe, reply: Reply) -> None:
    """Check that an answer came in time, is a 2xx or 4xx one that was foreseen, and says what is wrong."""
    assert reply.status in probe.sound, (probe.name, reply.status, reply.body[:500])
    assert reply.seconds < TIME_LIMIT_S, (probe.name, reply.seconds)
    assert len(reply.body) < MAX_ANSWER_BYTES, (probe.name, len(reply.body))
    reply.body.decode("utf-8")
    if reply.status >= 400:
        assert reply.headers["content-type"] == "application/problem+json", (probe.name, reply.headers)
        problem = reply.json()
        assert problem["status"] == reply.status
        assert {"type", "title", "detail", "instance"} <= problem.keys()
        json.dumps(problem, ensure_ascii=False).encode("utf-8")


def _papers(paper: str) -> Content:
    """Give a batch of one paper, written by hand: no JSON library writes what is probed for."""
    return lambda: f'{{"papers": [{{"id": "p2", "title": "Probe", {paper}}}]}}'.encode()


def _raw(body: bytes) -> Content:
    return lambda: body


def _nothing() -> None:
    return None


def _nested(depth: int) -> Content:
    return lambda: b'{"query": ' + b'{"a":' * depth + b"1" + b"}" * depth + b"}"


def _empty_objects(size_bytes: int) -> Content:
    return lambda: b'{"papers": [' + b"{}," * (size_bytes // 3 - 8) + b"{}]}"


def _in_chunks(size_bytes: int) -> Content:
    def chunks() -> Iterator[bytes]:
        yield b'{"name": "'
        for _ in range(size_bytes // 65536):
            yield b"x" * 65536
        yield b'"}'

    return chunks


def _form(*parts: bytes) -> Content:
    return lambda: b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + b"--b--\r\n"


def _file(name: bytes, content: bytes = b"TY  - JOUR\r\nTI  - A\r\nER  - \r\n") -> bytes:
    return b'Content-Disposition: form-data; name="file"; filename="' + name + b'"\r\n\r\n' + content


_FORM = {"Content-Type": "multipart/form-data; boundary=b"}
_CORPORA, _PAPERS = "/api/v1/corpora", "/api/v1/corpora/{corpus}/papers"
_SEARCH, _IMPORTS = "/api/v1/corpora/{corpus}/search", "/api/v1/corpora/{corpus}/imports"
_HIERARCHIES = "/api/v1/corpora/{corpus}/hierarchies"

PROBES = (
    # Answered 500 by a plain application.
    Probe("NUL in a text", "POST", _PAPERS, _papers(r'"abstract": "a\u0000b"'), (201, 422)),
    Probe("NUL in what is stored as JSON", "POST", _PAPERS, _papers(r'"authors": ["\u0000"]'), (201, 422)),
    Probe("lone surrogate echoed", "POST", _CORPORA, _raw(rb'{"name": 5, "\ud800": "\udfff"}'), (422,)),
    Probe("lone surrogate stored", "POST", _PAPERS, _papers(r'"abstract": "a \ud800 b"'), (201, 422)),
    Probe("year 2^31", "POST", _PAPERS, _papers(f'"year": {2**31}'), (201, 422)),
    Probe("year 10^400", "POST", _PAPERS, _papers(f'"year": 1{"0" * 400}'), (422,)),
    Probe("NaN", "POST", _PAPERS, _papers('"year": NaN'), (400, 422)),
    Probe("1e999", "POST", _PAPERS, _papers('"year": 1e999'), (400, 422)),
    Probe("path id 2^63", "GET", f"/api/v1/papers/{2**63}", _nothing, (404, 422), {}),
    Probe("500 deep", "POST", _SEARCH, _nested(500), (400, 422)),
    Probe("5,000 deep", "POST", _SEARCH, _nested(5_000), (400, 422)),
    Probe("100,000 deep", "POST", _SEARCH, _nested(100_000), (400, 422)),
    Probe("invalid UTF-8", "POST", _SEARCH, _raw(b'{"query": "\xff\xfe"}'), (400, 422)),
    Probe("broken JSON", "POST", _SEARCH, _raw(b'{"query": "a"'), (400, 422)),
    # Answered with a 4xx, or slowly, by a plain application.
    Probe("integer of 5,000 digits", "POST", _PAPERS, _papers(f'"year": {"1" * 5_000}'), (400, 422)),
    Probe("path id 10^5000", "GET", f"/api/v1/papers/1{'0' * 5_000}", _nothing, (404, 414, 422), {}),
    Probe("100,000 deep in a batch", "POST", _PAPERS, _papers('"a": ' + "[" * 100_000), (400, 422)),
    Probe("invalid UTF-8 in a batch", "POST", _PAPERS, _raw(b'{"papers": ["\xc3\x28"]}'), (400, 422)),
    Probe("broken JSON in a batch", "POST", _PAPERS, _raw(b'{"papers": [{]}'), (400, 422)),
    Probe("the same name twice", "POST", _PAPERS, _papers('"year": 1999, "year": 2001'), (400, 422)),
    Probe("empty body", "POST", _PAPERS, _raw(b""), (400, 422)),
    Probe("gzip bytes", "POST", _PAPERS, lambda: gzip.compress(b"{}"), (400, 422)),
    Probe(
        "no multipart boundary",
        "POST",
        _IMPORTS,
        _form(_file(b"a.ris")),
        (400, 415, 422),
        {"Content-Type": "multipart/form-data"},
    ),
    Probe(
        "file name that climbs", "POST", _IMPORTS, _form(_file(b"../../etc/passwd")), (202, 400, 422), _FORM
    ),
    Probe("file name with NUL", "POST", _IMPORTS, _form(_file(b"a\x00b.ris")), (202, 400, 422), _FORM),
    Probe(
        "title of 50 MB",
        "POST",
        _PAPERS,
        lambda: b'{"papers": [{"id": "p2", "title": "' + b"x" * 50_000_000 + b'"}]}',
        (413,),
    ),
    Probe("14 MiB of {}", "POST", _PAPERS, _empty_objects(14 * MIB), (413,)),
    Probe("7.4 MiB of {}", "POST", _PAPERS, _empty_objects(int(7.4 * MIB)), (413,)),
)

FURTHER_PROBES = (
    Probe("15 MB in chunks", "POST", _CORPORA, _in_chunks(15_000_000), (413,)),
    Probe("100 MB in chunks", "POST", _CORPORA, _in_chunks(100_000_000), (413,)),
    Probe(
        "NUL in free JSON", "POST", _HIERARCHIES, _raw(rb'{"parameters": {"\u0000": "\u0000"}}'), (202, 422)
    ),
    Probe("infinity in free JSON", "POST", _HIERARCHIES, _raw(b'{"parameters": {"a": -Infinity}}'), (422,)),
    Probe("unknown member", "POST", _CORPORA, _raw(b'{"name": "a", "workspace_id": "b"}'), (422,)),
    Probe("name of nothing visible", "POST", _CORPORA, _raw(rb'{"name": "\u200b\u202e"}'), (422,)),
    Probe("name of 1 MB", "POST", _CORPORA, lambda: b'{"name": "' + b"x" * MIB + b'"}', (422,)),
    Probe("a list for an object", "POST", _CORPORA, _raw(b"[]"), (422,)),
    Probe("null for an object", "POST", _CORPORA, _raw(b"null"), (422,)),
    Probe("2,001 papers", "POST", _PAPERS, lambda: b'{"papers": [' + b"{}," * 2_000 + b"{}]}", (422,)),
    Probe(
        "199,000 wrong papers", "POST", _PAPERS, lambda: b'{"papers": [' + b"1," * 198_999 + b"1]}", (422,)
    ),
    Probe("UTF-16", "POST", _CORPORA, lambda: '{"name": "a"}'.encode("utf-16"), (400, 422)),
    Probe(
        "gzip bomb",
        "POST",
        _CORPORA,
        lambda: gzip.compress(bytes(MIB)),
        (415,),
        {**JSON, "Content-Encoding": "gzip"},
    ),
    Probe("XML", "POST", _CORPORA, _raw(b"<a/>"), (415,), {"Content-Type": "application/xml"}),
    Probe("plain text", "POST", _CORPORA, _raw(b'{"name": "a"}'), (415,), {"Content-Type": "text/plain"}),
    Probe("no content type", "POST", _CORPORA, _raw(b'{"name": "a"}'), (415,), {}),
    Probe(
        "form for JSON",
        "POST",
        _CORPORA,
        _raw(b"name=a"),
        (415,),
        {"Content-Type": "application/x-www-form-urlencoded"},
    ),
    Probe(
        "100,000 parts", "POST", _IMPORTS, lambda: _form(*[_part(i) for i in range(100_000)])(), (400,), _FORM
    ),
    Probe("form cut off", "POST", _IMPORTS, _raw(b"--b\r\nContent-Disp"), (400, 422), _FORM),
    Probe("form with no name", "POST", _IMPORTS, _form(b"Content-Type: a\r\n\r\nx"), (400, 422), _FORM),
    Probe("JSON for a form", "POST", _IMPORTS, _raw(b'{"file": "a"}'), (415, 422)),
    Probe("field of 1 MB", "POST", _IMPORTS, lambda: _form(_part(1, MIB))(), (400, 422), _FORM),
    Probe("limit 10^9", "GET", f"{_CORPORA}?limit=1000000000", _nothing, (422,), {}),
    Probe("limit of 5,000 digits", "GET", f"{_CORPORA}?limit={'9' * 5_000}", _nothing, (422,), {}),
    Probe("limit no number", "GET", f"{_CORPORA}?limit=%ED%A0%80", _nothing, (422,), {}),
    Probe("NUL in the query", "GET", f"{_CORPORA}?name=a%00b", _nothing, (400,), {}),
    Probe("broken UTF-8 in the query", "GET", f"{_CORPORA}?name=%ff%fe", _nothing, (200, 422), {}),
    Probe("query of 40 kB", "GET", f"{_CORPORA}?name={'a' * 40_000}", _nothing, (414,), {}),
    Probe("header of 40 kB", "GET", _CORPORA, _nothing, (431,), {"X-Long": "a" * 40_000}),
    Probe("NUL in the path", "GET", "/api/v1/papers/%00", _nothing, (400, 404, 422), {}),
    Probe("path that climbs", "GET", "/api/v1/papers/..%2f..%2fetc%2fpasswd", _nothing, (404, 422), {}),
    Probe("broken UTF-8 in the path", "GET", "/api/v1/papers/%ff", _nothing, (404, 422), {}),
    Probe("no such paper", "GET", f"/api/v1/papers/{_NO_ID}", _nothing, (200, 404), {}),
    Probe("no such route", "GET", "/api/v2/corpora", _nothing, (404,), {}),
    Probe("a method of no route", "PURGE", _CORPORA, _nothing, (405,), {}),
    Probe("body in a GET", "GET", _CORPORA, _empty_objects(MIB), (200,)),
    Probe("k 10^6", "POST", _SEARCH, _raw(b'{"query": "bees", "k": 1000000}'), (422,)),
    Probe("query of 1 MB", "POST", _SEARCH, lambda: b'{"query": "' + b"x" * MIB + b'"}', (422,)),
)


def _part(n: int, size_bytes: int = 1) -> bytes:
    return b'Content-Disposition: form-data; name="f%d"\r\n\r\n' % n + b"x" * size_bytes
