import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from app.db.session import Sessions, transaction
from app.labelling.llm import breaker
from app.labelling.llm.configuration import LlmConfiguration
from app.labelling.llm.costs import Limits, Prices
from app.main import create_app
from app.services.keys import add_key
from app.settings import Settings
from app.workers.tasks import run_job
from tests.factories import make_papers_about_subjects
from tests.fake_llm import FakeLlm
from tests.fakes import HashEmbedder, sensible_answer


@pytest.fixture
def server() -> Iterator[FakeLlm]:
    breaker.breaker_of.cache_clear()
    with FakeLlm(sensible_answer) as server:
        yield server


@pytest.fixture
def with_llm(settings: Settings, server: FakeLlm) -> Settings:
    llm = LlmConfiguration(
        base_url=server.base_url,
        model="fake-model",
        prices=Prices(Decimal(2), Decimal(8)),
        limits=Limits(
            tokens_per_build=1_000_000, money_per_build=Decimal("0.5"), money_per_month=Decimal(20)
        ),
    )
    return replace(settings, llm=llm)


@pytest.fixture
def asking(with_llm: Settings, sessions: Sessions, workspace_id: UUID) -> Iterator[TestClient]:
    """A client of an application that has a language model."""
    app = create_app(with_llm)
    app.state.send_job = lambda _: None
    app.state.open_embedder = HashEmbedder
    with transaction(sessions) as session:
        key = add_key(session, workspace_id=workspace_id, name="test", read_only=False)
    headers = {"Authorization": f"Bearer {key}"}
    with TestClient(app, base_url="http://localhost", headers=headers) as client:
        yield client


@pytest.fixture
def named_hierarchy(asking: TestClient, sessions: Sessions, corpus_id: str, with_llm: Settings) -> str:
    """A hierarchy of 40 papers whose topics the language model named."""
    fill(asking, corpus_id, 10)
    job = asking.post(f"/api/v1/corpora/{corpus_id}/hierarchies", json={"labels": "llm"}).json()
    run_job(sessions, UUID(job["id"]), settings=with_llm, open_embedder=HashEmbedder)
    done = asking.get(f"/api/v1/jobs/{job['id']}").json()
    assert done["result"]["labels"]["llm"] > 0, done
    return str(done["result"]["hierarchy_id"])


def fill(client: TestClient, corpus_id: str, n_each: int) -> None:
    papers = [
        {"id": paper.source_id, "title": paper.title, "abstract": paper.abstract}
        for paper in make_papers_about_subjects(n_each)
    ]
    assert client.post(f"/api/v1/corpora/{corpus_id}/papers", json={"papers": papers}).status_code == 201


class TestWithoutALanguageModel:
    @pytest.mark.parametrize(
        ("path", "body"),
        [
            ("/corpora/{}/hierarchies", {"labels": "llm"}),
            ("/corpora/{}/claims", None),
            ("/corpora/{}/aspects", None),
            ("/llm/check", None),
        ],
    )
    def test_says_what_to_set(self, client: TestClient, corpus_id: str, path: str, body: object) -> None:
        answer = client.post(f"/api/v1{path.format(corpus_id)}", json=body)
        assert (answer.status_code, answer.json()["type"]) == (422, "urn:papertree:llm-not-configured")
        assert "PAPERTREE_LLM_BASE_URL" in answer.json()["detail"]

    def test_a_build_costs_nothing(self, client: TestClient, corpus_id: str) -> None:
        fill(client, corpus_id, 5)
        estimate = client.get(f"/api/v1/corpora/{corpus_id}/hierarchies/estimate").json()
        assert (estimate["model"], estimate["tokens"], estimate["n_papers"]) == (None, 0, 20)

    def test_labels_are_the_papers_own(self, client: TestClient, hierarchy_id: str) -> None:
        topics = client.get(f"/api/v1/hierarchies/{hierarchy_id}").json()["topics"]
        assert {topic["named_by"] for topic in topics} == {"keyphrases"}
        assert client.get(f"/api/v1/topics/{topics[1]['id']}/llm-calls").json()["items"] == []


class TestEstimate:
    def test_tells_tokens_money_and_what_is_left(self, asking: TestClient, corpus_id: str) -> None:
        fill(asking, corpus_id, 10)
        estimate = asking.get(f"/api/v1/corpora/{corpus_id}/hierarchies/estimate").json()
        assert (estimate["model"], estimate["n_calls"]) == ("fake-model", 1)
        assert estimate["tokens"] > 1000
        assert 2e-6 * estimate["tokens"] < estimate["money"] < 8e-6 * estimate["tokens"]
        assert (estimate["tokens_left"], estimate["money_left"]) == (1_000_000, 0.5)
        assert estimate["is_affordable"]

    @pytest.mark.parametrize("kind", ["claims", "aspects"])
    def test_is_given_for_claims_and_aspects(
        self, asking: TestClient, stranger: TestClient, corpus_id: str, kind: str
    ) -> None:
        address = f"/api/v1/corpora/{corpus_id}/{kind}/estimate"
        before = asking.get(address).json()
        fill(asking, corpus_id, 10)
        estimate = asking.get(address).json()
        assert (before["n_calls"], estimate["model"]) == (0, "fake-model")
        assert estimate["n_calls"] >= 7
        assert estimate["tokens"] > 5000
        assert 0 < estimate["money"] < 0.5
        assert stranger.get(address).status_code == 404

    def test_asks_nobody(self, asking: TestClient, server: FakeLlm, corpus_id: str) -> None:
        asking.get(f"/api/v1/corpora/{corpus_id}/hierarchies/estimate")
        assert server.n_requests == 0

    def test_refuses_a_facet_nobody_proposed(self, asking: TestClient, corpus_id: str) -> None:
        answer = asking.get(f"/api/v1/corpora/{corpus_id}/hierarchies/estimate", params={"facet": "colour"})
        assert answer.status_code == 422


