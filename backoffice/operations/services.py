"""Verbs of the bot as a whole: its mode, its restart, and the way out for what it could not do."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from backoffice.accounts import audit
from backoffice.accounts.models import User
from backoffice.catalog.models import Zone
from backoffice.common.bulk import signed
from backoffice.common.errors import DomainError
from backoffice.common.models import Activity
from backoffice.conversations.lanes import Bell, lock_lane, make_ready, ring, save_ready
from backoffice.conversations.models import InboxEvent, Lane, Message
from backoffice.mail.models import OutgoingMail
from backoffice.mail.selectors import last_asked
from backoffice.mail.services import send_mail
from backoffice.operations.models import BotControl, Heartbeat, StandingAlert
from backoffice.operations.stuck import RAW, forgotten_lanes, waiting_lanes

EVERY_LIMIT = 24 * 60
MENDED_AFTER = timedelta(seconds=30)  # an event that is due this long is no longer about to be run
MENDED_AT_ONCE = 200
FORGOTTEN_AFTER = timedelta(days=1)
CONSOLE_KEPT = timedelta(days=1)
_WHY_MAILED = "Te llega porque en el panel dice que recibís las alertas por correo. Se cambia en «Mi cuenta»."
ALERT_STANDS = timedelta(minutes=5)  # what passes by itself sooner is not told
ALERTS_APART = timedelta(minutes=30)  # between two mails of alerts


@transaction.atomic
def change_mode(
    *,
    mode: str,
    by: User | None,
    emergency_text: str | None = None,
    every: int | None = None,
    zones: Collection[Zone] | None = None,
) -> BotControl:
    """Put the bot in a mode, in force within a second; what is None stays as it was.

    `every` is in minutes. `zones` empty means everybody. `changed_at` moves only when the mode does,
    so that the banner says since when. Audited, with the row's history and a line of the console.

    Raises:
        DomainError: an unknown mode, an empty emergency text, minutes out of range.
    """
    if mode not in BotControl.Mode.values:
        raise DomainError("Ese modo no existe.", field="mode")
    control = BotControl.load()
    moved = control.mode != mode
    control.mode = mode
    if emergency_text is not None:
        control.emergency_text = emergency_text.strip()
    if every is not None:
        control.emergency_every = every
    _check(control)
    if moved:
        control.changed_by, control.changed_at = by, timezone.now()
    if zones is not None:
        control.emergency_zones.set(zones)
    signed(control, by, _reason(zones)).save()
    if moved:
        Activity.note(Activity.Kind.MODE, f"{by or 'El sistema'} activó {control.get_mode_display()}")
        audit.note(audit.Kind.BOT, f"Activó {control.get_mode_display()}", by=by, about="modo del bot")
    return control


@transaction.atomic
def ask_restart(*, by: User | None) -> None:
    """Ask the bot's processes to stop gracefully and start again (ISPBOT-GRP); they see it within seconds."""
    now = timezone.now()
    control = BotControl.load()
    control.restart_asked_at = now
    signed(control, by, "Reinicio").save(update_fields=["restart_asked_at"])
    Activity.note(Activity.Kind.CONNECTION, f"{by or 'El sistema'} pidió reiniciar el bot")
    audit.note(audit.Kind.BOT, "Pidió reiniciar el bot", by=by)


@transaction.atomic
def retry_event(*, event: InboxEvent, by: User) -> bool:
    """Put an event that no turn could handle back in its lane; it runs within a second. False when it was decided.

    The line that was kept in the chat when a person got it goes, since the turn stores it again; one that somebody
    quoted or relayed stays as it is.

    Raises:
        DomainError: nobody could read it, so there is nothing to run.
    """
    if event.kind == RAW:
        raise DomainError("Eso no se pudo entender: sólo se puede descartar.")
    now = timezone.now()
    lane = lock_lane(event.lane.key)
    dead = InboxEvent.objects.filter(pk=event.pk, state=InboxEvent.State.DEAD)
    if not dead.update(state=InboxEvent.State.PENDING, lane=lane, ready_at=now):
        return False
    _forget_kept_line(event)
    make_ready(lane, now=now)
    save_ready([lane])
    ring(Bell.LANES)
    Activity.note(Activity.Kind.AGENT, f"{by} hizo que el bot vuelva a intentar un mensaje que había fallado")
    return True


def _forget_kept_line(event: InboxEvent) -> None:
    channel, _, number = event.source.partition(":")
    told = event.payload.get("message_id") if isinstance(event.payload, dict) else None
    if channel != "channel" or not number.isdecimal() or not told:
        return
    kept = Message.objects.filter(channel_id=int(number), external_id=told, direction=Message.Direction.IN)
    pointing = Message.objects.filter(quoted=OuterRef("pk")), Message.objects.filter(relay_of=OuterRef("pk"))
    kept.filter(~Exists(pointing[0]), ~Exists(pointing[1])).delete()
    kept.update(external_id=None)


@transaction.atomic
def discard_event(*, event: InboxEvent, by: User) -> bool:
    """Somebody looked at what no turn could handle and decided to leave it. False when it was decided already."""
    dead = InboxEvent.objects.filter(pk=event.pk, state=InboxEvent.State.DEAD)
    if not dead.update(state=InboxEvent.State.DISCARDED):
        return False
    Activity.note(Activity.Kind.AGENT, f"{by} descartó un mensaje que había hecho fallar al bot")
    return True


