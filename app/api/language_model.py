"""The language model: whether it is up to naming topics."""

import secrets
import threading
import time
from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from app.api.authentication import IdentityDep
from app.api.dependencies import LlmDep, OpenAskerDep
from app.errors import ConflictError
from app.labelling.llm.asking import LlmTimedOut
from app.labelling.probes import FIT_SHARE, FIT_SHARE_OF_A_KIND, Findings, Kind, check_model
from app.services.language_model import require_llm

router = APIRouter(prefix="/llm", tags=["language model"])

CHECK_LIMIT_S = 90.0
_one_at_a_time = threading.Lock()


class CheckRunning(ConflictError):
    """The model is being checked already; each check holds a thread of the web server."""

    slug = "check-running"
    title = "The language model is being checked"


class ProbeOut(BaseModel):
    """A question with a known answer; ``detail`` says why the model did not pass it."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    kind: Kind
    passed: bool
    detail: str


class CheckOut(BaseModel):
    """What the probes found: the model is up to naming topics, or it is not.

    It is when it passed ``needed`` of all, and of each kind ``needed_of_a_kind``, both as shares.
    """

    model: str
    verdict: Literal["fit", "unfit"]
    n_passed: int
    n_probes: int
    needed: float
    needed_of_a_kind: float
    probes: list[ProbeOut]


@router.post("/check")
def post_check(identity: IdentityDep, configuration: LlmDep, open_asker: OpenAskerDep) -> CheckOut:
    """Put about twenty small questions with known answers to the configured language model.

    Answered within 90 seconds: what the model has not answered by then, it has not passed. Costs what the
    questions cost, about 10,000 tokens.
    """
    require_llm(is_configured=configuration is not None)
    give_up = time.monotonic() + CHECK_LIMIT_S

    def still_wanted() -> None:
        if time.monotonic() > give_up:
            raise LlmTimedOut(f"The check ends after {CHECK_LIMIT_S:.0f} seconds.")

    asker = open_asker(workspace_id=identity.workspace_id, job_id=None, still_wanted=still_wanted)
    assert asker is not None  # noqa: S101 - One is configured.
    assert configuration is not None  # noqa: S101 - The same.
    if not _one_at_a_time.acquire(blocking=False):
        raise CheckRunning("Somebody else has just asked for it; ask again in a minute.")
    try:
        return _shown(configuration.model, check_model(asker, seed=secrets.randbits(32)))
    finally:
        _one_at_a_time.release()


def _shown(model: str, findings: Findings) -> CheckOut:
    return CheckOut(
        model=model,
        verdict="fit" if findings.is_fit else "unfit",
        n_passed=findings.n_passed,
        n_probes=len(findings.items),
        needed=FIT_SHARE,
        needed_of_a_kind=FIT_SHARE_OF_A_KIND,
        probes=[ProbeOut.model_validate(own) for own in findings.items],
    )
