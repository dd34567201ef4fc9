"""What a page may do with its cookie, and what pages of others may not do with it."""

from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from tests.api.edge_app import KEY, PAGE, READ_ONLY_PAGE, make_edge_app

_OWN = "http://localhost:8000"
_COOKIE = {"Cookie": f"papertree_8000={PAGE}"}
_WRITING = {**_COOKIE, "X-Papertree": "1", "Origin": _OWN}
_PAPER = f"/api/v1/papers/{uuid4()}"
_CORPUS = {"name": "A"}


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(make_edge_app(), base_url=_OWN)


def _without(headers: dict[str, str], name: str) -> dict[str, str]:
    return {key: value for key, value in headers.items() if key != name}


class TestCookie:
    def test_opens_what_its_key_opens(self, client: TestClient):
        assert client.get(_PAPER, headers=_COOKIE).status_code == 200
        assert client.post("/api/v1/corpora", json=_CORPUS, headers=_WRITING).status_code == 201

    @pytest.mark.parametrize(
        "cookie",
        [
            "",
            f"papertree={PAGE}",
            f"papertree_8001={PAGE}",
            f"papertree_8000={PAGE}x",
            f"papertree_8000={PAGE[:-1]}q",
            f"papertree_8000={KEY}",
            f'papertree_8000="{PAGE}"',
            f"papertree_8000={PAGE}; papertree_8000={READ_ONLY_PAGE}",
            f"PAPERTREE_8000={PAGE}",
        ],
    )
    def test_of_another_name_or_form_opens_nothing(self, cookie: str, client: TestClient):
        answer = client.get(_PAPER, headers={"Cookie": cookie})
        assert (answer.status_code, answer.json()["type"]) == (401, "urn:papertree:unauthenticated")

    def test_is_found_among_others(self, client: TestClient):
        cookies = {"Cookie": f"theme=dark; papertree_8000={PAGE}; papertree_9000=ps_{'x' * 43}"}
        assert client.get(_PAPER, headers=cookies).status_code == 200

    def test_does_not_help_a_wrong_key(self, client: TestClient):
        for wrong in ("Bearer pt_" + "A" * 43, "Basic x", ""):
            assert client.get(_PAPER, headers={**_COOKIE, "Authorization": wrong}).status_code == 401

    def test_is_no_matter_where_a_key_is_sent(self, client: TestClient):
        headers = {**_COOKIE, "Authorization": f"Bearer {KEY}"}
        assert client.post("/api/v1/corpora", json=_CORPUS, headers=headers).status_code == 201

    def test_of_a_key_that_only_reads_writes_nothing(self, client: TestClient):
        headers = {**_WRITING, "Cookie": f"papertree_8000={READ_ONLY_PAGE}"}
        assert client.get(_PAPER, headers=headers).status_code == 200
        answer = client.post("/api/v1/corpora", json=_CORPUS, headers=headers)
        assert (answer.status_code, answer.json()["type"]) == (403, "urn:papertree:key-is-read-only")


class TestForgery:
    @pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "PURGE"])
    @pytest.mark.parametrize(
        "headers",
        [
            _COOKIE,
            _without(_WRITING, "X-Papertree"),
            _without(_WRITING, "Origin"),
            {**_WRITING, "X-Papertree": "0"},
            {**_WRITING, "X-Papertree": ""},
            {**_WRITING, "Origin": "null"},
            {**_WRITING, "Origin": ""},
            {**_WRITING, "Origin": "http://evil.example"},
            {**_WRITING, "Origin": "http://localhost:3000"},
            {**_WRITING, "Origin": "http://localhost.evil.example:8000"},
            {**_WRITING, "Origin": "http://127.0.0.1:8000"},
        ],
    )
    def test_changes_nothing(self, method: str, headers: dict[str, str], client: TestClient):
        answer = client.request(method, "/api/v1/corpora", headers=headers)
        assert answer.status_code == 403
        assert answer.json()["type"] in ("urn:papertree:page-not-shown", "urn:papertree:foreign-origin")

    @pytest.mark.parametrize(
        "kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "text/plain"]
    )
    def test_by_a_form_changes_nothing(self, kind: str, client: TestClient):
        headers = {**_COOKIE, "Origin": _OWN, "Content-Type": kind}
        assert client.post("/api/v1/corpora", content=b'{"name": "A"}', headers=headers).status_code == 403

    def test_of_a_search_is_refused_too(self, client: TestClient):
        search = f"/api/v1/corpora/{uuid4()}/search"
        assert client.post(search, json={"query": "bees"}, headers=_COOKIE).status_code == 403
        assert client.post(search, json={"query": "bees"}, headers=_WRITING).status_code == 200

    @pytest.mark.parametrize("site", ["cross-site", "same-site"])
    @pytest.mark.parametrize(
        ("mode", "destination"), [("cors", "empty"), ("no-cors", "image"), ("navigate", "iframe")]
    )
    def test_of_reading_from_a_page_of_others_is_refused(
        self, site: str, mode: str, destination: str, client: TestClient
    ):
        fetched = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": destination}
        assert client.get(_PAPER, headers={**_COOKIE, **fetched}).status_code == 403

    @pytest.mark.parametrize(
        "fetched",
        [
            {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"},
            {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"},
            {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"},
        ],
    )
    def test_is_not_suspected_of_our_pages_and_of_links(self, fetched: dict[str, str], client: TestClient):
        assert client.get(_PAPER, headers={**_COOKIE, **fetched}).status_code == 200

    def test_no_answer_lets_other_origins_read(self, client: TestClient):
        for method in ("GET", "OPTIONS"):
            headers = {**_COOKIE, "Origin": "http://evil.example", "Access-Control-Request-Method": "GET"}
            answer = client.request(method, _PAPER, headers=headers)
            assert [name for name in answer.headers if name.startswith("access-control")] == []
