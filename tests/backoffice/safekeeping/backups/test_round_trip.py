"""What is put back is what was copied, by count and by content; and nothing of then is sent again (SC-42)."""

import os
import shutil
import signal
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.utils import timezone

from backoffice.accounts import audit
from backoffice.accounts.models import AuditEvent, StaffSession, User
from backoffice.common import worker
from backoffice.common.errors import DomainError
from backoffice.common.models import ConfigRevision, Job
from backoffice.company.models import Company
from backoffice.conversations.models import Contact, InboxEvent, Lane, Message
from backoffice.customers.models import Customer
from backoffice.notices.models import GatewayNotice
from backoffice.operations.models import BotControl, Heartbeat
from backoffice.safekeeping.backups import archive, engines, folder, making, restoring, sqlite, status
from backoffice.safekeeping.backups.folder import Copy
from backoffice.safekeeping.backups.manifest import Damaged, Kind, Manifest, Media
from backoffice.safekeeping.backups.progress import silent
from backoffice.safekeeping.backups.status import Restoration
from backoffice.safekeeping.models import BackupSettings
from backoffice.safekeeping.services import ask_restore
from backoffice.safekeeping.tasks import backups as tasks
from backoffice.safekeeping.tasks.backups import put_back
from tests.backoffice.safekeeping.backups.conftest import Installed

pytestmark = pytest.mark.flow
New = Callable[[], Installed]


def untouched(manifest: Manifest, revision: int) -> tuple[str, ...]:
    return ()


def copied() -> Copy:
    return making.make(kind=Kind.MANUAL)


def restored(copy: Copy) -> restoring.Restored:
    return put_back(copy, status.write(Restoration("token", copy.name, "Ana", timezone.now())))


def test_in_an_empty_system_everything_is_equal_by_count_and_content(original, new_installation: New):
    with new_installation().here():
        done = restoring.restore(original.path, untouched)
        assert done.safety == ""
        again = copied()
    assert again.manifest.tables == original.manifest.tables
    assert again.manifest.migrations == original.manifest.migrations
    assert again.manifest.media == original.manifest.media
    assert again.manifest.media.count > 5
    counts = {name: count for name, (count, _) in again.manifest.tables.items()}
    for table in ("tickets_ticket", "tickets_ticketevent", "agents_agent", "accounts_user", "conversations_media"):
        assert counts[table] > 0, table


def test_the_files_that_are_there_stay_and_the_rest_comes_back(original, new_installation: New):
    there = new_installation()
    with there.here():
        there.media.mkdir()
        (there.media / "de-ahora.txt").write_text("hola")
        restoring.restore(original.path, untouched)
        assert (there.media / "de-ahora.txt").read_text() == "hola"
        assert len(list(archive.files_under(there.media))) == original.manifest.media.count + 1


def test_nothing_that_waited_is_sent_again_and_everybody_starts_anew(original, new_installation: New):
    with new_installation().here():
        restoring.restore(original.path, untouched)
        waiting = _everything_waits()
        copy = copied()
        Contact.objects.update(name="Otro")
        later = Message.objects.create(
            conversation=waiting.message.conversation, channel=waiting.message.channel, direction="out", author="bot",
            status="sent",
        )  # fmt: skip
        ConfigRevision.objects.update(number=900)
        audit.note(audit.Kind.DELETED, "Anonimizó al contacto 7: La persona lo pidió", about="contacto 7")
        done = restored(copy)
        assert not Contact.objects.filter(name="Otro").exists()
        message = Message.objects.get(pk=waiting.message.pk)
        assert (message.status, "puede que ya haya salido" in message.error) == ("uncertain", True)
        assert not Message.objects.filter(status__in=["queued", "sending"], due_at__isnull=False).exists()
        assert GatewayNotice.objects.get(pk=waiting.notice.pk).state == "cancelled"
        assert InboxEvent.objects.get(external_id="unread").state == InboxEvent.State.DEAD
        assert InboxEvent.objects.get(external_id="late").state == InboxEvent.State.DISCARDED
        assert InboxEvent.objects.get(external_id="ahead").state == InboxEvent.State.PENDING
        assert not Job.objects.filter(state__in=["pending", "running"]).exists()
        assert not Lane.objects.exclude(token="").exists()
        assert BotControl.load().mode == BotControl.Mode.STOPPED
        assert BotControl.load().restart_asked_at is not None
        assert (Session.objects.count(), Heartbeat.objects.count()) == (0, 0)
        assert not StaffSession.objects.filter(ended_at=None).exists()
        assert ConfigRevision.current() == 901
        assert AuditEvent.objects.filter(text__contains="Ana restauró la copia del", about__contains="token").exists()
        safety = folder.find(done.safety)
        assert safety.manifest.kind == Kind.SAFETY
        new = Message.objects.create(
            conversation=message.conversation, channel=message.channel, direction="out", author="bot", status="sent"
        )
        assert new.pk > later.pk, "a key that somebody had is nobody else's"
        told = status.read()
        assert (told.state, told.safety) == ("done", done.safety)
        assert "Borralas de nuevo: contacto 7" in " ".join(told.lines)


