"""Whether this process lives, and whether it can do its work."""

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy import text

from app.api.dependencies import SessionDep

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """All is well."""

    status: str = "ok"


@router.get("/healthz", openapi_extra={"security": []})
async def get_health() -> Health:
    """Tell that this process answers; it asks nothing else."""
    return Health()


@router.get("/readyz", openapi_extra={"security": []})
def get_readiness(session: SessionDep) -> Health:
    """Tell that the database answers too; 503 while it does not."""
    session.execute(text("SELECT 1"))
    return Health()