class TestLlmCalls:
    def test_show_prompt_and_answer_of_each_topic(
        self, asking: TestClient, stranger: TestClient, named_hierarchy: str
    ) -> None:
        topics = asking.get(f"/api/v1/hierarchies/{named_hierarchy}").json()["topics"]
        assert [topic["named_by"] for topic in topics] == ["keyphrases", *["llm"] * (len(topics) - 1)]
        for topic in topics[1:]:
            address = f"/api/v1/topics/{topic['id']}/llm-calls"
            [call] = asking.get(address).json()["items"]
            assert (call["outcome"], call["model"], call["purpose"]) == (
                "answered",
                "fake-model",
                "label_topics",
            )
            assert [message["role"] for message in call["messages"]] == ["system", "user"]
            assert topic["label"] in call["answer"]
            assert stranger.get(address).status_code == 404

    def test_are_kept_in_exports_by_who_named_the_topic(
        self, asking: TestClient, named_hierarchy: str
    ) -> None:
        document = asking.get(f"/api/v1/hierarchies/{named_hierarchy}/export").json()
        assert {topic["named_by"] for topic in document["topics"][1:]} == {"llm"}


class TestCheck:
    def test_finds_a_model_unfit_that_answers_nonsense(self, asking: TestClient, server: FakeLlm) -> None:
        server.mode = "wrong schema"
        found = asking.post("/api/v1/llm/check").json()
        assert (found["model"], found["verdict"], found["n_passed"]) == ("fake-model", "unfit", 0)
        assert len(found["probes"]) == found["n_probes"] >= 12
        assert all(probe["detail"] for probe in found["probes"])

    def test_runs_once_at_a_time(self, asking: TestClient, server: FakeLlm) -> None:
        statuses: list[int] = []

        def ask_again(body: object) -> object:
            if not statuses:
                statuses.append(0)
                statuses[0] = asking.post("/api/v1/llm/check").status_code
            return {}

        server.answer = ask_again
        assert asking.post("/api/v1/llm/check").status_code == 200
        assert statuses == [409]
        assert asking.post("/api/v1/llm/check").status_code == 200

    def test_needs_a_key_that_may_write(self, reader: TestClient) -> None:
        assert reader.post("/api/v1/llm/check").status_code == 403


class TestClaimsAndAspects:
    def test_are_refused_for_large_corpora(self, asking: TestClient, corpus_id: str) -> None:
        fill(asking, corpus_id, 51)
        for what in ("claims", "aspects"):
            answer = asking.post(f"/api/v1/corpora/{corpus_id}/{what}")
            assert (answer.status_code, answer.json()["type"]) == (422, "urn:papertree:corpus-too-large")
            assert answer.json()["limit"] == 200

    def test_start_one_job_however_often_they_are_asked_for(self, asking: TestClient, corpus_id: str) -> None:
        fill(asking, corpus_id, 2)
        for what in ("claims", "aspects"):
            answers = [asking.post(f"/api/v1/corpora/{corpus_id}/{what}") for _ in range(2)]
            assert [answer.status_code for answer in answers] == [202, 202]
            assert answers[0].headers["Location"] == answers[1].headers["Location"]

    def test_are_shown_with_the_papers(
        self, asking: TestClient, server: FakeLlm, sessions: Sessions, corpus_id: str, with_llm: Settings
    ) -> None:
        def claim(body: dict[str, list[dict[str, str]]]) -> object:
            papers = json.loads(body["messages"][1]["content"])["papers"]
            return {"papers": [{"id": own["id"], "claims": [own["abstract"][:120]]} for own in papers]}

        fill(asking, corpus_id, 2)
        server.answer = claim
        job = asking.post(f"/api/v1/corpora/{corpus_id}/claims").json()
        run_job(sessions, UUID(job["id"]), settings=with_llm, open_embedder=HashEmbedder)
        items = asking.get(f"/api/v1/corpora/{corpus_id}/claims?limit=200").json()["items"]
        assert [len(item["claims"]) for item in items] == [1] * 8
        paper = asking.get(f"/api/v1/papers/{items[0]['paper']['id']}").json()
        assert paper["claims"] == items[0]["claims"]

    def test_an_aspect_is_a_facet_to_build_once_it_was_proposed(
        self, asking: TestClient, corpus_id: str, propose: Callable[[], None]
    ) -> None:
        address = f"/api/v1/corpora/{corpus_id}/hierarchies"
        assert asking.post(address, json={"facet": "subject"}).status_code == 422
        propose()
        assert [
            own["facet"] for own in asking.get(f"/api/v1/corpora/{corpus_id}/aspects").json()["items"]
        ] == [
            "finding",
            "subject",
        ]
        assert asking.post(address, json={"facet": "subject"}).status_code == 202

    @pytest.fixture
    def propose(
        self, asking: TestClient, server: FakeLlm, sessions: Sessions, corpus_id: str, with_llm: Settings
    ) -> Callable[[], None]:
        def propose() -> None:
            fill(asking, corpus_id, 4)
            server.answer = sensible_answer
            job = asking.post(f"/api/v1/corpora/{corpus_id}/aspects").json()
            run_job(sessions, UUID(job["id"]), settings=with_llm, open_embedder=HashEmbedder)

        return propose
