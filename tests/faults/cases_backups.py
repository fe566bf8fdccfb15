"""Cases of what staff ask of copies, and of what is held when one comes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from backoffice.agents.models import WhatsAppGroup
from backoffice.common.models import Job
from backoffice.conversations.models import InboxEvent, Lane, Message
from backoffice.safekeeping import services as safekeeping
from backoffice.safekeeping.backups.folder import Copy
from backoffice.safekeeping.backups.making import applied_migrations
from backoffice.safekeeping.models import BackupSettings
from tests.backoffice.safekeeping.backups.copies import MANIFEST
from tests.faults.cases import Call, admin, case
from tests.story import StoryHere


def copy() -> Copy:
    fits = replace(MANIFEST, engine=connection.vendor, migrations=applied_migrations())
    return Copy(Path("mostrador-1.tar"), 10, fits, "", None)


@case("safekeeping.save_backup_settings")
def _save(story: StoryHere) -> Call:
    safekeeping.plan_backup(now=timezone.now())

    def call() -> None:
        chosen = BackupSettings.objects.filter(pk=1).first() or BackupSettings()
        chosen.at = time(4)
        safekeeping.save_backup_settings(settings=chosen, by=admin())

    return call


@case("safekeeping.plan_backup")
def _plan(story: StoryHere) -> Call:
    return lambda: safekeeping.plan_backup(now=timezone.now())


@case("safekeeping.ask_backup")
def _ask(story: StoryHere) -> Call:
    return lambda: safekeeping.ask_backup(by=admin())


@case("safekeeping.ask_check")
def _check(story: StoryHere) -> Call:
    return lambda: safekeeping.ask_check(copy=copy(), by=admin())


@case("safekeeping.ask_restore")
def _restore(story: StoryHere) -> Call:
    one = copy()
    return lambda: safekeeping.ask_restore(copy=one, word="RESTAURAR", by=admin())


@case("safekeeping.note_download")
def _download(story: StoryHere) -> Call:
    return lambda: safekeeping.note_download(copy=copy(), by=admin())


@case("safekeeping.remove_backup")
def _remove(story: StoryHere) -> Call:
    return lambda: safekeeping.remove_backup(copy=copy(), by=admin())


@case("safekeeping.hold_what_was_pending")
def _hold(story: StoryHere) -> Call:
    story.maria.says("hola")
    now = timezone.now()
    line = Message.objects.filter(direction=Message.Direction.OUT)[0]
    Message.objects.filter(pk=line.pk).update(status=Message.Status.QUEUED, due_at=now)
    lane = Lane.objects.create(key="1:p:2610000009", token="somebody", lease_until=now)
    for source, kind in (("channel:1", "message"), ("timer", "escalate")):
        InboxEvent.objects.create(
            lane=lane, source=source, external_id=kind, kind=kind, ready_at=now - timedelta(minutes=1)
        )
    WhatsAppGroup.objects.create(kind="support", name="Por crear")
    Job.objects.create(kind="group", owner="channel:1")
    Session.objects.create(session_key="abc", session_data="x", expire_date=now)
    return lambda: safekeeping.hold_what_was_pending(
        name="mostrador-1.tar", made_at=now, by="Ana", token="t", revision=7
    )
