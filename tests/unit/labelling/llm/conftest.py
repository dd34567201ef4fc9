from collections.abc import Iterator

import pytest

from tests.fake_llm import FakeLlm
from tests.unit.labelling.llm.asking import Asking


@pytest.fixture
def server() -> Iterator[FakeLlm]:
    with FakeLlm() as server:
        yield server


@pytest.fixture
def asking(server: FakeLlm) -> Asking:
    return Asking(server.base_url)
