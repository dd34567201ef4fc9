"""The pages: one document for all screens, and files that are kept for ever."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.api import pages
from tests.api.edge_app import make_edge_app

SCREENS = ("/", "/help", "/corpora/01890a5d-ac96-774b-bcce-b302099a8057", "/corpora/1/history", "/jobs/1")
INDEX = '<meta name="csp-nonce" content="__CSP_NONCE__"><script src="/assets/index-1.js"></script>'


@pytest.fixture
def static(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "assets").mkdir()
    monkeypatch.setattr(pages, "STATIC", tmp_path)
    return tmp_path


@pytest.fixture
def client(static: Path) -> TestClient:
    app = make_edge_app()
    pages.install(app)
    return TestClient(app)


class TestWhenBuilt:
    @pytest.fixture(autouse=True)
    def _built(self, static: Path):
        (static / "index.html").write_text(INDEX)
        (static / "assets" / "index-1.js").write_text("let one = 1;")

    @pytest.mark.parametrize("screen", SCREENS)
    def test_every_screen_is_the_one_document(self, screen: str, client: TestClient):
        answer = client.get(screen)
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/html")
        assert answer.headers["cache-control"] == "no-cache"
        assert "/assets/index-1.js" in answer.text

    def test_each_answer_has_a_nonce_of_its_own_and_the_policy_names_it(self, client: TestClient):
        answers = [client.get("/") for _ in range(2)]
        policies = [answer.headers["content-security-policy"] for answer in answers]
        assert policies[0] != policies[1]
        for answer, policy in zip(answers, policies, strict=True):
            assert "unsafe" not in policy
            nonce = policy.partition("'nonce-")[2].partition("'")[0]
            assert len(nonce) > 16
            assert f'content="{nonce}"' in answer.text
            assert "__CSP_NONCE__" not in answer.text

    def test_assets_are_kept_for_ever(self, client: TestClient):
        answer = client.get("/assets/index-1.js")
        assert answer.text == "let one = 1;"
        assert "immutable" in answer.headers["cache-control"]

    @pytest.mark.parametrize("path", ["/assets/gone-2.js", "/assets/"])
    def test_a_missing_asset_is_never_a_page(self, path: str, client: TestClient):
        answer = client.get(path)
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
        assert "immutable" not in answer.headers.get("cache-control", "")

    @pytest.mark.parametrize("path", ["/api/v1/no-such", "/corpora", "/no/such/address"])
    def test_other_addresses_are_none(self, path: str, client: TestClient):
        assert client.get(path).status_code == 401

    def test_only_reading_is_open(self, client: TestClient):
        assert client.post("/corpora/1").status_code == 401


class TestWhenNotBuilt:
    @pytest.mark.parametrize("screen", SCREENS)
    def test_says_how_to_build_them(self, screen: str, client: TestClient):
        answer = client.get(screen)
        assert answer.status_code == 200
        assert "make run" in answer.text
        assert "unsafe" not in answer.headers["content-security-policy"]
