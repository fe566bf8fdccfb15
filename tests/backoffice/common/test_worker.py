"""Long work in pieces: what is done stays done, what fails waits, and nobody does the same piece twice."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.utils import timezone

from backoffice.common import prepare, tasks, worker
from backoffice.common.errors import DomainError
from backoffice.common.models import Activity, Job, SeedMark
from backoffice.common.services import jobs
from integrations.errors import Rejected, Throttled, Unavailable

pytestmark = pytest.mark.django_db
KIND = "counting"


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """A kind of job that writes a mark each piece, up to three, after what a test has it do first."""

    def does(
        first: Callable[[Job], None] = lambda job: None, failed: worker.Gone | None = None, rests: bool = False
    ) -> None:
        def piece(job: Job) -> bool:
            first(job)
            done = job.payload.get("done", 0) + 1
            with transaction.atomic():
                SeedMark.objects.create(key=f"piece {done}", digest="-")
                job.payload["done"] = done
                jobs.advance(job=job)
            return done < 3

        monkeypatch.setitem(worker.kinds(), KIND, worker.Kind(KIND, "Contar", piece, jobs.LEASE, failed, rests))

    return does


def marks() -> list[str]:
    return sorted(SeedMark.objects.filter(key__startswith="piece").values_list("key", flat=True))


def later(job: Job, **wait: int) -> None:
    Job.objects.filter(pk=job.pk).update(not_before=timezone.now() - timedelta(**wait))


def test_a_job_is_done_piece_by_piece_to_its_end(counting):
    counting()
    job = worker.start(kind=KIND)
    assert worker.work() is False
    job.refresh_from_db()
    assert (job.state, job.payload, job.error) == ("done", {"done": 3}, "")
    assert marks() == ["piece 1", "piece 2", "piece 3"]


def test_a_task_lets_others_in_and_the_next_one_goes_on(counting):
    counting()
    job = worker.start(kind=KIND)
    assert worker.work(seconds=0) is True
    job.refresh_from_db()
    assert (job.state, job.payload) == ("pending", {"done": 1})
    assert worker.work() is False
    assert marks() == ["piece 1", "piece 2", "piece 3"]


def test_one_that_is_in_nobody_s_way_rests_twice_as_long_as_it_works(counting, monkeypatch):
    clock, rested = [0.0], []

    def takes_three_seconds(job: Job) -> None:
        clock[0] += 3

    monkeypatch.setattr(worker, "time", SimpleNamespace(monotonic=lambda: clock[0], sleep=rested.append))
    counting(takes_three_seconds, rests=True)
    worker.start(kind=KIND)
    assert worker.work() is False
    assert rested == [6, 6]
    assert marks() == ["piece 1", "piece 2", "piece 3"]


def test_a_process_that_dies_leaves_what_it_did_and_another_goes_on_when_its_time_is_over(counting):
    def dies(job: Job) -> None:
        if job.payload.get("done") == 1 and not job.payload.get("again"):
            raise KeyboardInterrupt

    counting(dies)
    job = worker.start(kind=KIND)
    with pytest.raises(KeyboardInterrupt):
        worker.work()
    assert worker.work() is False, "it is still held"
    assert marks() == ["piece 1"]
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now(), payload={"done": 1, "again": True})
    worker.work()
    assert marks() == ["piece 1", "piece 2", "piece 3"]


def test_what_a_process_did_after_it_was_taken_for_dead_is_not_kept(counting):
    counting(lambda job: Job.objects.filter(pk=job.pk, payload={}).update(token="of-another"))
    worker.start(kind=KIND)
    worker.work()
    assert marks() == []


def test_a_cancelled_job_stops_at_its_next_piece(counting):
    counting(lambda job: jobs.cancel(job=job) if job.payload.get("done") == 1 else None)
    job = worker.start(kind=KIND)
    worker.work()
    job.refresh_from_db()
    assert (job.state, marks()) == ("cancelled", ["piece 1"])
    assert jobs.cancel(job=job) is False


@pytest.mark.parametrize(
    ("error", "told", "least"),
    [
        (Unavailable(), Unavailable.staff_text, 9),
        (Throttled(after=timedelta(minutes=9)), Throttled.staff_text, 530),
        (ZeroDivisionError(), worker.FAULT, 9),
    ],
)
def test_what_waiting_may_mend_is_tried_again_and_given_up_in_the_end(counting, error, told, least):
    given_up: list[str] = []

    def fails(job: Job) -> None:
        job.payload["spoilt"] = True
        raise error

    counting(fails, failed=lambda job, text: given_up.append(text))
    job = worker.start(kind=KIND)
    worker.work()
    job.refresh_from_db()
    assert (job.state, job.attempts, job.error, job.payload) == ("pending", 1, told, {})
    assert job.not_before > timezone.now() + timedelta(seconds=least)
    for _ in range(worker.TRIES - 1):
        later(job, seconds=1)
        worker.work()
    job.refresh_from_db()
    assert (job.state, given_up) == ("failed", [told])
    assert Activity.objects.get(kind="error").text == f"Falló la tarea «Contar»: {told}"


@pytest.mark.parametrize(("error", "told"), [(DomainError("No hay lugar."), "No hay lugar."), (Rejected(), None)])
def test_a_refusal_is_final(counting, error, told):
    def refuses(job: Job) -> None:
        raise error

    counting(refuses)
    job = worker.start(kind=KIND)
    worker.work()
    job.refresh_from_db()
    assert (job.state, job.error) == ("failed", told or Rejected.staff_text)


def test_a_piece_that_works_forgives_the_failures_before_it(counting):
    def stumbles(job: Job) -> None:
        if not job.payload.get("stood_up"):
            Job.objects.filter(pk=job.pk).update(payload=job.payload | {"stood_up": True})
            raise Unavailable

    counting(stumbles)
    job = worker.start(kind=KIND)
    worker.work()
    later(job, seconds=1)
    worker.work()
    job.refresh_from_db()
    assert (job.state, job.attempts, job.error) == ("done", 0, "")


def test_jobs_of_a_number_are_not_the_workers_and_unknown_ones_say_so(counting):
    counting()
    of_a_number = jobs.enqueue(kind=KIND, owner="channel:3")
    unknown = worker.start(kind="of-a-newer-version")
    worker.work()
    of_a_number.refresh_from_db(), unknown.refresh_from_db()
    assert of_a_number.state == "pending"
    assert (unknown.state, unknown.error) == ("failed", "Nadie sabe hacer «of-a-newer-version».")


def test_each_minute_every_routine_is_asked_though_one_fails(monkeypatch, caplog):
    asked: list[str] = []

    def broken(now):
        raise ZeroDivisionError

    monkeypatch.setattr(worker, "_ROUTINES", [broken, lambda now: asked.append("the other")])
    tasks.sweep()
    assert asked == ["the other"]
    assert "broken failed" in caplog.text


def test_django_q_is_asked_to_sweep_each_minute_and_only_once():
    from django_q.models import Schedule

    Schedule.objects.filter(name="sweep").delete()
    prepare.prepare()
    prepare.prepare()
    assert Schedule.objects.filter(func=prepare.SWEEP).count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_worker_is_told_when_the_transaction_is_kept(counting, monkeypatch):
    told: list[str] = []
    monkeypatch.setattr("django_q.tasks.async_task", lambda name, **options: told.append(name))
    counting()
    with transaction.atomic():
        worker.start(kind=KIND)
        assert told == []
    assert told == ["backoffice.common.tasks.work"]