def _everything_waits() -> SimpleNamespace:
    """A message and a notice about to leave, events and a job to be done, somebody signed in."""
    now = timezone.now()
    message = Message.objects.filter(direction="out").first()
    Message.objects.filter(pk=message.pk).update(status="queued", due_at=now)
    notice = GatewayNotice.objects.first()
    GatewayNotice.objects.filter(pk=notice.pk).update(state="received", due_at=now, message=None)
    lane = Lane.objects.create(key="1:p:99", token="somebody", lease_until=now)
    ahead = now + timedelta(days=2)
    for source, name, kind, at in (
        ("channel:1", "unread", "message", now),
        ("timer", "late", "escalate", now),
        ("timer", "ahead", "escalate", ahead),
    ):
        InboxEvent.objects.create(lane=lane, source=source, external_id=name, kind=kind, ready_at=at)
    Job.objects.create(kind="group", owner="channel:1")
    Session.objects.create(session_key="abc", session_data="x", expire_date=ahead)
    Heartbeat.objects.create(name="despachador 1", started_at=now, seen_at=now)
    return SimpleNamespace(message=message, notice=notice)


def test_the_worker_does_it_though_its_own_job_is_replaced(original, new_installation: New, monkeypatch):
    monkeypatch.setattr(worker, "nudge", lambda: None)
    with new_installation().here():
        Customer.objects.create(code="7", name="De ahora")
        shutil.copy(original.path, folder.folder())
        ana = User.objects.create_user("ana", first_name="Ana", is_staff=True)
        ask_restore(copy=folder.find(original.name), word="RESTAURAR", by=ana)
        assert status.read().state == "asked"
        assert worker.work() is False
        assert not Customer.objects.filter(name="De ahora").exists()
        told = status.read()
        assert (told.state, told.by, bool(told.safety)) == ("done", "Ana", True)
        assert not Job.objects.filter(state__in=["pending", "running"]).exists()
        assert worker.work() is False


# --- killed half-way ---


