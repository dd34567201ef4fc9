"""Laying the papers of a build out on a map; a job of its own, so that no build waits for it."""

from app.db.session import Sessions, transaction
from app.index.layout import lay_out
from app.index.neighbours import find_neighbours
from app.services.jobs import finish_job
from app.services.map_making import load_papers, save_map
from app.workers.failpoints import failpoint
from app.workers.lease import Lease

N_NEIGHBOURS = 15
SEED = 0


def run_lay_out_map(sessions: Sessions, lease: Lease) -> None:
    """Lay out the papers of the build a job names; the same papers always lie the same way."""
    with sessions() as session:
        papers, vectors = load_papers(session, lease.claim)
    n_papers = len(papers)
    with transaction(sessions) as session:
        lease.save(session, "lay_out", {}, 0, n_papers)
    # Finding neighbours takes about a third of the time.
    neighbours = find_neighbours(
        vectors, N_NEIGHBOURS, seed=SEED, progress=lambda done, _: lease.report(done // 3, n_papers)
    )
    places = lay_out(
        vectors,
        neighbours,
        seed=SEED,
        progress=lambda done, total: lease.report(n_papers * (total + 2 * done) // (3 * total), n_papers),
    )
    with transaction(sessions) as session:
        result = save_map(session, lease.claim, papers, places)
        failpoint("map.before_finish")
        finish_job(session, lease.claim, result=result)
