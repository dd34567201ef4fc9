"""Puts the edge around the application: what every request passes through, in its order."""

from fastapi import FastAPI

from app.api import metrics, offline_docs, problems
from app.api.authentication import DefaultDeny
from app.api.body_limits import BodyLimits, Limits
from app.api.hosts import HostCheck, SecurityHeaders, host_names
from app.api.unread_bodies import UnreadBodies


def install(
    app: FastAPI,
    *,
    host: str = "127.0.0.1",
    allowed_hosts: tuple[str, ...] = (),
    limits: Limits | None = None,
) -> None:
    """Put measures, headers, problem documents, host check, keys and limits around an application.

    From the outside in: a request is measured; whatever the answer, it gets the security headers; what is
    raised further in becomes a problem document; then come host and origin, the key, and only behind the
    key is any of the body read.

    Parameters
    ----------
    app : FastAPI
        Made with ``docs_url=None, redoc_url=None``. Its state must hold ``find_workspace`` and ``find_page``
        before the first request, and may hold ``collect_job_counts``.
    host : str
        The address the server listens on.
    allowed_hosts : tuple of str
        Further names it answers to.
    limits : Limits, optional
        What a request may be.
    """
    measured = metrics.RequestMetrics()
    problems.install(app)
    metrics.install(app, measured)
    offline_docs.install(app)
    # Each one stands around those added before it.
    app.add_middleware(BodyLimits, limits=limits)
    app.add_middleware(DefaultDeny)
    app.add_middleware(HostCheck, names=host_names(host, allowed_hosts))
    app.add_middleware(problems.Problems)
    app.add_middleware(UnreadBodies)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(metrics.MeasureRequests, metrics=measured)
