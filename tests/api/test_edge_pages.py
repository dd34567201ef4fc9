"""The documentation page and the measures."""

import re

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.api.pages import STATIC
from tests.api.edge_app import KEY, make_edge_app

_KEY = {"Authorization": f"Bearer {KEY}"}


@pytest.fixture
def app() -> FastAPI:
    return make_edge_app()


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    return TestClient(app)


class TestDocs:
    def test_needs_nothing_from_elsewhere_and_no_inline_script(self, client: TestClient):
        page = client.get("/docs").text
        assert re.findall(r"<script(?![^>]*\bsrc=)", page) == []
        assert "<style" not in page
        addresses = re.findall(r"(?:src|href)=\"([^\"]+)\"", page)
        assert len(addresses) == 4
        for address in addresses:
            assert address.startswith("/docs/")
            reply = client.get(address)
            assert reply.status_code == 200
            assert len(reply.content) > 50

    @pytest.mark.parametrize(
        ("name", "kind"),
        [
            ("swagger-ui-bundle.js", "text/javascript"),
            ("start.js", "text/javascript"),
            ("swagger-ui.css", "text/css"),
        ],
    )
    def test_assets_say_what_they_are(self, name: str, kind: str, client: TestClient):
        # Nosniff: a script or stylesheet of another type would not be run.
        assert client.get(f"/docs/{name}").headers["content-type"].startswith(kind)

    @pytest.mark.parametrize("name", ["redoc.standalone.js", "..%2fcore.py", "%2e%2e", "x", "start.js%00"])
    def test_serves_nothing_else(self, name: str, client: TestClient):
        assert client.get(f"/docs/{name}").status_code in (400, 401, 404)

    def test_policy_forbids_inline_scripts(self, client: TestClient):
        policy = client.get("/docs").headers["content-security-policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy

    def test_the_description_it_shows_is_there(self, client: TestClient):
        assert '"/openapi.json"' in client.get("/docs/start.js").text
        assert client.get("/openapi.json").json()["openapi"].startswith("3.")


class TestThePages:
    def test_never_make_markup_of_text(self):
        sources = [path for path in (STATIC.parent / "src").rglob("*.ts*") if path.is_file()]
        assert len(sources) > 10
        sinks = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|\beval\("
        for source in sources:
            assert re.findall(sinks, source.read_text("utf-8"), re.IGNORECASE) == [], source.name


class TestMetrics:
    def test_needs_a_key(self, client: TestClient):
        assert client.get("/metrics").status_code == 401

    def test_counts_by_route_and_class_of_status(self, client: TestClient):
        for path in ("/api/v1/papers/1", "/api/v1/papers/2", "/api/v1/nothing", "/healthz"):
            client.get(path, headers=_KEY)
        client.get("/api/v1/papers/3")
        shown = client.get("/metrics", headers=_KEY).text
        paper = 'method="GET",route="/api/v1/papers/{paper_id}"'
        assert f'papertree_http_requests_total{{{paper},status="4xx"}} 2.0' in shown
        assert f"papertree_http_request_seconds_count{{{paper}}} 2.0" in shown
        assert 'papertree_http_requests_total{method="GET",route="/healthz",status="2xx"} 1.0' in shown
        assert 'papertree_http_requests_total{method="GET",route="(none)",status="4xx"} 2.0' in shown
        assert "papertree_http_requests_in_flight 1.0" in shown

    def test_no_path_and_no_method_of_a_client_becomes_a_label(self, client: TestClient):
        for i in range(30):
            client.request(f"M{i}", f"/api/v1/x{i}", headers=_KEY)
            client.get(f"/docs/{i}")
        lines = client.get("/metrics", headers=_KEY).text.splitlines()
        assert len([line for line in lines if line.startswith("papertree_http_requests_total")]) <= 3
        assert 'method="OTHER"' in "\n".join(lines)

    def test_shows_the_jobs_it_is_told_of(self, app: FastAPI, client: TestClient):
        assert "papertree_jobs{" not in client.get("/metrics", headers=_KEY).text
        app.state.collect_job_counts = lambda: {"queued": 3, "running": 1}
        shown = client.get("/metrics", headers=_KEY).text
        assert 'papertree_jobs{state="queued"} 3.0' in shown

    def test_two_applications_count_apart(self, client: TestClient):
        other = TestClient(make_edge_app())
        client.get("/healthz")
        assert 'route="/healthz"' not in other.get("/metrics", headers=_KEY).text