@transaction.atomic
def free_lanes(*, by: User, now: datetime | None = None) -> int:
    """Give their turn again to all lanes that wait too long, whatever held them. Returns how many.

    A lane that a living process holds is left alone: its lease says so.
    """
    now = now or timezone.now()
    stuck = list(waiting_lanes(now).values_list("pk", flat=True)[:MENDED_AT_ONCE])
    freed = waiting_lanes(now).filter(pk__in=stuck).update(lease_until=None, token="", ready_at=now, expired=0)
    freed += _mend(now)
    if freed:
        ring(Bell.LANES)
        Activity.note(
            Activity.Kind.AGENT, f"{by} hizo que el bot vuelva a intentar {freed} conversación(es) trabada(s)"
        )
    return freed


@transaction.atomic
def mend_lanes(*, now: datetime | None = None) -> int:
    """What the watchdog does each half minute: a lane with a due event, not ready and held by nobody, runs now.

    It should never find one. Returns how many it mended.
    """
    mended = _mend(now or timezone.now())
    if mended:
        ring(Bell.LANES)
        Activity.note(Activity.Kind.ERROR, f"El bot destrabó solo {mended} conversación(es)")
    return mended


def _mend(now: datetime) -> int:
    """Conditional, so a lane that somebody took or freed meanwhile stays as they left it."""
    lost = list(forgotten_lanes(now - MENDED_AFTER)[:MENDED_AT_ONCE])
    idle = Lane.objects.filter(pk__in=lost, ready_at__isnull=True, lease_until__isnull=True)
    return idle.update(ready_at=now) if lost else 0


def forget_silent(*, now: datetime) -> int:
    """Processes that are silent for a day are no longer meant to be there: a channel that was taken away, a server."""
    return Heartbeat.objects.filter(seen_at__lt=now - FORGOTTEN_AFTER).delete()[0]


def forget_activity(*, now: datetime) -> int:
    """The console keeps a day: older lines that no other table tells go. Returns how many."""
    return Activity.objects.filter(at__lt=now - CONSOLE_KEPT).delete()[0]


@transaction.atomic
def mail_alerts(*, bad: Mapping[str, str], people: Collection[User], now: datetime) -> int:
    """Remember what stands, and mail what is due. Returns how many mails were asked for.

    An alert that stands for `ALERT_STANDS` is told once, and again only if it passed and came back; when the last one
    passes, whoever was told is told that too.
    """
    known = {row.key: row for row in StandingAlert.objects.all()}
    if not bad:
        told = [row.text for row in known.values() if row.mailed_at]
        StandingAlert.objects.all().delete()
        return _mail_to(OutgoingMail.Kind.SOLVED, people, "Ya se resolvió", told, "Ya está resuelto:") if told else 0
    rows = [_seen(known.get(key), key, text, now) for key, text in bad.items()]
    passed = [row for key, row in known.items() if key not in bad and row.cleared_at is None]
    for row in passed:
        row.cleared_at = now
    ripe = [row for row in rows if row.since <= now - ALERT_STANDS]
    last = last_asked(OutgoingMail.Kind.ALERT)
    is_due = any(row.mailed_at is None or row.mailed_at < row.since for row in ripe)
    sent = 0
    if is_due and (last is None or last <= now - ALERTS_APART):
        subject = ripe[0].text if len(ripe) == 1 else f"{len(ripe)} alertas en el panel"
        texts = [f"{row.text} Desde las {timezone.localtime(row.since):%H:%M}." for row in ripe]
        sent = _mail_to(OutgoingMail.Kind.ALERT, people, subject, texts, "Hay algo para resolver:")
        for row in ripe:
            row.mailed_at = now
    _keep_alerts([*rows, *passed])
    return sent


def _reason(zones: Collection[Zone] | None) -> str:
    """The history keeps no many-to-many, so the reason tells the zones."""
    if zones is None:
        return ""
    return f"Zonas: {', '.join(zone.name for zone in zones) or 'todas'}"


def _check(control: BotControl) -> None:
    if not control.emergency_text:
        raise DomainError("Escribí el mensaje de emergencia.", field="emergency_text")
    if not 1 <= control.emergency_every <= EVERY_LIMIT:
        raise DomainError("Poné entre 1 y 1440 minutos.", field="every")


def _seen(row: StandingAlert | None, key: str, text: str, now: datetime) -> StandingAlert:
    """How one that is there now is remembered; what had passed begins again."""
    if row is None:
        return StandingAlert(key=key, text=text[:300], since=now)
    if row.cleared_at is not None:
        row.since, row.cleared_at = now, None
    row.text = text[:300]
    return row


def _keep_alerts(rows: Collection[StandingAlert]) -> None:
    StandingAlert.objects.bulk_create(
        [_without_pk(row) for row in rows],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["text", "since", "mailed_at", "cleared_at"],
    )


def _without_pk(row: StandingAlert) -> StandingAlert:
    """A known row and a new one in the same INSERT."""
    row.pk = None
    return row


def _mail_to(kind: str, people: Collection[User], subject: str, texts: Collection[str], begin: str) -> int:
    lines = "\n".join(f"- {text}" for text in texts)
    link = settings.PUBLIC_URL + reverse("admin:panel_health")
    for user in people:
        name = user.get_short_name() or user.username
        text = f"Hola {name}:\n\n{begin}\n\n{lines}\n\nMiralo acá: {link}\n\n{_WHY_MAILED}\n"
        send_mail(kind=kind, to=user.email, subject=f"Mostrador: {subject}", text=text, person=user)
    return len(people)
