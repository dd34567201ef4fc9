from hashlib import sha256
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect

from tests.api.edge_app import KEY, READ_ONLY_KEY, WORKSPACE, make_edge_app
from tests.api.route_walk import assert_default_deny, walk_routes

_PAPER = f"/api/v1/papers/{uuid4()}"


@pytest.fixture
def app() -> FastAPI:
    return make_edge_app()


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    return TestClient(app)


def _bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


class TestDefaultDeny:
    def test_covers_every_route_and_spelling(self, app: FastAPI, client: TestClient):
        app.mount("/attic", Starlette(routes=[Route("/box", lambda _: PlainTextResponse("old"))]))
        assert assert_default_deny(app, client) > 200

    def test_walk_sees_included_and_mounted_routes(self, app: FastAPI):
        app.mount("/attic", Starlette(routes=[Route("/box", lambda _: PlainTextResponse("old"))]))
        found = set(walk_routes(app.routes))
        assert {("/api/v1/papers/{paper_id}", False), ("/attic", True), ("/attic/box", False)} <= found

    def test_walk_fails_on_a_route_that_became_public(
        self, app: FastAPI, client: TestClient, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr("app.api.authentication.PUBLIC_PATHS", frozenset({"/api/v1/corpora"}))
        with pytest.raises(AssertionError):
            assert_default_deny(app, client)

    def test_answers_the_same_whatever_is_wrong_with_the_key(self, client: TestClient):
        wrong = [
            {},
            {"Authorization": ""},
            {"Authorization": KEY},
            {"Authorization": f"Basic {KEY}"},
            {"Authorization": "Bearer"},
            _bearer("pt_short"),
            _bearer(KEY[:-1]),
            _bearer(KEY + "a"),
            _bearer("pt_" + "A" * 43),
            _bearer(f"{KEY}, {KEY}"),
            {"Authorization": "Bearer pt_\u00e9".encode()},
        ]
        replies = [client.get(_PAPER, headers=headers) for headers in wrong]
        assert {reply.status_code for reply in replies} == {401}
        assert {reply.content for reply in replies} == {replies[0].content}
        assert replies[0].headers["www-authenticate"] == "Bearer"
        assert replies[0].json()["type"] == "urn:papertree:unauthenticated"

    def test_refuses_two_authorization_headers(self, client: TestClient):
        twice = [("Authorization", f"Bearer {KEY}"), ("Authorization", f"Bearer {KEY}")]
        assert client.get(_PAPER, headers=twice).status_code == 401

    def test_takes_no_key_from_the_address(self, client: TestClient):
        assert client.get(f"{_PAPER}?access_token={KEY}&key={KEY}").status_code == 401

    def test_never_repeats_a_key(self, client: TestClient):
        reply = client.get(_PAPER, headers=_bearer("pt_" + "A" * 43))
        assert "AAAA" not in reply.text

    def test_lets_a_known_key_through_with_its_workspace(self, client: TestClient):
        reply = client.get(_PAPER, headers={"Authorization": f"bearer {KEY}"})
        assert reply.status_code == 200
        assert UUID(reply.json()["workspace_id"]) == WORKSPACE

    def test_asks_with_the_digest_alone(self, app: FastAPI, client: TestClient):
        asked: list[bytes] = []
        app.state.find_workspace = asked.append
        assert client.get(_PAPER, headers=_bearer(KEY)).status_code == 401
        assert asked == [sha256(KEY.encode()).digest()]

    def test_a_failing_lookup_opens_nothing(self, app: FastAPI, client: TestClient):
        def fail(_digest: bytes) -> None:
            raise OSError(5, "input/output error")

        app.state.find_workspace = fail
        assert client.get(_PAPER, headers=_bearer(KEY)).status_code == 500

    def test_an_application_without_lookup_opens_nothing(self, app: FastAPI, client: TestClient):
        del app.state.find_workspace
        assert client.get(_PAPER, headers=_bearer(KEY)).status_code == 500

    def test_turns_websockets_away(self, client: TestClient):
        with (
            pytest.raises((WebSocketDisconnect, WebSocketDenialResponse)),
            client.websocket_connect("/api/v1/corpora", headers=_bearer(KEY)),
        ):
            pass

    def test_reads_no_body_of_a_stranger(self, client: TestClient):
        reply = client.post("/api/v1/corpora", content=b"{", headers={"Content-Type": "application/json"})
        assert reply.status_code == 401


class TestDependency:
    def test_denies_even_without_the_middleware(self):
        app = make_edge_app()
        app.user_middleware = [one for one in app.user_middleware if one.cls.__name__ != "DefaultDeny"]
        assert TestClient(app).get(_PAPER, headers=_bearer(KEY)).status_code == 401

    def test_documents_the_key(self, client: TestClient):
        document = client.get("/openapi.json").json()
        assert document["components"]["securitySchemes"]["HTTPBearer"]["scheme"] == "bearer"
        assert document["paths"]["/api/v1/corpora"]["post"]["security"] == [{"HTTPBearer": []}]


class TestReadOnlyKey:
    def test_reads_and_searches(self, client: TestClient):
        assert client.get(_PAPER, headers=_bearer(READ_ONLY_KEY)).status_code == 200
        search = f"/api/v1/corpora/{uuid4()}/search"
        assert client.post(search, json={"query": "bees"}, headers=_bearer(READ_ONLY_KEY)).status_code == 200

    @pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "PURGE"])
    def test_writes_nothing(self, method: str, client: TestClient):
        reply = client.request(method, "/api/v1/corpora", headers=_bearer(READ_ONLY_KEY))
        assert reply.status_code == 403
        assert reply.json()["type"] == "urn:papertree:key-is-read-only"
