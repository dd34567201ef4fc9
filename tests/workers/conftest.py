from pathlib import Path
from uuid import UUID

import pytest

from app.db.session import Sessions, transaction
from app.settings import Settings
from tests.factories import make_corpus


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_directory=tmp_path, lease_s=10)


@pytest.fixture
def corpus_id(sessions: Sessions, workspace_id: UUID) -> UUID:
    with transaction(sessions) as session:
        return make_corpus(session, workspace_id).id
