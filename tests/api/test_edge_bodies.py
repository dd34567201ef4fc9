import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.api.body_limits import Limits
from app.api.problems import Refusal
from app.api.strict_json import (
    AmbiguousJson,
    BrokenJson,
    JsonTooDeep,
    JsonTooMany,
    check_json,
    count_structure,
)
from tests.api.edge_app import KEY, make_edge_app, serving
from tests.api.wire import exchange

_CORPUS = "/api/v1/corpora/01890a5d-ac96-774b-bcce-b302099a8057"
_JSON = {"Content-Type": "application/json"}

_documents = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text('ab"\\[]{},:\u00e9\U0001f600\n'),
    lambda inner: (
        st.lists(inner, max_size=6) | st.dictionaries(st.text('ab"\\{,', max_size=4), inner, max_size=6)
    ),
    max_leaves=40,
)


def _n_items(document: object) -> int:
    if not isinstance(document, list | dict):
        return 0
    members = list(document.values()) if isinstance(document, dict) else document
    return 1 + max(len(members) - 1, 0) + sum(map(_n_items, members))


def _depth(document: object) -> int:
    if not isinstance(document, list | dict):
        return 0
    members = list(document.values()) if isinstance(document, dict) else document
    return 1 + max(map(_depth, members), default=0)


class TestCountStructure:
    @given(_documents, st.booleans(), st.sampled_from([None, 2]))
    def test_agrees_with_what_a_parser_builds(self, document: object, ascii_only: bool, indent: int | None):
        body = json.dumps(document, ensure_ascii=ascii_only, indent=indent).encode()
        assert count_structure(body) == (_n_items(document), _depth(document))

    def test_an_empty_body_has_none(self):
        assert count_structure(b"") == (0, 0)


class TestCheckJson:
    @given(_documents)
    def test_takes_what_programs_write(self, document: object):
        check_json(json.dumps(document).encode())
        check_json(b"\xef\xbb\xbf" + json.dumps(document, ensure_ascii=False).encode())

    @given(st.binary() | st.text('[]{}",:\\u0dD8eE1-. \n').map(str.encode))
    def test_lets_through_only_what_the_next_parser_reads_the_same(self, body: bytes):
        try:
            check_json(body, max_depth=3, max_items=5)
        except Refusal:
            return
        json.dumps(json.loads(body), allow_nan=False, ensure_ascii=False).encode("utf-8")

    @pytest.mark.parametrize(
        ("body", "refusal"),
        [
            (b"[" * 33 + b"]" * 33, JsonTooDeep),
            (b'{"a":' * 500 + b"1" + b"}" * 500, JsonTooDeep),
            (b"[" * 100_000, JsonTooDeep),
            (b"[" + b"1," * 200_000 + b"1]", JsonTooMany),
            (b'{"a": 1, "a": 1}', AmbiguousJson),
            (b'[{"b": {"a": 1, "\\u0061": 2}}]', AmbiguousJson),
            (b"[NaN]", AmbiguousJson),
            (b"[-Infinity]", AmbiguousJson),
            (b"1e999", AmbiguousJson),
            (b"-1e999", AmbiguousJson),
            (b"9223372036854775808", AmbiguousJson),
            (b"-9223372036854775809", AmbiguousJson),
            (b"1" * 5_000, AmbiguousJson),
            (b'"\\ud800"', AmbiguousJson),
            (b'{"\\uDFFF": 1}', AmbiguousJson),
            (b'"\\ude00\\ud83d"', AmbiguousJson),
            (b'{"a": 1', BrokenJson),
            (b"", BrokenJson),
            (b'"\xed\xa0\x80"', BrokenJson),
            (b'"\xff"', BrokenJson),
            ('{"a": 1}'.encode("utf-16"), BrokenJson),
            ('{"a": 1}'.encode("utf-32-le"), BrokenJson),
            (b'{"a": 1} {"a": 2}', BrokenJson),
            (b"'a'", BrokenJson),
            (b'"\x00"', BrokenJson),
        ],
    )
    def test_refuses(self, body: bytes, refusal: type[Refusal]):
        with pytest.raises(refusal) as caught:
            check_json(body)
        caught.value.detail.encode("utf-8")
        assert len(caught.value.detail) < 500

    @pytest.mark.parametrize(
        "body",
        [
            b"[" * 32 + b"]" * 32,
            b"[" + b"1," * 199_998 + b"1]",
            b'"' + b"[{," * 100_000 + b'"',
            b'"' + b'\\"[' * 100_000 + b'"',
            b'["\\\\", "\\\\\\"["]',
            b'"\\ud83d\\ude00"',
            b"[9223372036854775807, -9223372036854775808, 1e308, -0.0, 1e-999]",
        ],
    )
    def test_takes_what_is_just_within(self, body: bytes):
        check_json(body)


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(make_edge_app(), headers={"Authorization": f"Bearer {KEY}"})


