"""What the pages' own tools say of them."""

import gzip
import re
from pathlib import Path

from tests.pages.conftest import FRONTEND
from tools.build_pages import Node

FIRST_LOAD_BYTES = 220_000


class TestComponents:
    def test_all_pass(self, node: Node):
        node.run("test", cwd=FRONTEND)


class TestTypes:
    def test_are_those_of_the_committed_document(self, node: Node, tmp_path: Path):
        made = tmp_path / "schema.d.ts"
        node.run("exec", "--", "openapi-typescript", "../docs/openapi.json", "-o", str(made), cwd=FRONTEND)
        committed = (FRONTEND / "src" / "api" / "schema.d.ts").read_text("utf-8")
        assert committed == made.read_text("utf-8"), "run `npm run types` in frontend/"


class TestFirstLoad:
    def test_stays_small(self, built_pages: Path):
        index = (built_pages / "index.html").read_text("utf-8")
        scripts = re.findall(r'(?:src|href)="(/assets/[^"]+\.js)"', index)
        home = list((built_pages / "assets").glob("home-*.js"))
        assert scripts
        assert home
        files = [built_pages / script[1:] for script in scripts] + home
        assert sum(len(gzip.compress(file.read_bytes(), 9)) for file in files) < FIRST_LOAD_BYTES

    def test_names_no_other_host(self, built_pages: Path):
        index = (built_pages / "index.html").read_text("utf-8")
        assert re.findall(r"https?://", index) == []
