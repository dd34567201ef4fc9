"""The real application on the real database; jobs that are sent land in a list."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.db.session import Sessions, transaction
from app.index.embedder import Embedder
from app.main import create_app
from app.services.keys import add_key
from app.settings import Settings
from app.workers.tasks import run_job
from tests.conftest import Servers
from tests.factories import make_papers_about_subjects
from tests.fakes import HashEmbedder

SENT: list[UUID] = []


@pytest.fixture(scope="session")
def settings(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(
        data_directory=tmp_path_factory.mktemp("data"),
        database_url=servers.database_url,
        redis_url=servers.redis_url,
    )


@pytest.fixture(scope="session")
def app(settings: Settings) -> FastAPI:
    app = create_app(settings)
    app.state.send_job = SENT.append
    app.state.open_embedder = HashEmbedder
    return app


@pytest.fixture(scope="session")
def anybody(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def sent() -> list[UUID]:
    SENT.clear()
    return SENT


def _client_of(
    app: FastAPI, sessions: Sessions, workspace_id: UUID, *, read_only: bool = False
) -> TestClient:
    with transaction(sessions) as session:
        key = add_key(session, workspace_id=workspace_id, name="test", read_only=read_only)
    headers = {"Authorization": f"Bearer {key}"}
    return TestClient(app, base_url="http://localhost", headers=headers, raise_server_exceptions=False)


@pytest.fixture
def client(app: FastAPI, anybody: TestClient, sessions: Sessions, workspace_id: UUID) -> TestClient:
    return _client_of(app, sessions, workspace_id)


@pytest.fixture
def reader(app: FastAPI, anybody: TestClient, sessions: Sessions, workspace_id: UUID) -> TestClient:
    return _client_of(app, sessions, workspace_id, read_only=True)


@pytest.fixture
def stranger(app: FastAPI, anybody: TestClient, sessions: Sessions, other_workspace_id: UUID) -> TestClient:
    return _client_of(app, sessions, other_workspace_id)


@pytest.fixture
def corpus_id(client: TestClient) -> str:
    return str(client.post("/api/v1/corpora", json={"name": "corpus"}).json()["id"])


@pytest.fixture
def run(sessions: Sessions, settings: Settings) -> Callable[[str], None]:
    """What a worker does when the bell rings."""

    def run(job_id: str) -> None:
        embedder: Callable[[], Embedder] = HashEmbedder
        run_job(sessions, UUID(job_id), settings=settings, open_embedder=embedder)

    return run


@pytest.fixture
def hierarchy_id(client: TestClient, corpus_id: str, run: Callable[[str], None]) -> str:
    """A built hierarchy over 40 papers on four subjects."""
    papers = [
        {"id": paper.source_id, "title": paper.title, "abstract": paper.abstract, "year": paper.year}
        for paper in make_papers_about_subjects(10)
    ]
    assert client.post(f"/api/v1/corpora/{corpus_id}/papers", json={"papers": papers}).status_code == 201
    job = client.post(f"/api/v1/corpora/{corpus_id}/hierarchies", json={}).json()
    run(job["id"])
    done = client.get(f"/api/v1/jobs/{job['id']}").json()
    assert done["state"] == "succeeded", done
    return str(done["result"]["hierarchy_id"])


@pytest.fixture
def upload(client: TestClient, corpus_id: str) -> Callable[..., dict[str, object]]:
    def upload(content: bytes, name: str = "papers.txt", **form: str) -> dict[str, object]:
        answer = client.post(
            f"/api/v1/corpora/{corpus_id}/imports", files={"file": (name, content)}, data=form
        )
        assert answer.status_code == 202, answer.text
        return dict(answer.json())

    return upload
