import pytest
from starlette.testclient import TestClient

from app.api.hosts import host_names
from tests.api.edge_app import KEY, make_edge_app

_CORPUS = {"name": "A"}


@pytest.fixture(scope="module")
def client() -> TestClient:
    app = make_edge_app(allowed_hosts=("papers.example.org",))
    return TestClient(app, base_url="http://localhost:8000", headers={"Authorization": f"Bearer {KEY}"})


class TestHost:
    @pytest.mark.parametrize(
        "host",
        ["localhost", "LOCALHOST:8000", "127.0.0.1:1", "[::1]:8000", "[::1]", "papers.example.org:443"],
    )
    def test_known_names_are_answered(self, host: str, client: TestClient):
        assert client.get("/healthz", headers={"Host": host}).status_code == 200

    @pytest.mark.parametrize(
        "host",
        [
            "evil.example",
            "localhost.evil.example",
            "evil.example:8000",
            "127.0.0.1.evil.example",
            "localhost@evil.example",
            "localhost, evil.example",
            "localhost:8000:9000",
            "localhost:99999999",
            "localhost.",
            "127.1",
            "2130706433",
            "0.0.0.0",
            "[::ffff:127.0.0.1]",
            "[::1",
            "::1",
            "",
            " ",
        ],
    )
    def test_others_are_turned_away(self, host: str, client: TestClient):
        reply = client.get("/healthz", headers={"Host": host})
        assert (reply.status_code, reply.json()["type"]) == (421, "urn:papertree:unknown-host")

    def test_bound_address_is_known_unless_it_is_every_address(self):
        assert "192.0.2.7" in host_names("192.0.2.7")
        assert "0.0.0.0" not in host_names("0.0.0.0")
        assert "" not in host_names("", ("",))
        assert "2001:db8::1" in host_names("::", ("[2001:DB8::1]",))


class TestOrigin:
    @pytest.mark.parametrize(
        "origin",
        [
            "null",
            "http://evil.example",
            "http://localhost",
            "http://localhost:5173",
            "https://localhost",
            "http://127.0.0.1:8000",
            "http://localhost:8000.evil.example",
            "http://localhost:8000/",
            "file://",
            "chrome-extension://localhost:8000",
            "",
            "*",
        ],
    )
    def test_other_origins_write_nothing(self, origin: str, client: TestClient):
        reply = client.post("/api/v1/corpora", json=_CORPUS, headers={"Origin": origin})
        assert (reply.status_code, reply.json()["type"]) == (403, "urn:papertree:foreign-origin")

    @pytest.mark.parametrize(
        ("host", "origin"),
        [
            ("localhost:8000", "http://localhost:8000"),
            ("localhost", "http://localhost"),
            ("localhost:80", "http://localhost"),
            ("[::1]:8000", "http://[::1]:8000"),
        ],
    )
    def test_our_own_pages_write(self, host: str, origin: str, client: TestClient):
        headers = {"Host": host, "Origin": origin}
        assert client.post("/api/v1/corpora", json=_CORPUS, headers=headers).status_code == 201

    def test_our_own_pages_write_behind_a_proxy_that_ends_tls(self, client: TestClient):
        headers = {"Host": "papers.example.org", "Origin": "https://papers.example.org"}
        assert client.post("/api/v1/corpora", json=_CORPUS, headers=headers).status_code == 201

    def test_programs_write(self, client: TestClient):
        assert client.post("/api/v1/corpora", json=_CORPUS).status_code == 201

    def test_nothing_is_shared_with_other_origins(self, client: TestClient):
        preflight = {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}
        replies = [
            client.get("/api/v1/corpora", headers={"Origin": "http://evil.example"}),
            client.options("/api/v1/corpora", headers=preflight),
        ]
        for reply in replies:
            assert not [name for name in reply.headers if name.startswith("access-control")]


class TestSecurityHeaders:
    @pytest.mark.parametrize(
        ("path", "headers"),
        [
            ("/healthz", {}),
            ("/docs", {}),
            ("/nothing", {"Authorization": ""}),
            ("/nothing", {}),
            ("/api/v1/failures/bug", {}),
            ("/healthz", {"Host": "evil.example"}),
        ],
    )
    def test_are_on_every_answer(self, path: str, headers: dict[str, str], client: TestClient):
        given = client.get(path, headers=headers).headers
        assert given["x-content-type-options"] == "nosniff"
        assert given["referrer-policy"] == "no-referrer"
        assert given["cross-origin-opener-policy"] == "same-origin"
        policy = given["content-security-policy"]
        assert "unsafe" not in policy
        for part in ("default-src 'self'", "script-src 'self'", "object-src 'none'", "base-uri 'none'"):
            assert part in policy
        assert "frame-ancestors 'none'" in policy

    def test_what_the_api_says_is_not_kept(self, client: TestClient):
        assert client.get("/api/v1/corpora").headers["cache-control"] == "no-store"
        assert "cache-control" not in client.get("/healthz").headers
