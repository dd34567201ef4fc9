"""The edge around the real application: no route is open, and no probe brings it down."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.db.session import Sessions, transaction
from app.services.keys import add_key, add_workspace
from tests.api.edge_app import serving
from tests.api.probes import FURTHER_PROBES, PROBES, Ids, Probe, assert_sound, prepare
from tests.api.route_walk import assert_default_deny
from tests.api.wire import Target


@pytest.fixture(scope="module")
def target(app: FastAPI, sessions: Sessions) -> Iterator[Target]:
    with transaction(sessions) as session:
        key = add_key(session, workspace_id=add_workspace(session, name="probes"), name="probes")
    with serving(app, key) as target:
        yield target


@pytest.fixture(scope="module")
def ids(target: Target) -> Ids:
    return prepare(target)


class TestApplication:
    def test_denies_by_default(self, app: FastAPI):
        assert assert_default_deny(app, TestClient(app, base_url="http://localhost")) > 500

    @pytest.mark.parametrize("probe", [*PROBES, *FURTHER_PROBES], ids=lambda probe: probe.name)
    def test_answers_probes_soundly(self, probe: Probe, target: Target, ids: Ids):
        assert_sound(probe, probe(target, ids))
