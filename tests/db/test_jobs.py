from uuid import UUID

import pytest
from sqlalchemy import text

from app.db.session import Sessions, transaction
from app.services import jobs
from tests.factories import make_corpus


@pytest.fixture
def job_id(sessions: Sessions, workspace_id: UUID) -> UUID:
    with transaction(sessions) as session:
        corpus = make_corpus(session, workspace_id)
        return jobs.add_job(
            session, workspace_id=workspace_id, corpus_id=corpus.id, kind="test", arguments={"a": 1}
        ).id


def claim(sessions: Sessions, job_id: UUID, lease_s: float = 30) -> jobs.Claim:
    with transaction(sessions) as session:
        claimed = jobs.claim_job(session, job_id, lease_s=lease_s)
    assert claimed is not None
    return claimed


def expire(sessions: Sessions, job_id: UUID) -> None:
    with transaction(sessions) as session:
        session.execute(
            text("UPDATE job SET lease_until = clock_timestamp() - interval '1 s' WHERE id = :id"),
            {"id": job_id},
        )


def save(sessions: Sessions, held: jobs.Claim, done: int = 1) -> None:
    with transaction(sessions) as session:
        jobs.save_checkpoint(session, held, stage="s", checkpoint={"done": done}, done=done, total=10)


class TestAddJob:
    def test_makes_one_job_of_the_same_open_work(self, sessions: Sessions, workspace_id: UUID) -> None:
        with transaction(sessions) as session:
            corpus = make_corpus(session, workspace_id)
            asked = [
                jobs.add_job(
                    session,
                    workspace_id=workspace_id,
                    corpus_id=corpus.id,
                    kind="test",
                    arguments={},
                    same_work="x",
                ).id
                for _ in range(2)
            ]
        assert asked[0] == asked[1]

    def test_makes_a_new_job_when_the_same_work_is_over(self, sessions: Sessions, workspace_id: UUID) -> None:
        ask = {"workspace_id": workspace_id, "kind": "test", "arguments": {}, "same_work": "x"}
        with transaction(sessions) as session:
            corpus = make_corpus(session, workspace_id)
            first = jobs.add_job(session, corpus_id=corpus.id, **ask).id
            jobs.request_cancel(session, first, workspace_id=workspace_id)
            assert jobs.add_job(session, corpus_id=corpus.id, **ask).id != first


class TestClaimJob:
    def test_gives_a_job_to_one_worker_only(self, sessions: Sessions, job_id: UUID) -> None:
        claim(sessions, job_id)
        with transaction(sessions) as session:
            assert jobs.claim_job(session, job_id, lease_s=30) is None

    def test_does_nothing_for_a_job_that_is_over_or_unknown(self, sessions: Sessions, job_id: UUID) -> None:
        held = claim(sessions, job_id)
        with transaction(sessions) as session:
            jobs.finish_job(session, held, result={})
        with transaction(sessions) as session:
            assert jobs.claim_job(session, job_id, lease_s=30) is None
            assert jobs.claim_job(session, UUID(int=1), lease_s=30) is None

    def test_goes_on_from_the_checkpoint_of_a_worker_that_died(
        self, sessions: Sessions, job_id: UUID
    ) -> None:
        save(sessions, claim(sessions, job_id), done=4)
        expire(sessions, job_id)
        held = claim(sessions, job_id)
        assert (held.stage, held.checkpoint) == ("s", {"done": 4})

    def test_fails_a_job_that_dies_thrice_at_the_same_place(
        self, sessions: Sessions, workspace_id: UUID, job_id: UUID
    ) -> None:
        for _ in range(jobs.MAX_ATTEMPTS):
            claim(sessions, job_id)
            expire(sessions, job_id)
        with transaction(sessions) as session:
            assert jobs.claim_job(session, job_id, lease_s=30) is None
        with sessions() as session:
            job = jobs.get_job(session, job_id, workspace_id=workspace_id)
        assert job.state == "failed"
        assert job.problem is not None
        assert job.problem["type"].endswith("job-keeps-crashing")

    def test_lets_a_job_die_often_as_long_as_it_gets_further(self, sessions: Sessions, job_id: UUID) -> None:
        for done in range(3 * jobs.MAX_ATTEMPTS):
            save(sessions, claim(sessions, job_id), done=done)
            expire(sessions, job_id)
        assert claim(sessions, job_id).checkpoint["done"] == 3 * jobs.MAX_ATTEMPTS - 1


