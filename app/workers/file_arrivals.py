"""Filing papers that came after a build: embed, file, publish."""

from collections.abc import Callable
from dataclasses import asdict
from uuid import UUID

import numpy as np

from app.corrections.filing import Arriving
from app.corrector.arrivals import Arrivals, file_arrivals
from app.corrector.ground import MOST_NEIGHBOURS, lay_ground
from app.corrector.scorer import fit_scorer
from app.corrector.trust import Stand, file_trusted, learn_trust
from app.db.session import Sessions, transaction
from app.hierarchy.tree import NO_TOPIC
from app.index.embedder import Embedder
from app.index.exact import nearest_to
from app.services.arrivals import Newcomers, is_being_built, live_build_for, load_newcomers
from app.services.filing import Filing, publish_arrivals, tell_nothing
from app.services.hierarchies import get_hierarchy
from app.services.jobs import finish_job
from app.services.scoring import Standing, load_standing
from app.services.waiting_jobs import begin
from app.workers.embed_papers import embed_papers
from app.workers.failpoints import failpoint
from app.workers.lease import Lease
from app.workers.standing_neighbours import neighbours_of

SEED = 0
FEWEST_PAPERS = 2
"""With fewer papers that stand there is nothing to compare others with."""


def run_file_arrivals(sessions: Sessions, lease: Lease, *, open_embedder: Callable[[], Embedder]) -> None:
    """File the papers that a hierarchy does not know into its topics; all of them are there, or none.

    While the corpus is being built they are left to that: it asks again for what it does not know.
    """
    with transaction(sessions) as session:
        begin(session, lease.claim)
    if _is_left_to_a_build(sessions, lease):
        return
    embedder = open_embedder()
    while not _file_all(sessions, lease, embedder):
        lease.check()  # Another build went live meanwhile.
    failpoint("file.after_finish")


def _is_left_to_a_build(sessions: Sessions, lease: Lease) -> bool:
    claim = lease.claim
    with transaction(sessions) as session:
        if not is_being_built(session, claim.corpus_id):
            return False
        found = get_hierarchy(session, _hierarchy_id(lease), workspace_id=claim.workspace_id)
        finish_job(session, claim, result=tell_nothing(session, *found))
    return True


def _file_all(sessions: Sessions, lease: Lease, embedder: Embedder) -> bool:
    claim = lease.claim
    with sessions() as session:
        build = live_build_for(
            session, _hierarchy_id(lease), workspace_id=claim.workspace_id, model=embedder.model
        )
    embed_papers(sessions, lease, embedder)
    with sessions() as session:
        standing = load_standing(session, build.id)
        newcomers = load_newcomers(session, build, corpus_id=claim.corpus_id)
    n_new = len(newcomers.papers)
    with transaction(sessions) as session:
        lease.save(session, "file", {}, 0, n_new)
    failpoint("file.start")
    filing = _find_places(sessions, lease, standing, newcomers)
    with transaction(sessions) as session:
        lease.save(session, "publish", {}, 0, 1)
    failpoint("file.publish")
    with transaction(sessions) as session:
        result = publish_arrivals(session, claim, filing)
        failpoint("file.before_finish")
        if result is not None:
            finish_job(session, claim, result=result)
    return result is not None


def _find_places(sessions: Sessions, lease: Lease, standing: Standing, newcomers: Newcomers) -> Filing:
    n_new = len(newcomers.papers)
    if n_new == 0 or len(standing.papers) < FEWEST_PAPERS:
        arriving = [Arriving(paper, (), fitting=False) for paper in newcomers.papers]
        return Filing(standing.build_id, standing.version, arriving, {})
    stand = Stand(
        standing.vectors,
        neighbours_of(sessions, lease, standing),
        standing.parents,
        standing.assignments,
        standing.confidences,
    )
    lease.report(n_new // 4, n_new)
    trust = learn_trust(stand, standing.answers, seed=SEED)
    lease.report(n_new // 2, n_new)
    ground = lay_ground(stand.vectors, stand.neighbours, stand.parents, stand.assignments, stand.confidences)
    scorer = fit_scorer(ground, standing.answers)
    lease.report(3 * n_new // 4, n_new)
    nearest, _ = nearest_to(newcomers.vectors, standing.vectors, MOST_NEIGHBOURS)
    found = file_trusted(trust, file_arrivals(scorer, ground, standing.answers, newcomers.vectors, nearest))
    provenance = {"training": scorer.training, "scorer_version": scorer.version, "trust": asdict(trust)}
    return Filing(standing.build_id, standing.version, _arriving(standing, newcomers, found), provenance)


def _arriving(standing: Standing, newcomers: Newcomers, found: Arrivals) -> list[Arriving]:
    chances = found.chances.chances.astype(np.float64)
    chances[:, 0] = found.confidences
    rows = zip(newcomers.papers, found.chances.topics.tolist(), chances.tolist(), strict=True)
    return [
        Arriving(
            paper,
            tuple(
                (standing.topics[topic], chance)
                for topic, chance in zip(topics, sure, strict=True)
                if topic != NO_TOPIC
            ),
            fitting=bool(found.assignments[row] != NO_TOPIC),
        )
        for row, (paper, topics, sure) in enumerate(rows)
    ]


def _hierarchy_id(lease: Lease) -> UUID:
    return UUID(lease.claim.arguments["hierarchy_id"])