class TestJsonBodies:
    @pytest.mark.parametrize(
        "kind", ["application/json", "Application/JSON; charset=utf-8", "application/x+json"]
    )
    def test_are_taken_whatever_the_spelling_of_their_type(self, kind: str, client: TestClient):
        reply = client.post("/api/v1/corpora", content=b'{"name": "A"}', headers={"Content-Type": kind})
        assert reply.status_code == 201

    def test_of_exactly_the_limit_are_taken_and_one_byte_more_is_not(self):
        client = TestClient(
            make_edge_app(limits=Limits(body_bytes=100)), headers={"Authorization": f"Bearer {KEY}"}
        )
        body = b'{"name": "A"}'
        for size, status in ((100, 201), (101, 413)):
            reply = client.post("/api/v1/corpora", content=body.ljust(size), headers=_JSON)
            assert reply.status_code == status
        assert reply.json()["limit_bytes"] == 100

    def test_arrive_whole_however_they_are_cut(self):
        pieces = [b'{"na', b"", b'me": "', "\u00e9".encode()[:1], "\u00e9".encode()[1:], b'"}']
        with serving(make_edge_app()) as target:
            reply = exchange(target, "POST", "/api/v1/corpora", body=(p for p in pieces if p), headers=_JSON)
        assert (reply.status, reply.json()["name"]) == (201, "\u00e9")

    def test_names_the_place_of_a_mistake(self, client: TestClient):
        reply = client.post("/api/v1/corpora", content=b'{"name":\n  x}', headers=_JSON)
        assert "line 2, column 3" in reply.json()["detail"]


class TestFiles:
    def test_may_be_larger_than_other_bodies(self):
        with serving(make_edge_app(limits=Limits(body_bytes=1_000, upload_bytes=3_000_000))) as target:
            for size, status in ((2_500_000, 202), (3_500_000, 413)):
                for chunked in (False, True):
                    form = _form(b"x" * size)
                    body = iter([form[:1_000_000], form[1_000_000:]]) if chunked else form
                    reply = exchange(target, "POST", f"{_CORPUS}/imports", body=body, headers=_FORM)
                    assert reply.status == status, (size, chunked, reply.body)
            assert reply.json()["type"] == "urn:papertree:request-too-large"

    def test_are_no_way_round_the_limit_for_json(self):
        with serving(make_edge_app(limits=Limits(body_bytes=1_000))) as target:
            for path in (f"{_CORPUS}/imports", f"{_CORPUS}/papers"):
                reply = exchange(target, "POST", path, body=iter([b" " * 2_000]), headers=_JSON)
                assert reply.status == 413
            reply = exchange(target, "POST", f"{_CORPUS}/papers", body=_form(b"x" * 2_000), headers=_FORM)
            assert reply.status == 413

    def test_a_full_disk_is_named(self, client: TestClient, monkeypatch: pytest.MonkeyPatch):
        def refuse(*_: object, **__: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("starlette.formparsers.SpooledTemporaryFile", refuse)
        reply = client.post(f"{_CORPUS}/imports", files={"file": ("a.ris", b"x")})
        assert (reply.status_code, reply.json()["type"]) == (507, "urn:papertree:disk-full")


class TestKeptConnections:
    def test_serve_on_after_a_refusal(self):
        limits = Limits(body_bytes=1_000)
        client = TestClient(make_edge_app(limits=limits), headers={"Authorization": f"Bearer {KEY}"})
        assert client.post("/api/v1/corpora", content=b" " * 5_000, headers=_JSON).status_code == 413
        assert client.post("/api/v1/corpora", json={"name": "A"}).status_code == 201


_FORM = {"Content-Type": "multipart/form-data; boundary=b"}


def _form(content: bytes) -> bytes:
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.ris"\r\n\r\n'
    return head + content + b"\r\n--b--\r\n"