class TestSaveProgress:
    def test_moves_the_counts_and_leaves_the_checkpoint(
        self, sessions: Sessions, workspace_id: UUID, job_id: UUID
    ) -> None:
        held = claim(sessions, job_id)
        save(sessions, held, 1)
        with transaction(sessions) as session:
            jobs.save_progress(session, held, done=4, total=20)
        with sessions() as session:
            job = jobs.get_job(session, job_id, workspace_id=workspace_id)
            last = jobs.events_after(session, job_id, 0)[-1]
        assert (job.stage, job.done, job.total, job.checkpoint) == ("s", 4, 20, {"done": 1})
        assert (last.kind, last.data["done"], last.data["total"]) == ("progress", 4, 20)
        assert last.data["seconds_left"] > 0

    def test_does_not_count_as_getting_further(
        self, sessions: Sessions, workspace_id: UUID, job_id: UUID
    ) -> None:
        for _ in range(jobs.MAX_ATTEMPTS):
            held = claim(sessions, job_id)
            with transaction(sessions) as session:
                jobs.save_progress(session, held, done=4, total=20)
            expire(sessions, job_id)
        with transaction(sessions) as session:
            assert jobs.claim_job(session, job_id, lease_s=30) is None
        with sessions() as session:
            assert jobs.get_job(session, job_id, workspace_id=workspace_id).state == "failed"

    def test_starts_to_reckon_anew_when_a_stage_is_done_again(self, sessions: Sessions, job_id: UUID) -> None:
        held = claim(sessions, job_id)
        save(sessions, held, 0)
        with transaction(sessions) as session:
            jobs.save_progress(session, held, done=8, total=10)
        expire(sessions, job_id)
        held = claim(sessions, job_id)
        save(sessions, held, 0)
        save(sessions, held, 2)
        with sessions() as session:
            assert jobs.events_after(session, job_id, 0)[-1].data["seconds_left"] > 0

    def test_stops_a_worker_whose_job_was_cancelled(
        self, sessions: Sessions, workspace_id: UUID, job_id: UUID
    ) -> None:
        held = claim(sessions, job_id)
        with transaction(sessions) as session:
            jobs.request_cancel(session, job_id, workspace_id=workspace_id)
        with pytest.raises(jobs.JobCancelled), transaction(sessions) as session:
            jobs.save_progress(session, held, done=1, total=2)


class TestFence:
    def test_rejects_every_write_of_a_worker_that_was_replaced(
        self, sessions: Sessions, job_id: UUID
    ) -> None:
        zombie = claim(sessions, job_id)
        expire(sessions, job_id)
        claim(sessions, job_id)
        with pytest.raises(jobs.LeaseLost):
            save(sessions, zombie)
        with pytest.raises(jobs.LeaseLost), transaction(sessions) as session:
            jobs.finish_job(session, zombie, result={})
        with pytest.raises(jobs.LeaseLost), transaction(sessions) as session:
            jobs.save_progress(session, zombie, done=1, total=2)
        with pytest.raises(jobs.LeaseLost), transaction(sessions) as session:
            jobs.renew_lease(session, zombie, lease_s=30)


class TestCancel:
    def test_ends_a_queued_job_at_once(self, sessions: Sessions, workspace_id: UUID, job_id: UUID) -> None:
        with transaction(sessions) as session:
            job = jobs.request_cancel(session, job_id, workspace_id=workspace_id)
        assert job.state == "cancelled"

    def test_stops_a_running_job_at_its_next_checkpoint(
        self, sessions: Sessions, workspace_id: UUID, job_id: UUID
    ) -> None:
        held = claim(sessions, job_id)
        with transaction(sessions) as session:
            assert jobs.request_cancel(session, job_id, workspace_id=workspace_id).state == "running"
        with pytest.raises(jobs.JobCancelled):
            save(sessions, held)

    def test_leaves_a_finished_job_as_it_is(
        self, sessions: Sessions, workspace_id: UUID, job_id: UUID
    ) -> None:
        held = claim(sessions, job_id)
        with transaction(sessions) as session:
            jobs.finish_job(session, held, result={"n": 1})
        with transaction(sessions) as session:
            assert jobs.request_cancel(session, job_id, workspace_id=workspace_id).state == "succeeded"

    def test_ends_a_job_whose_worker_is_gone(
        self, sessions: Sessions, workspace_id: UUID, job_id: UUID
    ) -> None:
        claim(sessions, job_id)
        expire(sessions, job_id)
        with transaction(sessions) as session:
            assert jobs.request_cancel(session, job_id, workspace_id=workspace_id).state == "cancelled"


class TestEvents:
    def test_are_numbered_without_gaps_and_end_with_the_end(self, sessions: Sessions, job_id: UUID) -> None:
        held = claim(sessions, job_id)
        save(sessions, held, 3)
        with transaction(sessions) as session:
            jobs.finish_job(session, held, result={"n": 1})
        with sessions() as session:
            events = jobs.events_after(session, job_id, 0)
        assert [event.seq for event in events] == [1, 2, 3, 4]
        assert [event.data["state"] for event in events] == ["queued", "running", "running", "succeeded"]
        assert events[-1].data["result"] == {"n": 1}

    def test_tell_the_seconds_left_once_something_is_done(self, sessions: Sessions, job_id: UUID) -> None:
        held = claim(sessions, job_id)
        save(sessions, held, 0)
        save(sessions, held, 5)
        with sessions() as session:
            last = jobs.events_after(session, job_id, 0)[-1]
        assert last.data["seconds_left"] > 0


class TestJobsToRing:
    def test_rings_for_what_nobody_took_but_not_all_the_time(self, sessions: Sessions, job_id: UUID) -> None:
        with transaction(sessions) as session:
            assert job_id in jobs.jobs_to_ring(session, quiet_s=60, limit=10_000)
        with transaction(sessions) as session:
            assert job_id not in jobs.jobs_to_ring(session, quiet_s=60, limit=10_000)
        with transaction(sessions) as session:
            assert job_id in jobs.jobs_to_ring(session, quiet_s=0, limit=10_000)

    def test_rings_for_a_lease_that_ran_out(self, sessions: Sessions, job_id: UUID) -> None:
        claim(sessions, job_id)
        with transaction(sessions) as session:
            assert job_id not in jobs.jobs_to_ring(session, quiet_s=0, limit=10_000)
        expire(sessions, job_id)
        with transaction(sessions) as session:
            assert job_id in jobs.jobs_to_ring(session, quiet_s=0, limit=10_000)