def dies(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def killed(work: Callable[[], object], **patched: tuple[object, Callable[..., object]]) -> None:
    """Do it in a process of its own, which dies in one of the patched functions."""
    connections.close_all()
    child = os.fork()
    if not child:
        try:
            with pytest.MonkeyPatch.context() as patch:
                for name, (where, instead) in patched.items():
                    patch.setattr(where, name, instead)
                work()
        finally:
            os._exit(1)
    _, how = os.waitpid(child, 0)
    assert os.WIFSIGNALED(how), "it should have died half-way"
    assert os.WTERMSIG(how) == signal.SIGKILL


def _half(source, target) -> None:
    """Some pages are in the living file already."""
    source.backup(target, pages=20, progress=dies)


MOMENTS = {
    "while the files come back": {"_put": (archive, dies)},
    "when all was ready": {"put_back": (engines, dies)},
    "in what was put back, before it is kept": {"hold_what_was_pending": (tasks, dies)},
    "in the middle of the exchange": {"_carry_over": (sqlite, _half)},
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_whoever_is_killed_half_way_leaves_the_old_data(original, new_installation: New, moment: str):
    if moment == "in the middle of the exchange" and connection.vendor != "sqlite":
        moment = "in what was put back, before it is kept"  # there it is one transaction, and this is inside it
    with new_installation().here():
        Customer.objects.create(code="7", name="De ahora")
        before = copied()
        asked = status.write(Restoration("t", original.name, "Ana", timezone.now()))
        killed(lambda: put_back(original, asked), **MOMENTS[moment])
        assert status.read().state == "cut"
        assert Customer.objects.get().name == "De ahora"
        after = copied()
        assert after.manifest.tables == before.manifest.tables
        assert not [one for one in folder.folder().iterdir() if one.name.startswith(".restaurando-")]
        restored(original)
        assert not Customer.objects.filter(name="De ahora").exists()
        assert status.read().state == "done"


@pytest.mark.once
@pytest.mark.parametrize(
    ("where", "name"), [(engines, "snapshot"), (archive, "_write_media"), (archive, "verify"), (folder, "note_check")]
)
def test_a_copy_that_was_being_made_is_listed_whole_or_not_at_all(new_installation: New, where, name):
    with new_installation().here():
        killed(copied, **{name: (where, dies)})
        assert all(copy.is_good for copy in folder.copies())
        assert len(folder.copies()) == (1 if where is folder else 0)
        copy = copied()
        assert archive.verify(copy.path, silent) == copy.manifest
        assert not [one.name for one in folder.folder().iterdir() if one.name.endswith(".part")]


# --- refused ---


@pytest.mark.once
def test_a_damaged_copy_touches_nothing(original, new_installation: New, tmp_path: Path):
    broken = tmp_path / "rota.tar"
    data = original.path.read_bytes()
    broken.write_bytes(data[: len(data) // 2])
    with new_installation().here():
        Customer.objects.create(code="7", name="De ahora")
        with pytest.raises(Damaged):
            restoring.restore(broken, untouched)
        assert Customer.objects.count() == 1
        assert folder.copies() == []


def test_rows_that_are_not_what_the_copy_says_are_not_kept(original, new_installation: New, tmp_path: Path):
    """Whole as a file, and yet not what its manifest tells."""
    packed = tmp_path / original.manifest.database.name
    with archive._members(original.path) as members:
        archive._manifest_of(members)
        packed.write_bytes(archive._database_of(members, original.manifest)[1].read())
    tables = original.manifest.tables | {"tickets_ticket": (999, "ff")}
    with (tmp_path / "otra.tar").open("w+b") as out:
        archive.write(out, replace(original.manifest, tables=tables, media=Media()), packed, None, silent, 0)
    with new_installation().here():
        Customer.objects.create(code="7", name="De ahora")
        with pytest.raises(Damaged, match="no quedó igual la tabla tickets_ticket"):
            restoring.restore(tmp_path / "otra.tar", untouched)
        assert Customer.objects.get().name == "De ahora"


def test_what_fails_while_it_is_put_back_leaves_the_old_data(original, new_installation: New):
    def fails(manifest: Manifest, revision: int) -> tuple[str, ...]:
        Customer.objects.update(name="A medias")
        raise DomainError("no")

    with new_installation().here():
        Customer.objects.create(code="7", name="De ahora")
        with pytest.raises(DomainError):
            restoring.restore(original.path, fails)
        assert Customer.objects.get().name == "De ahora"


def test_a_copy_of_another_database_or_of_a_newer_version_is_refused(original, new_installation: New):
    with new_installation().here():
        with pytest.raises(DomainError, match="no se pueden mezclar"):
            restoring.refuse_unfit(replace(original.manifest, engine="oracle"))
        newer = (*original.manifest.migrations, ("tickets", "9999_later"))
        with pytest.raises(DomainError, match="más nueva"):
            restoring.refuse_unfit(replace(original.manifest, migrations=newer))
        restoring.refuse_unfit(original.manifest)


def test_a_copy_of_an_older_version_is_brought_up_to_date(new_installation: New):
    with new_installation().here():
        Customer.objects.create(code="7", name="De antes")
        with connection.cursor() as cursor:
            for model in (BackupSettings, BackupSettings.history.model):
                cursor.execute(f"DROP TABLE {model._meta.db_table}")
            cursor.execute("DELETE FROM django_migrations WHERE app = 'safekeeping' AND name = '0002_backup_settings'")
        copy = copied()
    with new_installation().here():
        done = restored(copy)
        assert Customer.objects.get().name == "De antes"
        assert BackupSettings.load().keep == 14
        assert any("versión anterior" in line for line in done.lines)


@pytest.mark.once
def test_a_disk_without_room_is_told_before_anything_is_done(new_installation: New, monkeypatch):
    with new_installation().here():
        monkeypatch.setattr(making.shutil, "disk_usage", lambda path: SimpleNamespace(free=1000))
        with pytest.raises(DomainError, match="No hay lugar para la copia"):
            copied()
        assert folder.copies() == []


# --- the commands ---


@pytest.mark.once
def test_the_commands_make_and_put_back(original, new_installation: New, tmp_path: Path, capsys, monkeypatch):
    with new_installation().here():
        Company.load()
        call_command("restore", str(original.path))
        assert "Volvieron" in capsys.readouterr().out
        assert User.objects.filter(username="quien-atiende").exists()
        outside = tmp_path / "pendrive"
        outside.mkdir()
        call_command("backup", to=outside)
        told = capsys.readouterr().out
        assert "SECRET_KEY" in told
        assert "Tickets con su historial" in told
        (made,) = outside.glob("*.tar")
        with pytest.raises(CommandError, match="--replace"):
            call_command("restore", str(made))
        Customer.objects.update(name="Otra")
        monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: True))
        monkeypatch.setattr("builtins.input", lambda prompt: "no")
        with pytest.raises(CommandError, match="No se cambió nada"):
            call_command("restore", str(made))
        monkeypatch.setattr("builtins.input", lambda prompt: "restaurar")
        call_command("restore", str(made))
        assert not Customer.objects.filter(name="Otra").exists()
        Customer.objects.update(name="Otra")
        call_command("restore", str(made), replace=True)
        assert not Customer.objects.filter(name="Otra").exists()
        with pytest.raises(CommandError, match="No existe"):
            call_command("restore", "no-esta.tar")
