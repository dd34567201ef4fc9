import runpy
from pathlib import Path

from fastapi import FastAPI

TOOL = Path(__file__).resolve().parents[2] / "tools" / "write_openapi.py"


class TestDocument:
    def test_that_is_committed_is_current(self) -> None:
        tool = runpy.run_path(str(TOOL))
        assert tool["DOCUMENT"].read_text() == tool["render"](), "run `make openapi`"

    def test_describes_every_operation_and_its_problems(self, app: FastAPI) -> None:
        for path, operations in app.openapi()["paths"].items():
            for method, operation in operations.items():
                assert operation.get("description"), (method, path)
                assert "4XX" in operation["responses"], (method, path)
