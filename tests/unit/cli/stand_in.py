"""A small real server that answers as the API does, from what a test puts into it."""

import csv
import io
import socket
import threading
import time
from hashlib import sha256
from typing import Any
from uuid import uuid4

import uvicorn
from fastapi import FastAPI, Form, Query, Request, UploadFile
from fastapi.responses import JSONResponse, PlainTextResponse, Response

KEY = "pt_key-of-the-stand-in"
Document = dict[str, Any]
NO_LLM = {
    **{"model": None, "n_calls": 0, "tokens": 0, "money": 0.0},
    **{"tokens_left": None, "money_left": None, "is_affordable": True},
}


def problem(status: int, slug: str, title: str, detail: str) -> JSONResponse:
    document = {"type": slug, "title": title, "status": status, "detail": detail}
    return JSONResponse(document, status, media_type="application/problem+json")


class StandIn:
    """Holds one workspace; jobs end after as many looks as ``looks`` says."""

    def __init__(self) -> None:
        self.port = 0
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self.application = self._make_application()
        self.clear()

    def clear(self) -> None:
        self.corpora: list[Document] = []
        self.papers: list[Document] = []
        self.jobs: dict[str, Document] = {}
        self.reports: dict[str, Document] = {}
        self.topics: list[Document] = []
        self.found: list[Document] = []
        self.unassigned: list[Document] = []
        self.n_papers_since = 0
        self.filed: Document = {"n_filed": 0, "n_unassigned": 0, "n_doubtful": 0}
        self.n_topics_built = 7
        self.export: bytes = b"{}"
        self.evaluation: Document | None = None
        self.evaluation_summary: Document | None = None
        self.looks = 1
        self.outcomes = {"taken": 2, "merged": 1, "rejected": 0}
        self.rejected: list[Document] = []
        self.job_problem: Document | None = None
        self.labels: Document = {}
        self.estimate = {**NO_LLM, "n_papers": 9, "n_topics": 5}
        self.check: Document | None = None
        self.llm_calls: list[Document] = []
        self.claims: list[Document] = []
        self.aspects: list[Document] = []
        self.refusals: list[Response] = []
        self.refused_paths: dict[str, Response] = {}
        self.requests: list[tuple[str, str]] = []
        self.bodies: list[Document] = []
        self.answers: dict[str, Document] = {}
        self.review: Document = {}
        self.conditions: list[tuple[str | None, str | None]] = []
        self.queries: list[str] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        self.port = listener.getsockname()[1]
        self._server = uvicorn.Server(uvicorn.Config(self.application, log_config=None, lifespan="off"))
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [listener]})
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()

    def add_corpus(self, name: str, *, n_papers: int = 0, notice: str | None = None) -> Document:
        corpus = {
            "id": str(uuid4()),
            "name": name,
            "notice": notice,
            "n_papers": n_papers,
            "version": 1,
            "created_at": "2026-01-02T03:04:05Z",
            "hierarchies": [],
        }
        self.corpora.append(corpus)
        return corpus

    def build(self, corpus: Document, topics: list[Document]) -> Document:
        self.topics = topics
        built = {"id": str(uuid4()), "facet": "topic", "version": 1, "built_at": "2026-01-02T03:04:05Z"}
        corpus["hierarchies"] = [{**built, "n_topics": len(topics)}]
        return built

    def add_job(self, kind: str, corpus: Document, **changes: object) -> Document:
        job = {
            "id": str(uuid4()),
            "kind": kind,
            "corpus_id": corpus["id"],
            "state": "queued",
            "stage": None,
            "done": 0,
            "total": None,
            "seconds_left": None,
            "attempts": 0,
            "cancel_requested": False,
            "problem": None,
            "result": None,
            "created_at": f"2026-01-02T03:04:{len(self.jobs):02d}Z",
            "started_at": None,
            "finished_at": None,
            "looks": self.looks,
            **changes,
        }
        self.jobs[job["id"]] = job
        return job

    def asked(self, method: str, path_end: str) -> int:
        return sum(1 for asked, path in self.requests if asked == method and path.endswith(path_end))

    def _look(self, job: Document) -> Document:
        """Let a job get on a little each time somebody looks."""
        if job["state"] not in ("queued", "running"):
            return job
        if job["looks"] > 0:
            job["looks"] -= 1
            stages = {"build_hierarchy": "embed", "evaluate_hierarchy": "stability"}
            stage = stages.get(job["kind"], "read")
            job |= {"state": "running", "stage": stage, "done": 5, "total": 10, "seconds_left": 3.0}
            return job
        corpus = next(corpus for corpus in self.corpora if corpus["id"] == job["corpus_id"])
        if self.job_problem is not None:
            return job | self._ended(job, "failed", problem=self.job_problem)
        if job["kind"] == "evaluate_hierarchy":
            result = {"hierarchy_id": corpus["hierarchies"][0]["id"]}
        elif job["kind"] == "score_assignments":
            self.answers["review"] = self.review
            result = {"version": self.review["version"]}
        elif job["kind"] == "file_arrivals":
            result = self.filed
        elif job["kind"] == "import_file":
            corpus["n_papers"] += self.outcomes["taken"]
            result = {**self.outcomes, "total": sum(self.outcomes.values())}
        elif job["kind"] in ("extract_claims", "propose_aspects"):
            builds = [self.add_job("build_hierarchy", corpus) for _ in self.aspects]
            named = zip(self.aspects, builds, strict=True)
            result = {"aspects": [{**own, "job_id": build["id"]} for own, build in named]}
        else:
            built = self.build(corpus, self.topics)
            result = {"hierarchy_id": built["id"], "n_topics": self.n_topics_built}
            result |= {"n_unassigned": 3, "version": 1}
            result |= {"n_papers": corpus["n_papers"], "n_papers_since": self.n_papers_since}
            result |= {"labels": self.labels}
        return job | self._ended(job, "succeeded", result=result)

    def _ended(self, job: Document, state: str, **outcome: object) -> Document:
        job |= {"state": state, "seconds_left": None, **outcome}
        return job

    def _make_application(self) -> FastAPI:
        app = FastAPI()

        @app.middleware("http")
        async def guard(request: Request, call_next: Any) -> Response:
            self.requests.append((request.method, request.url.path))
            if self.refusals:
                return self.refusals.pop(0)
            for path_end, refusal in self.refused_paths.items():
                if request.url.path.endswith(path_end):
                    return refusal
            if request.headers.get("authorization") != f"Bearer {KEY}":
                return problem(401, "not-authenticated", "A key is needed", "Send one.")
            return await call_next(request)

        self._add_corpora(app)
        self._add_jobs(app)
        self._add_hierarchies(app)
        self._add_papers(app)
        self._add_language_model(app)
        return app

    def _add_corpora(self, app: FastAPI) -> None:
        @app.get("/api/v1/corpora")
        def list_corpora(name: str | None = None, limit: int = 50, cursor: int = 0) -> Document:
            rows = [row for row in self.corpora if name is None or row["name"] == name]
            return page(rows, limit, cursor)

        @app.post("/api/v1/corpora", status_code=201)
        def post_corpus(body: Document) -> Any:
            self.bodies.append(body)
            if any(row["name"] == body["name"] for row in self.corpora):
                return problem(409, "corpus-name-taken", "A corpus of this name exists", "Choose another.")
            return self.add_corpus(body["name"], notice=body.get("notice"))

        @app.get("/api/v1/corpora/{corpus_id}")
        def get_corpus(corpus_id: str) -> Document:
            return next(row for row in self.corpora if row["id"] == corpus_id)

        @app.delete("/api/v1/corpora/{corpus_id}", status_code=204)
        def delete_corpus(corpus_id: str) -> None:
            self.corpora = [row for row in self.corpora if row["id"] != corpus_id]

        @app.post("/api/v1/corpora/{corpus_id}/imports", status_code=202)
        async def post_import(
            corpus_id: str,
            file: UploadFile,
            file_format: str | None = Form(None, alias="format"),
            mapping: str | None = Form(None),
        ) -> Document:
            content = await file.read()
            self.bodies.append(
                {"file": content, "name": file.filename, "format": file_format, "mapping": mapping}
            )
            job = self.add_job("import_file", corpus_of(self.corpora, corpus_id))
            self.reports[job["id"]] = {"sha256": sha256(content).hexdigest(), "file_name": file.filename}
            return shown(job)

        @app.post("/api/v1/corpora/{corpus_id}/hierarchies", status_code=202)
        def post_hierarchy(corpus_id: str, body: Document) -> Document:
            self.bodies.append(body)
            return shown(self.add_job("build_hierarchy", corpus_of(self.corpora, corpus_id)))

    def _add_jobs(self, app: FastAPI) -> None:
        @app.get("/api/v1/jobs")
        def list_jobs(
            state: str | None = None, corpus_id: str | None = None, limit: int = 50, cursor: int = 0
        ) -> Document:
            rows = [
                shown(job)
                for job in reversed(self.jobs.values())
                if state in (None, job["state"]) and corpus_id in (None, job["corpus_id"])
            ]
            return page(rows, limit, cursor)

        @app.get("/api/v1/jobs/{job_id}")
        def get_job(job_id: str) -> Any:
            if job_id not in self.jobs:
                return problem(404, "job-not-found", "There is no such job", "Its corpus may be deleted.")
            return shown(self._look(self.jobs[job_id]))

        @app.delete("/api/v1/jobs/{job_id}", status_code=202)
        def cancel_job(job_id: str) -> Document:
            self.jobs[job_id] |= {"state": "cancelled", "cancel_requested": True}
            return shown(self.jobs[job_id])

        @app.get("/api/v1/jobs/{job_id}/report")
        def get_report(
            job_id: str,
            report_format: str = Query("json", alias="format"),
            outcome: str | None = None,
            limit: int = 100,
            cursor: int = 0,
        ) -> Any:
            rows = [row for row in self.rejected if outcome in (None, row["outcome"])]
            if report_format == "csv":
                text = io.StringIO()
                writer = csv.writer(text)
                writer.writerows([["record", "reason"], *([row["record"], row["reason"]] for row in rows)])
                return PlainTextResponse(text.getvalue(), media_type="text/csv")
            whole = {"job_id": job_id, "counts": self.outcomes, **self.reports.get(job_id, {})}
            paged = page(rows, limit, cursor)
            return {**whole, "rows": paged["items"], "next_cursor": paged["next_cursor"]}

    def _add_hierarchies(self, app: FastAPI) -> None:
        @app.get("/api/v1/hierarchies/{hierarchy_id}")
        def get_hierarchy(hierarchy_id: str) -> Document:
            corpus = next(
                row for row in self.corpora if any(one["id"] == hierarchy_id for one in row["hierarchies"])
            )
            return {
                "id": hierarchy_id,
                "version": 7,
                "corpus_id": corpus["id"],
                "notice": corpus["notice"],
                "n_papers": corpus["n_papers"],
                "n_unassigned": 2,
                "n_papers_since": self.n_papers_since,
                "evaluation": self.evaluation_summary,
                "topics": self.topics,
            }

        @app.get("/api/v1/hierarchies/{hierarchy_id}/unassigned")
        def get_unassigned(limit: int = 50, cursor: int = 0) -> Document:
            return page(self.unassigned, limit, cursor)

        @app.post("/api/v1/hierarchies/{hierarchy_id}/evaluations", status_code=202)
        def post_evaluation(hierarchy_id: str, body: Document) -> Document:
            self.bodies.append(body)
            return shown(self.add_job("evaluate_hierarchy", self.corpora[0]))

        @app.get("/api/v1/hierarchies/{hierarchy_id}/evaluation")
        def get_evaluation(hierarchy_id: str) -> Document | None:
            return self.evaluation

        @app.post("/api/v1/hierarchies/{hierarchy_id}/arrivals", status_code=202)
        def post_arrivals() -> Document:
            return shown(self.add_job("file_arrivals", self.corpora[0]))

        @app.post("/api/v1/hierarchies/{hierarchy_id}/review", status_code=202)
        def post_review() -> Document:
            return shown(self.add_job("score_assignments", self.corpora[0]))

        @app.get("/api/v1/hierarchies/{hierarchy_id}/review")
        def get_review(limit: int) -> Any:
            if "review" not in self.answers:
                return problem(404, "urn:papertree:review-not-found", "Not scored", "Ask for it.")
            found = self.answers["review"]
            return {**found, "items": found["items"][:limit]}

        @app.get("/api/v1/corpora/{corpus_id}/export")
        def get_papers_export(format: str, q: str = "") -> Response:  # noqa: A002
            return Response(f"{format} {q}".strip())

        @app.get("/api/v1/hierarchies/{hierarchy_id}/export")
        def get_export(hierarchy_id: str) -> Response:
            return Response(self.export, media_type="application/json")

        @app.post("/api/v1/hierarchies/{hierarchy_id}/{what:path}", status_code=201)
        def post_step(what: str, body: Document, request: Request) -> Document:
            self.bodies.append(body)
            headers = request.headers
            self.conditions.append((headers.get("if-match"), headers.get("idempotency-key")))
            return self.answers[what]

        @app.get("/api/v1/hierarchies/{hierarchy_id}/{what:path}")
        def get_part(what: str, request: Request) -> Document:
            self.queries.append(request.url.query)
            return self.answers[what]

    def _add_language_model(self, app: FastAPI) -> None:
        @app.get("/api/v1/corpora/{corpus_id}/hierarchies/estimate")
        def get_estimate(facet: str) -> Document:
            return self.estimate

        @app.post("/api/v1/llm/check")
        def post_check() -> Any:
            missing = ("urn:papertree:llm-not-configured", "No language model is configured", "Set one.")
            return self.check or problem(422, *missing)

        @app.get("/api/v1/topics/{topic_id}/llm-calls")
        def get_calls(limit: int = 50, cursor: int = 0) -> Document:
            return page(self.llm_calls, limit, cursor)

        @app.get("/api/v1/corpora/{corpus_id}/claims/estimate")
        @app.get("/api/v1/corpora/{corpus_id}/aspects/estimate")
        def get_estimate_of_questions() -> Document:
            return self.estimate

        @app.post("/api/v1/corpora/{corpus_id}/claims", status_code=202)
        def post_claims(corpus_id: str) -> Document:
            return shown(self.add_job("extract_claims", corpus_of(self.corpora, corpus_id)))

        @app.get("/api/v1/corpora/{corpus_id}/claims")
        def get_claims(limit: int = 50, cursor: int = 0) -> Document:
            return page(self.claims, limit, cursor)

        @app.post("/api/v1/corpora/{corpus_id}/aspects", status_code=202)
        def post_aspects(corpus_id: str) -> Document:
            return shown(self.add_job("propose_aspects", corpus_of(self.corpora, corpus_id)))

        @app.get("/api/v1/corpora/{corpus_id}/aspects")
        def get_aspects(corpus_id: str) -> Document:
            return {"items": self.aspects}

    def _add_papers(self, app: FastAPI) -> None:
        @app.get("/api/v1/corpora/{corpus_id}/papers")
        def list_papers(source_id: str, limit: int = 50) -> Document:
            return page([row for row in self.papers if row["source_id"] == source_id], limit, 0)

        @app.get("/api/v1/papers/{paper_id}/neighbours")
        def get_neighbours(k: int) -> Document:
            return {"items": self.found[:k]}

        @app.post("/api/v1/corpora/{corpus_id}/search")
        def search(body: Document) -> Document:
            self.bodies.append(body)
            return {"items": self.found[: body["k"]], "mode": body["mode"]}


def page(rows: list[Document], limit: int, cursor: int) -> Document:
    end = cursor + limit
    return {"items": rows[cursor:end], "next_cursor": str(end) if end < len(rows) else None}


def corpus_of(corpora: list[Document], corpus_id: str) -> Document:
    return next(row for row in corpora if row["id"] == corpus_id)


def shown(job: Document) -> Document:
    return {name: value for name, value in job.items() if name != "looks"}


def topic(label: str, n_papers: int, *, parent: Document | None = None, n_second: int = 0) -> Document:
    return {
        "id": str(uuid4()),
        "parent_id": parent and parent["id"],
        "label": label,
        "named_by": "keyphrases",
        "keyphrases": [],
        "description": "",
        "depth": 0 if parent is None else parent["depth"] + 1,
        "n_papers": n_papers,
        "n_papers_direct": 0,
        "n_second_papers": n_second,
    }
