import ast
import json
import logging
from collections import Counter
from pathlib import Path

import pytest
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from hypothesis import given
from hypothesis import strategies as st
from starlette.exceptions import HTTPException
from starlette.responses import StreamingResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from app.api import database_failures
from app.api.database_failures import Failure
from app.api.invalid_requests import json_pointer
from app.api.problems import Problems, answer
from app.errors import NotFoundError
from tests.api.edge_app import KEY, make_edge_app

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(make_edge_app(), headers={"Authorization": f"Bearer {KEY}"})


def _fail(client: TestClient, name: str) -> dict[str, object]:
    reply = client.get(f"/api/v1/failures/{name}")
    assert reply.headers["content-type"] == "application/problem+json"
    document: dict[str, object] = reply.json()
    assert document["status"] == reply.status_code
    assert document["instance"] == f"/api/v1/failures/{name}"
    return document


class TestKinds:
    @pytest.mark.parametrize(
        ("name", "status", "slug"),
        [
            ("not-found", 404, "test-paper-missing"),
            ("conflict", 409, "test-taken"),
            ("invalid", 422, "test-unsound"),
            ("unavailable", 503, "test-away"),
            ("unkind", 500, "unexpected"),
            ("nul", 422, "value-not-storable"),
            ("surrogate", 422, "value-not-storable"),
            ("range", 422, "value-not-storable"),
            ("gone", 503, "database-unavailable"),
            ("cut", 503, "database-unavailable"),
            ("stopping", 503, "database-unavailable"),
            ("pool", 503, "database-unavailable"),
            ("timeout", 503, "database-busy"),
            ("locked", 503, "database-busy"),
            ("deadlock", 503, "database-busy"),
            ("serialization", 503, "database-busy"),
            ("unique", 409, "concurrent-change"),
            ("disk", 507, "disk-full"),
            ("own-disk", 507, "disk-full"),
            ("wrong-sql", 500, "unexpected"),
            ("bug", 500, "unexpected"),
        ],
    )
    def test_are_answered_with_their_status(self, name: str, status: int, slug: str, client: TestClient):
        document = _fail(client, name)
        assert document["status"] == status
        assert document["type"] == f"urn:papertree:{slug}"

    def test_members_go_along_made_fit_for_json(self, client: TestClient):
        document = _fail(client, "not-found")
        assert document["detail"] == "No paper of that id."
        assert document["paper"] == "x?y"
        assert document["distance"] is None

    def test_503_says_when_to_come_back(self, client: TestClient):
        assert client.get("/api/v1/failures/unavailable").headers["retry-after"] == "7"
        assert client.get("/api/v1/failures/gone").headers["retry-after"] == "5"

    def test_an_unexpected_failure_says_nothing_of_its_insides(
        self, client: TestClient, caplog: pytest.LogCaptureFixture
    ):
        with caplog.at_level(logging.ERROR):
            document = _fail(client, "bug")
        assert "hunter2" not in json.dumps(document)
        logged = "\n".join(caplog.messages)
        assert document["incident"] in logged
        assert "hunter2" in caplog.text

    def test_a_wrong_statement_says_nothing_of_its_insides(self, client: TestClient):
        assert "hunter2" not in json.dumps(_fail(client, "wrong-sql"))


class TestRouting:
    def test_404(self, client: TestClient):
        reply = client.get("/api/v1/nothing")
        assert (reply.status_code, reply.json()["type"]) == (404, "urn:papertree:no-such-route")

    def test_405_keeps_allow(self, client: TestClient):
        reply = client.put("/api/v1/papers/x")
        assert (reply.status_code, reply.json()["type"]) == (405, "urn:papertree:method-not-allowed")
        assert reply.headers["allow"] == "GET"

    def test_head_of_a_missing_route_is_answered(self, client: TestClient):
        assert client.head("/api/v1/nothing").status_code == 404


class TestInvalidRequests:
    def test_are_told_where(self, client: TestClient):
        papers = {"papers": [{"id": "a", "title": "A"}, {"id": "b", "title": "", "a/b~c": 1}]}
        reply = client.post("/api/v1/corpora/not-an-id/papers", json=papers)
        assert reply.status_code == 422
        found = {(one["in"], one["pointer"]) for one in reply.json()["errors"]}
        assert found == {
            ("path", "#/corpus_id"),
            ("body", "#/papers/1/title"),
            ("body", "#/papers/1/a~1b~0c"),
        }

    def test_parameters_are_told_apart_from_the_body(self, client: TestClient):
        errors = client.get("/api/v1/corpora?limit=201").json()["errors"]
        assert [(one["in"], one["pointer"]) for one in errors] == [("query", "#/limit")]

    def test_many_errors_are_counted_and_a_few_shown(self, client: TestClient):
        body = {f"wrong{i}": i for i in range(500)}
        document = client.post("/api/v1/corpora", json=body).json()
        assert document["n_errors"] == 501
        assert len(document["errors"]) == 20

    def test_never_give_the_content_back(self, client: TestClient):
        body = {"name": ["the secret"] * 3, "x" * 100_000: "the secret"}
        reply = client.post("/api/v1/corpora", json=body)
        assert reply.status_code == 422
        assert "the secret" not in reply.text
        assert len(reply.content) < 5_000

    def test_missing_body(self, client: TestClient):
        reply = client.post("/api/v1/corpora")
        assert (reply.status_code, reply.json()["errors"][0]["pointer"]) == (422, "#")


