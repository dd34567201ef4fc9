"""A page exchanges the key for a cookie, and is out again when it says so, in time, or with the key."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import func, select, update

from app.db.page_tables import PageSessionRow
from app.db.session import Sessions, transaction
from app.db.tables import ApiKeyRow

_SHOWN = {"X-Papertree": "1", "Origin": "http://localhost"}


@pytest.fixture
def page(app: FastAPI, anybody: TestClient) -> TestClient:
    """A browser: it keeps cookies, and has no key."""
    return TestClient(app, base_url="http://localhost", headers=_SHOWN, raise_server_exceptions=False)


def _let_in(page: TestClient, key_holder: TestClient) -> None:
    answer = page.post("/api/v1/session", headers={"Authorization": key_holder.headers["Authorization"]})
    assert answer.status_code == 201, answer.text


class TestPostSession:
    def test_lets_the_page_in_with_a_cookie_that_no_script_reads(
        self, page: TestClient, client: TestClient, corpus_id: str
    ) -> None:
        assert page.get("/api/v1/corpora").status_code == 401
        answer = page.post("/api/v1/session", headers={"Authorization": client.headers["Authorization"]})
        assert answer.status_code == 201
        assert answer.json()["name"] == "test"
        lasts = datetime.fromisoformat(answer.json()["expires_at"]) - datetime.now(UTC)
        assert timedelta(days=29) < lasts < timedelta(days=31)
        given = answer.headers["set-cookie"].split("; ")
        assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(given)
        assert "Secure" not in given
        assert given[0].startswith("papertree=ps_")
        assert page.get(f"/api/v1/corpora/{corpus_id}").status_code == 200
        assert page.post("/api/v1/corpora", json={"name": "by page"}).status_code == 201

    def test_keeps_only_the_hash(self, page: TestClient, client: TestClient, sessions: Sessions) -> None:
        _let_in(page, client)
        token = page.cookies["papertree"]
        with sessions() as session:
            kept = session.scalars(select(PageSessionRow.token_sha256)).all()
        assert all(token.encode() not in one for one in kept)

    def test_asks_for_a_cookie_over_tls_only_where_there_is_tls(
        self, app: FastAPI, client: TestClient
    ) -> None:
        browser = TestClient(app, base_url="https://localhost")
        answer = browser.post("/api/v1/session", headers={"Authorization": client.headers["Authorization"]})
        assert "Secure" in answer.headers["set-cookie"]

    def test_needs_a_key(self, page: TestClient, anybody: TestClient) -> None:
        for browser in (page, anybody):
            answer = browser.post("/api/v1/session")
            assert answer.status_code == 401
            assert "set-cookie" not in answer.headers

    def test_does_not_make_a_session_longer(self, page: TestClient, client: TestClient) -> None:
        _let_in(page, client)
        until = page.get("/api/v1/session").json()["expires_at"]
        answer = page.post("/api/v1/session")
        assert answer.json()["expires_at"] == until
        assert "set-cookie" not in answer.headers

    def test_forgets_sessions_of_the_key_that_have_expired(
        self, page: TestClient, client: TestClient, sessions: Sessions, expire: Callable[[], None]
    ) -> None:
        _let_in(page, client)
        expire()
        _let_in(page, client)
        with sessions() as session:
            over = select(func.count()).where(PageSessionRow.expires_at <= func.clock_timestamp())
            assert session.scalar(over) == 0

    def test_of_a_key_that_only_reads_is_let_in_and_out(self, page: TestClient, reader: TestClient) -> None:
        _let_in(page, reader)
        assert page.get("/api/v1/session").json()["read_only"] is True
        assert page.post("/api/v1/corpora", json={"name": "x"}).status_code == 403
        assert page.delete("/api/v1/session").status_code == 204


class TestGetSession:
    def test_tells_who_asks(self, page: TestClient, client: TestClient) -> None:
        assert page.get("/api/v1/session").status_code == 401
        expected = {"name": "test", "read_only": False, "expires_at": None}
        assert client.get("/api/v1/session").json() == expected
        _let_in(page, client)
        assert page.get("/api/v1/session").json()["expires_at"] is not None


class TestDeleteSession:
    def test_ends_it_on_the_server_too(self, page: TestClient, client: TestClient) -> None:
        _let_in(page, client)
        token = page.cookies["papertree"]
        assert page.delete("/api/v1/session").status_code == 204
        assert "papertree" not in page.cookies
        kept = {"Cookie": f"papertree={token}"}
        assert page.get("/api/v1/corpora", headers=kept).status_code == 401

    def test_leaves_the_key_and_other_pages_in(
        self, app: FastAPI, page: TestClient, client: TestClient
    ) -> None:
        other = TestClient(app, base_url="http://localhost", headers=_SHOWN)
        _let_in(page, client)
        _let_in(other, client)
        page.delete("/api/v1/session")
        assert other.get("/api/v1/corpora").status_code == 200
        assert client.delete("/api/v1/session").status_code == 204
        assert client.get("/api/v1/corpora").status_code == 200

    def test_cannot_be_forged(self, page: TestClient, client: TestClient) -> None:
        _let_in(page, client)
        assert page.delete("/api/v1/session", headers={"Origin": "http://evil.example"}).status_code == 403
        assert page.delete("/api/v1/session", headers={"X-Papertree": ""}).status_code == 403
        assert page.get("/api/v1/corpora").status_code == 200


@pytest.fixture
def expire(sessions: Sessions, workspace_id: UUID) -> Callable[[], None]:
    """Let the time of all sessions of the workspace's keys run out."""

    def expire() -> None:
        keys = select(ApiKeyRow.id).where(ApiKeyRow.workspace_id == workspace_id)
        with transaction(sessions) as session:
            session.execute(
                update(PageSessionRow)
                .where(PageSessionRow.key_id.in_(keys))
                .values(expires_at=func.clock_timestamp())
            )

    return expire


class TestPageIsOut:
    def test_when_its_time_is_over(
        self, page: TestClient, client: TestClient, expire: Callable[[], None]
    ) -> None:
        _let_in(page, client)
        expire()
        assert page.get("/api/v1/corpora").status_code == 401

    def test_when_the_key_is_revoked(
        self, page: TestClient, client: TestClient, sessions: Sessions, workspace_id: UUID
    ) -> None:
        _let_in(page, client)
        with transaction(sessions) as session:
            session.execute(
                update(ApiKeyRow)
                .where(ApiKeyRow.workspace_id == workspace_id)
                .values(revoked_at=func.clock_timestamp())
            )
        assert page.get("/api/v1/corpora").status_code == 401

    def test_of_what_belongs_to_another_workspace(
        self, page: TestClient, stranger: TestClient, corpus_id: str
    ) -> None:
        _let_in(page, stranger)
        assert page.get(f"/api/v1/corpora/{corpus_id}").status_code == 404


class TestEventStream:
    def test_is_open_to_a_page(self, page: TestClient, client: TestClient, hierarchy_id: str) -> None:
        _let_in(page, client)
        job = client.get("/api/v1/jobs").json()["items"][0]
        browser = {"Accept": "text/event-stream", "Sec-Fetch-Site": "same-origin"}
        with page.stream("GET", f"/api/v1/jobs/{job['id']}/events", headers=browser) as answer:
            assert answer.status_code == 200
            assert '"state": "succeeded"' in "".join(answer.iter_text())
