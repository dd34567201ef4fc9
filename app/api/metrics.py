"""Counts and times requests, for Prometheus to read at /metrics."""

import time
from collections.abc import Callable, Iterator

from fastapi import FastAPI, Request, Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

JobCounts = Callable[[], dict[str, int]]

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_UNMATCHED = "(none)"


class RequestMetrics:
    """The measures of one application, in a registry of its own.

    Labels take few values: a route's template (never a path), a known method, a class of status.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self.n_requests = Counter(
            "papertree_http_requests", "Requests answered.", labels, registry=self.registry
        )
        self.seconds = Histogram(
            "papertree_http_request_seconds",
            "Time until the answer was complete, or the client gone.",
            ("method", "route"),
            registry=self.registry,
            buckets=_SECONDS,
        )
        self.in_flight = Gauge(
            "papertree_http_requests_in_flight", "Requests not answered yet.", registry=self.registry
        )


class MeasureRequests:
    """ASGI middleware that measures every request, those refused at the edge included."""

    def __init__(self, app: ASGIApp, metrics: RequestMetrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the application, and note what it answered and how long that took."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status = 0

        async def send_noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        started = time.perf_counter()
        self.metrics.in_flight.inc()
        try:
            await self.app(scope, receive, send_noting)
        finally:
            self.metrics.in_flight.dec()
            method = scope["method"] if scope["method"] in _METHODS else "OTHER"
            route = route_template(scope)
            outcome = f"{status // 100}xx" if status else "none"
            self.metrics.n_requests.labels(method, route, outcome).inc()
            self.metrics.seconds.labels(method, route).observe(time.perf_counter() - started)


class _JobCollector(Collector):
    """Asks how many jobs there are in each state, when somebody looks."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    def collect(self) -> Iterator[GaugeMetricFamily]:
        count: JobCounts | None = getattr(self._app.state, "collect_job_counts", None)
        family = GaugeMetricFamily("papertree_jobs", "Jobs by state.", labels=("state",))
        for state, n_jobs in (count() if count else {}).items():
            family.add_metric((state,), n_jobs)
        yield family


def install(app: FastAPI, metrics: RequestMetrics) -> None:
    """Serve the measures at ``/metrics``, with what ``app.state.collect_job_counts`` gives if it is there."""
    metrics.registry.register(_JobCollector(app))

    def get_metrics(_request: Request) -> Response:
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)

    app.add_route("/metrics", get_metrics, include_in_schema=False)


def route_template(scope: Scope) -> str:
    """Name the route a request went to, after it went there: ``/api/v1/papers/{paper_id}``, or ``(none)``."""
    # The router of an included route knows its own part of the path only; FastAPI keeps the whole beside it.
    whole = scope.get("fastapi", {}).get("effective_route_context")
    route = whole if whole is not None else scope.get("route")
    template = getattr(route, "path_format", None) or getattr(route, "path", None)
    return str(template) if template else _UNMATCHED
