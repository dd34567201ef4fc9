"""Ways of the reader tests: write a file, read it back."""

from pathlib import Path

from app.corpus.paper import Paper
from app.corpus.readers import Record, read_papers

TELLING_TITLE = "Hedgerows and the wild bees of farmland"


def write(folder: Path, content: str | bytes, *, encoding: str = "utf-8") -> Path:
    path = folder / "upload"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def read(folder: Path, content: str | bytes, **options: object) -> list[Record]:
    records = list(read_papers(write(folder, content), **options))  # type: ignore[arg-type]
    assert [record.number for record in records] == list(range(1, len(records) + 1))
    assert all((record.paper is None) != (record.rejected is None) for record in records)
    return records


def papers(records: list[Record]) -> list[Paper]:
    return [record.paper for record in records if record.paper is not None]


def titles(records: list[Record]) -> list[str]:
    return [paper.title for paper in papers(records)]


def rejected(records: list[Record]) -> list[tuple[int, str]]:
    return [(record.line, record.rejected) for record in records if record.rejected is not None]
