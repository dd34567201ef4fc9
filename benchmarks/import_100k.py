"""How fast a file of 100,000 papers is imported, beside inserting papers one by one.

    .venv/bin/python -m benchmarks.import_100k [--papers N] [--file FILE]

Needs ``../shared/data/arxiv_scale_100k``, or another file. Everything is real: an embedded PostgreSQL with
``synchronous_commit=on``, the upload stored in it, the job run by the worker's own code. Rival: the same
papers, one INSERT and one commit each, the way a first version would do it, on the first 2,000 of them.
"""

import argparse
import hashlib
import resource
import shutil
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from uuid import UUID

from sqlalchemy import insert

from app.corpus.readers import read_papers
from app.db.ids import new_id
from app.db.migrate import upgrade
from app.db.session import Sessions, open_engine, open_sessions, transaction
from app.db.tables import PaperRow
from app.embedded.data_directory import open_data_directory
from app.embedded.postgres import Postgres
from app.services import imports, jobs
from app.services.corpora import add_corpus
from app.services.keys import add_workspace
from app.services.storing import hash_text
from app.workers.import_file import run_import_file
from app.workers.lease import holding
from benchmarks.machine import describe_machine

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "arxiv_scale_100k" / "papers.jsonl.xz"
N_SINGLE = 2000


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--file", type=Path, default=DATA)
    arguments = parser.parse_args()
    if not arguments.file.is_file():
        parser.error(f"{arguments.file} is not there")
    folder = Path(tempfile.mkdtemp(prefix="papertree-"))
    folder.chmod(0o711)
    try:
        with open_data_directory(folder / "data") as data:
            postgres = Postgres(data)
            postgres.start()
            upgrade(postgres.database_url)
            sessions = open_sessions(open_engine(postgres.database_url))
            measure(sessions, arguments.file, folder)
            sessions.kw["bind"].dispose()
            postgres.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure(sessions: Sessions, file: Path, folder: Path) -> None:
    print(describe_machine())
    with transaction(sessions) as session:
        workspace_id = add_workspace(session, name="benchmark")
        first = add_corpus(session, workspace_id=workspace_id, name="one by one").id
        corpus_id = add_corpus(session, workspace_id=workspace_id, name="import").id
    singly = N_SINGLE / insert_singly(sessions, file, workspace_id, first)
    upload_s, job_id = upload(sessions, file, workspace_id, corpus_id)
    started = time.perf_counter()
    with transaction(sessions) as session:
        claim = jobs.claim_job(session, job_id, lease_s=30)
    assert claim is not None
    with holding(sessions, claim, lease_s=30, stopping=lambda: False) as lease:
        run_import_file(sessions, lease, folder=folder / "reading")
    import_s = time.perf_counter() - started
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with sessions() as session:
        job = jobs.get_job(session, job_id, workspace_id=workspace_id)
    started = time.perf_counter()
    n_read = sum(1 for _ in read_papers(file))
    read_s = time.perf_counter() - started
    total = job.result["total"]
    adds_up = sum(job.result.values()) == 2 * total and total == n_read
    print(f"outcome: {job.state} {job.result}, adds up: {adds_up}")
    print(f"upload stored      {file.stat().st_size / 2**20:.1f} MiB in {upload_s:.2f} s")
    print(f"import             {total / import_s:,.0f} papers/s ({import_s:.1f} s)")
    print(f"worker's memory    {peak_mib:.0f} MiB at its peak")
    print(f"of which reading   {n_read / read_s:,.0f} papers/s alone")
    print(f"one by one         {singly:,.0f} papers/s (of {N_SINGLE})")
    print(f"ratio              {total / import_s / singly:.1f} times one by one")


def insert_singly(sessions: Sessions, file: Path, workspace_id: UUID, corpus_id: UUID) -> float:
    papers = [record.paper for record in islice(read_papers(file), N_SINGLE) if record.paper is not None]
    started = time.perf_counter()
    for paper in papers:
        values = {name: getattr(paper, name) for name in paper.__dataclass_fields__}
        values |= {
            "authors": list(paper.authors),
            "keywords": list(paper.keywords),
            "original": dict(paper.original),
        }
        values |= {"id": new_id(), "workspace_id": workspace_id, "corpus_id": corpus_id}
        with transaction(sessions) as session:
            session.execute(
                insert(PaperRow).values(text_hash=hash_text(paper.title, paper.abstract), **values)
            )
    return (time.perf_counter() - started) * N_SINGLE / len(papers)


def upload(sessions: Sessions, file: Path, workspace_id: UUID, corpus_id: UUID) -> tuple[float, UUID]:
    started = time.perf_counter()
    digest = hashlib.sha256(file.read_bytes()).digest()
    received = imports.ReceivedFile(file.name, chunks(file), file.stat().st_size, digest)
    with transaction(sessions) as session:
        job = imports.add_import(
            session, received, workspace_id=workspace_id, corpus_id=corpus_id, options={}
        )
    return time.perf_counter() - started, job.id


def chunks(file: Path) -> Iterator[bytes]:
    with file.open("rb") as stream:
        yield from iter(lambda: stream.read(imports.CHUNK_BYTES), b"")


if __name__ == "__main__":
    main()
