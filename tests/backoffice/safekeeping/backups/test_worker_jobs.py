"""The worker's part: the automatic copy at its hour, what was asked for, what is warned of."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from backoffice.accounts.models import AuditEvent, User
from backoffice.common import worker
from backoffice.common.errors import DomainError
from backoffice.common.models import Job
from backoffice.common.services import jobs
from backoffice.customers.models import Customer
from backoffice.operations.models import BotControl
from backoffice.operations.services import change_mode
from backoffice.safekeeping import services
from backoffice.safekeeping.alarms import alarms
from backoffice.safekeeping.backups import archive, folder, making, status
from backoffice.safekeeping.backups.manifest import Kind
from backoffice.safekeeping.backups.status import Restoration
from backoffice.safekeeping.models import BackupSettings
from backoffice.safekeeping.schedule import next_due
from tests.backoffice.safekeeping.backups.copies import kept

pytestmark = pytest.mark.django_db
MENDOZA = ZoneInfo("America/Argentina/Mendoza")


@pytest.fixture(autouse=True)
def place(settings, tmp_path):
    settings.BACKUP_DIR = tmp_path / "copias"
    return settings.BACKUP_DIR


@pytest.fixture
def ana() -> User:
    return User.objects.create_user("ana", first_name="Ana", last_name="Pérez", is_staff=True)


@pytest.mark.once
@pytest.mark.parametrize(
    ("frequency", "after", "due"),
    [
        ("diario", "2026-11-30 02:59", "2026-11-30 03:00"),
        ("diario", "2026-11-30 03:00", "2026-12-01 03:00"),
        ("semanal", "2026-11-30 12:00", "2026-12-06 03:00"),
        ("mensual", "2026-11-30 12:00", "2026-12-01 03:00"),
        ("mensual", "2026-12-01 03:00", "2027-01-01 03:00"),
        ("apagado", "2026-11-30 12:00", ""),
    ],
)
def test_when_the_next_one_is_due(frequency, after, due):
    moment = datetime.fromisoformat(after).replace(tzinfo=MENDOZA)
    wanted = datetime.fromisoformat(due).replace(tzinfo=MENDOZA) if due else None
    assert next_due(frequency, time(3), moment, MENDOZA) == wanted


def test_the_automatic_one_waits_for_its_hour_once_and_again_when_it_was_made(ana):
    now = timezone.now()
    job = services.plan_backup(now=now)
    assert now < job.not_before <= now + timedelta(days=1)
    assert services.plan_backup(now=now) is None
    chosen = BackupSettings.load()
    chosen.frequency = chosen.Frequency.OFF
    services.save_backup_settings(settings=chosen, by=ana)
    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED
    assert services.plan_backup(now=now) is None


def test_the_job_makes_a_copy_that_is_whole_and_lets_the_oldest_go(ana):
    BackupSettings.load()
    BackupSettings.objects.get().save()
    for number in range(1, 4):
        kept(f"mostrador-{number}.tar", timezone.now() - timedelta(days=number))
    chosen = BackupSettings.load()
    chosen.keep = 2
    chosen.save()
    job = services.plan_backup(now=timezone.now())
    Job.objects.filter(pk=job.pk).update(not_before=timezone.now())
    worker.work()
    job.refresh_from_db()
    assert (job.state, job.error) == ("done", "")
    newest = folder.copies()[0]
    assert newest.manifest.kind == Kind.AUTOMATIC
    assert newest.check is not None
    assert newest.path.stat().st_mode & 0o077 == 0, "nobody else of the machine reads it"
    assert [copy.name for copy in folder.copies()[1:]] == ["mostrador-1.tar"]


def test_somebody_asks_for_one_and_a_second_time_is_told_that_it_is_being_made(ana):
    services.ask_backup(by=ana)
    with pytest.raises(DomainError, match="Ya se está haciendo"):
        services.ask_backup(by=ana)
    worker.work()
    assert folder.copies()[0].manifest.by == "Ana Pérez"
    assert AuditEvent.objects.filter(text="Pidió una copia de seguridad", who=ana).exists()


def test_a_job_that_somebody_cancelled_leaves_nothing(ana, monkeypatch):
    job = services.ask_backup(by=ana)
    monkeypatch.setattr("backoffice.safekeeping.tasks.backups.EACH", 0.0)

    def cancelled(*args, **more):
        jobs.cancel(job=job)
        return archive.files_under(*args, **more)

    monkeypatch.setattr(making.archive, "files_under", cancelled)
    worker.work()
    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED
    assert folder.copies() == []
    assert [one.name for one in folder.folder().iterdir()] == [".en-uso"]


def test_what_cannot_be_done_is_told_and_not_tried_again(ana, monkeypatch):
    job = services.ask_backup(by=ana)
    monkeypatch.setattr(making, "SPARE", 2**60)
    worker.work()
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert "No hay lugar" in job.error


def test_a_copy_is_read_again_when_asked(ana):
    copy = kept("mostrador-1.tar")
    services.ask_check(copy=copy, by=ana)
    worker.work()
    assert folder.find(copy.name).is_good
    data = copy.path.read_bytes()
    place = data.rindex(b"rows")
    copy.path.write_bytes(data[:place] + b"?" + data[place + 1 :])
    services.ask_check(copy=copy, by=ana)
    worker.work()
    assert "la base de datos no es la que se guardó" in folder.find(copy.name).problem
    assert folder.newest_good() is None


def test_a_restoration_is_asked_for_with_the_word(ana):
    copy = kept("mostrador-1.tar")
    with pytest.raises(DomainError) as refused:
        services.ask_restore(copy=copy, word="dale", by=ana)
    assert refused.value.field == "palabra"
    assert services.ask_restore(copy=copy, word=" restaurar ", by=ana).state == Job.State.PENDING
    with pytest.raises(DomainError, match="Ya se está restaurando"):
        services.ask_restore(copy=copy, word="RESTAURAR", by=ana)


def test_a_restoration_that_was_cut_is_not_begun_again_by_itself(ana, monkeypatch):
    copy = kept("mostrador-1.tar")
    job = services.ask_restore(copy=copy, word="RESTAURAR", by=ana)
    status.write(Restoration(job.payload["token"], copy.name, "Ana", timezone.now(), state="running"))
    Job.objects.filter(pk=job.pk).update(payload=job.payload | {"begun": True})
    monkeypatch.setattr("backoffice.safekeeping.tasks.backups.put_back", lambda *_: pytest.fail("it was begun again"))
    worker.work()
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert status.read().state == "failed"
    assert "No se cambió nada" in status.read().error


def test_the_only_good_copy_is_not_removed(ana):
    first = kept("mostrador-1.tar")
    with pytest.raises(DomainError, match="única copia buena"):
        services.remove_backup(copy=first, by=ana)
    kept("mostrador-2.tar")
    services.remove_backup(copy=first, by=ana)
    assert AuditEvent.objects.filter(text="Borró la copia de seguridad mostrador-1.tar").exists()


@pytest.mark.once
def test_what_is_warned_of(ana, settings):
    now = timezone.now()
    settings.DEMO = False
    assert alarms(now) == []
    Customer.objects.create(code="1", name="María")
    assert [one.text for one in alarms(now)] == ["Todavía no hay ninguna copia de seguridad."]
    kept("mostrador-1.tar", now - timedelta(hours=25))
    assert alarms(now) == []
    assert [(one.tone, one.text) for one in alarms(now + timedelta(days=2))] == [
        ("bad", "La última copia de seguridad buena es de hace 3 días.")
    ]
    chosen = BackupSettings.load()
    chosen.frequency = chosen.Frequency.OFF
    chosen.save()
    assert [one.text for one in alarms(now)] == ["Las copias de seguridad automáticas están apagadas."]


@pytest.mark.once
def test_the_bot_that_a_restoration_stopped_is_told_until_somebody_starts_it(ana):
    change_mode(mode=BotControl.Mode.STOPPED, by=None)
    asked = status.write(Restoration("t", "mostrador-1.tar", "Ana", timezone.now()))
    status.ended(asked, "done")
    assert [one.url_name for one in alarms(timezone.now())] == ["panel_tools"]
    change_mode(mode=BotControl.Mode.FULL, by=ana)
    assert alarms(timezone.now()) == []
