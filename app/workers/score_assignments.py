"""Learning from corrections: what else is doubtful, and where it more likely belongs."""

import numpy as np

from app.corrector.chances import MOST_PROPOSED, Chances, score_corpus
from app.corrector.evidence import COLUMNS
from app.corrector.ground import lay_ground
from app.corrector.review import ReviewQueue, queue_review
from app.corrector.scorer import VERSION, Scorer, Weights, fit_scorer
from app.db.session import Sessions, transaction
from app.hierarchy.tree import NO_TOPIC
from app.services.jobs import finish_job
from app.services.review import build_to_score
from app.services.scoring import Standing, load_standing, save_scores
from app.services.waiting_jobs import begin
from app.workers.failpoints import failpoint
from app.workers.lease import Lease
from app.workers.standing_neighbours import neighbours_of

FEWEST_PAPERS = 2
"""Where there is one paper alone there is nothing to compare it with."""


def run_score_assignments(sessions: Sessions, lease: Lease) -> None:
    """Learn from all that people said of a hierarchy, and score all its papers."""
    claim = lease.claim
    with transaction(sessions) as session:
        begin(session, claim)
    with transaction(sessions) as session:
        build_id = build_to_score(session, claim.arguments)
        if build_id is None:
            finish_job(session, claim, result={})
            return
        standing = load_standing(session, build_id)
    with transaction(sessions) as session:
        lease.save(session, "score", {}, 0, len(standing.papers))
    scored = (
        _score(sessions, standing, lease) if len(standing.papers) >= FEWEST_PAPERS else _nothing(standing)
    )
    with transaction(sessions) as session:
        result = save_scores(session, claim, standing, *scored)
        failpoint("score.before_finish")
        finish_job(session, claim, result=result)


def _score(sessions: Sessions, standing: Standing, lease: Lease) -> tuple[Scorer, Chances, ReviewQueue]:
    n_papers = len(standing.papers)
    neighbours = neighbours_of(sessions, lease, standing)
    ground = lay_ground(
        standing.vectors, neighbours, standing.parents, standing.assignments, standing.confidences
    )
    lease.check()
    scorer = fit_scorer(ground, standing.answers)
    lease.report(3 * n_papers // 4, n_papers)
    chances = score_corpus(scorer, ground, standing.answers)
    return scorer, chances, queue_review(ground, chances, standing.settled, standing.asked)


def _nothing(standing: Standing) -> tuple[Scorer, Chances, ReviewQueue]:
    n_papers, weights = len(standing.papers), Weights(0.0, (0.0,) * len(COLUMNS))
    none = np.zeros(n_papers, np.float32)
    numbers = np.arange(n_papers, dtype=np.int64)
    chances = Chances(
        numbers,
        standing.assignments,
        none,
        np.full((n_papers, MOST_PROPOSED), NO_TOPIC, dtype=np.int64),
        np.zeros((n_papers, MOST_PROPOSED), np.float32),
    )
    scorer = Scorer(VERSION, standing.answers.fingerprint(), 0, weights, weights)
    return scorer, chances, ReviewQueue(numbers[:0], none[:0], none[:0])