class TestAnswer:
    @given(
        st.text(st.characters()),
        st.dictionaries(
            st.text(st.characters()),
            st.recursive(
                st.none()
                | st.booleans()
                | st.integers()
                | st.floats()
                | st.text(st.characters())
                | st.binary(),
                lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
                max_leaves=5,
            ),
            max_size=3,
        ),
    )
    def test_can_always_be_sent_and_read(self, text: str, members: dict[str, object]):
        class Lost(NotFoundError):
            slug = "lost"
            title = "Lost"

        members.pop("detail", None)
        members.pop("self", None)
        request = Request({"type": "http", "path": text, "headers": [], "method": "GET"})
        reply = answer(request, Lost(text, **members))
        document = json.loads(bytes(reply.body))
        json.dumps(document, ensure_ascii=False, allow_nan=False).encode("utf-8")
        assert document["type"] == "urn:papertree:lost"
        assert document["status"] == 404

    def test_members_never_replace_the_standard_ones(self):
        class Lost(NotFoundError):
            slug = "lost"
            title = "Lost"

        request = Request({"type": "http", "path": "/", "headers": [], "method": "GET"})
        reply = answer(request, Lost("Gone.", type="other", status=200, title="Found", instance="x"))
        document = json.loads(bytes(reply.body))
        assert (document["type"], document["status"]) == ("urn:papertree:lost", 404)
        assert (document["title"], document["instance"]) == ("Lost", "/")

    @pytest.mark.parametrize("status", [400, 402, 418, 451, 499, 501])
    def test_takes_any_http_exception(self, status: int):
        request = Request({"type": "http", "path": "/", "headers": [], "method": "GET"})
        assert answer(request, HTTPException(status, detail="Why")).status_code == status

    def test_bounds_long_texts(self):
        request = Request({"type": "http", "path": "/" * 100_000, "headers": [], "method": "GET"})
        error = RequestValidationError([{"loc": ("body", "x" * 10**6), "msg": "y" * 10**6, "type": "t"}])
        assert len(answer(request, error).body) < 10_000


class TestProblemsMiddleware:
    def test_answers_for_other_middleware(self):
        class Failing:
            def __init__(self, app: object) -> None:
                pass

            async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
                raise NotADirectoryError("inside")

        app = FastAPI()
        app.add_middleware(Failing)
        app.add_middleware(Problems)
        reply = TestClient(app).get("/")
        assert (reply.status_code, reply.json()["type"]) == (500, "urn:papertree:unexpected")

    def test_lets_a_failure_after_the_answer_began_break_it_off(self):
        app = FastAPI()
        app.add_middleware(Problems)

        def pieces() -> object:
            yield b"half"
            raise RuntimeError("torn")

        @app.get("/")
        def get() -> StreamingResponse:
            return StreamingResponse(pieces())

        with pytest.raises(RuntimeError, match="torn"):
            TestClient(app).get("/")


class TestOpenapi:
    def test_every_operation_documents_problems(self, client: TestClient):
        document = client.get("/openapi.json").json()
        assert "Problem" in document["components"]["schemas"]
        assert "HTTPValidationError" not in document["components"]["schemas"]
        reference = {"$ref": "#/components/schemas/Problem"}
        operations = [operation for path in document["paths"].values() for operation in path.values()]
        assert operations
        for operation in operations:
            for status in ("4XX", "5XX"):
                content = operation["responses"][status]["content"]
                assert content == {"application/problem+json": {"schema": reference}}


class TestJsonPointer:
    def test_escapes_and_cuts(self):
        assert json_pointer(()) == "#"
        assert json_pointer(("a", 0, "~/")) == "#/a/0/~0~1"
        assert len(json_pointer(("x" * 10_000,) * 50)) <= 500


def _slugs() -> list[str]:
    """Collect the slugs of the source itself: importing every module would load what is heavy."""
    found = []
    for path in sorted((REPOSITORY / "app").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.ClassDef):
                continue
            for statement in node.body:
                named = isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "slug"
                if named and isinstance(statement.value, ast.Constant):
                    found.append(str(statement.value.value))
    return found


def _slugs_of_failures() -> list[str]:
    return [value.slug for value in vars(database_failures).values() if isinstance(value, Failure)]


class TestSlugs:
    def test_are_unique(self):
        assert len(_slugs()) > 20
        assert [slug for slug, n in Counter(_slugs() + _slugs_of_failures()).items() if n > 1] == []

    def test_are_all_in_the_documentation(self):
        documented = (REPOSITORY / "docs" / "problems.md").read_text(encoding="utf-8")
        general = ["invalid-request", "unexpected", "no-such-route", "method-not-allowed"]
        slugs = [*_slugs(), *_slugs_of_failures(), *general]
        assert [slug for slug in slugs if f"`{slug}`" not in documented] == []
