"""Neighbours of the papers of a hierarchy as it stands: kept with its build, else found."""

import numpy as np

from app.db.session import Sessions
from app.hierarchy.tree import Indices
from app.index.exact import nearest_to
from app.index.neighbours import find_neighbours
from app.services.kept_trees import KEPT_NEIGHBOURS, load_neighbours
from app.services.scoring import Standing
from app.workers.lease import Lease

SEED = 0


def neighbours_of(sessions: Sessions, lease: Lease, standing: Standing) -> Indices:
    """Give the nearest neighbours of each paper, shape (n_papers, at most `KEPT_NEIGHBOURS`), int64.

    Of papers that came after the build they are found among all; those of the others stay as they were then.
    """
    n_papers = len(standing.papers)
    with sessions() as session:
        kept = load_neighbours(session, standing.build_id, standing.papers)
    if kept is None:
        found, _ = find_neighbours(
            standing.vectors,
            KEPT_NEIGHBOURS,
            seed=SEED,
            progress=lambda done, _: lease.report(done // 2, n_papers),
        )
        return found
    later, k = np.arange(len(kept), n_papers), kept.shape[1]
    nearest, _ = nearest_to(standing.vectors[later], standing.vectors, k + 1)
    others = np.argsort(
        nearest == later[:, None], axis=1, kind="stable"
    )  # Itself goes last, and is left out.
    return np.concatenate([kept, np.take_along_axis(nearest, others, axis=1)[:, :k]])
