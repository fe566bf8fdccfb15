"""Empties a channel's outbox: one message at a time, each chat in order, replies before bulk (design 3, row 7).

A message is SENDING before the network is called and SENT after it answered. What happens to it in between is
decided by the error's class, never by its text; an interrupted SENDING becomes UNCERTAIN, and leaves again by
itself only where the transport refuses a repeated id.
"""

import logging
import time
from collections import deque
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random, SystemRandom
from typing import cast

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from backoffice.channels.governor import HOUR, Hold, hold
from backoffice.channels.models import Channel, ChannelStatus
from backoffice.channels.selectors import policy_of, so_far
from backoffice.channels.services import count_notice, stop_notices
from backoffice.common.models import Activity
from backoffice.company.selectors import zone
from backoffice.conversations.models import Conversation, Media, Message
from backoffice.conversations.strangers import is_stranger
from bot import outbox, tally
from bot.complaints import Complaints, complaint
from bot.pacing import Pace, retried_for, retry_wait
from integrations.errors import BadCredentials, IntegrationError, OutcomeUnknown, Throttled, Unavailable
from integrations.whatsapp import base as whatsapp

log = logging.getLogger(__name__)

PATIENCE = timedelta(minutes=10)
AT_ONCE = 16
LONG_WAIT = timedelta(seconds=15)  # of an agent's line, behind replies that never end
A_FEW = 4
CHAT = (Message.Priority.REPLY, Message.Priority.AGENT)


class Sender:
    """One channel's sender. Exactly one runs at a time: the channel's process holds its lock."""

    def __init__(self, channel: Channel, transport: whatsapp.Transport, random: Random | None = None) -> None:
        self._channel = channel
        self._transport = transport
        status = ChannelStatus.objects.filter(channel=channel).first() or ChannelStatus()
        self._held_until = status.paused_until  # a ban outlives the process, and so does the pace
        self._policy = policy_of(channel)
        self._pace = Pace(
            self._policy,
            random or SystemRandom(),
            next_notice=status.next_notice_at.timestamp() if status.next_notice_at else 0.0,
            in_batch=status.notices_in_batch,
        )
        self._asks_again = whatsapp.Cap.IDEMPOTENT_SEND in transport.caps
        self._complaints = Complaints(reports=whatsapp.Cap.DELIVERY_STATUS in transport.caps)
        self._to_stranger = False
        self._zone = zone()
        self._so_far = so_far(channel, timezone.now().astimezone(self._zone))
        self._heads: deque[Message] = deque()

    def adopt(self, channel: Channel, transport: whatsapp.Transport | None = None) -> None:
        """Follow what staff changed in the channel, keeping the rhythm of what was already sent."""
        self._channel = channel
        self._policy = self._pace.policy = policy_of(channel)
        self._zone = zone()
        self._so_far = so_far(channel, timezone.now().astimezone(self._zone))
        self._transport = transport or self._transport

    def recover(self) -> int:
        """Settle what the last process left half sent. Call once, before the first `run_once`."""
        state = Message.Status.QUEUED if self._asks_again else Message.Status.UNCERTAIN
        left = Message.objects.filter(channel=self._channel, status=Message.Status.SENDING, due_at__isnull=False)
        return left.update(status=state, status_at=timezone.now())

    def run_once(self, now: datetime | None = None) -> bool:
        """Send the message whose turn it is. False when nothing may leave now."""
        moment = now or timezone.now()
        if self._held_until is not None and moment < self._held_until:
            self._heads.clear()
            return False
        message = self._next(moment)
        if message is None:
            return False
        if _is_answer(message) and (pause := self._pace.typing_time(message.text)):
            time.sleep(pause)  # before the claim: who is stopped in this pause leaves nothing half sent
        if self._claim(message, moment):
            self._send(message)
        return True

    def _next(self, now: datetime) -> Message | None:
        """The oldest due message of the highest priority whose chat is not waiting for an earlier one.

        Replies are read some at a time: each is the first of its own chat, and whatever comes later leaves later.
        While they fill the line, a few of the agents' lines that waited too long go between them.
        """
        if not self._heads:
            self._heads.extend(self._lines(now))
        if self._heads:
            return self._heads.popleft()
        if not self._pace.may_send_notice(now.timestamp()) or self._held(now) is not None:
            return None
        return self._notice(now)

    def _lines(self, now: datetime) -> list[Message]:
        lines = outbox.lines(self._channel, now)
        told = list(lines.values_list("pk", "priority")[:AT_ONCE])
        chosen = [pk for place, (pk, priority) in enumerate(told) if place == 0 or priority == Message.Priority.REPLY]
        if len(chosen) == AT_ONCE:
            patient = now - LONG_WAIT
            last = lines.order_by("-priority", "pk").values_list("pk", "priority", "due_at")[:A_FEW]
            chosen += [
                pk for pk, priority, due in last if priority == Message.Priority.AGENT and due and due <= patient
            ]
        rows = _with_all_it_says(Message.objects.all()).in_bulk(chosen) if chosen else {}
        return [rows[pk] for pk in chosen if pk in rows]

    def _notice(self, now: datetime) -> Message | None:
        message = _with_all_it_says(outbox.notices(self._channel, now)).first()
        if message is None or self._stops_itself(now):
            return None
        self._to_stranger = self._policy.caps.strangers is not None and is_stranger(message.conversation)
        held = self._held(now, stranger=True) if self._to_stranger else None
        if held is None:
            return message
        later = Message.objects.filter(pk=message.pk, status=Message.Status.QUEUED)
        later.update(due_at=held.until, error=held.why[:200], status_at=now)
        return None

    def _held(self, now: datetime, *, stranger: bool = False) -> Hold | None:
        """Asked before each message, so it reads no table: of one number, only this process sends."""
        return hold(self._policy, self._so_far, now.astimezone(self._zone), stranger=stranger)

    def _stops_itself(self, now: datetime) -> bool:
        """Whether too much of what left never arrived; a policy that guards then stops its notices."""
        if not self._policy.guards or not (why := self._complaints.undelivered(now)):
            return False
        self._stop(why)
        return True

    def _stop(self, why: str, until: datetime | None = None) -> None:
        """No more notices for a while; it outlives the process, and the panel shows it."""
        end = stop_notices(channel=self._channel, why=why, now=timezone.now(), until=until)
        self._so_far = replace(self._so_far, stopped_until=end, stopped_why=why)
        self._complaints.forget()

    def _send(self, message: Message) -> None:
        try:
            to, content = whatsapp.Addr.parse(message.conversation.address), content_of(message)
        except OSError as error:  # the file of a media is gone or unreadable: only a person can mend it
            self._settle(message, Message.Status.FAILED, f"No se pudo leer el archivo: {error.strerror}")
            return
        except (ValueError, KeyError, TypeError) as error:
            log.exception("message %d cannot be said", message.pk)
            self._settle(message, Message.Status.FAILED, f"El mensaje no se puede armar ({type(error).__name__}).")
            return
        quote = message.quoted.external_id if message.quoted else None
        try:
            sent = self._transport.send(to, content, quote_id=quote, client_ref=f"m{message.pk}")
        except IntegrationError as error:
            self._failed(message, error)
            return
        except Exception as error:  # a fault in the adapter: nobody knows how far it got
            log.exception("the transport broke while sending message %d", message.pk)
            self._failed(message, OutcomeUnknown(repr(error)))
            return
        _delivered(message, sent)
        if message.priority not in CHAT:
            self._complaints.left(message.pk, timezone.now())
        tally.left(message, timezone.now())

    def _claim(self, message: Message, now: datetime) -> bool:
        """Only the first who asks gets it; the row says SENDING before the network hears of it.

        With a notice goes the moment of the next one: whoever takes over after us goes on at the same pace.
        """
        queued = Message.objects.filter(pk=message.pk, status=Message.Status.QUEUED)
        if message.priority in CHAT:
            self._pace.sent_line(now.timestamp())
            return bool(queued.update(status=Message.Status.SENDING, status_at=now))
        with transaction.atomic():
            if not queued.update(status=Message.Status.SENDING, status_at=now):
                return False
            self._pace.sent_notice(now.timestamp())
            count_notice(channel=self._channel, now=now, stranger=self._to_stranger)
            ChannelStatus.objects.filter(channel=self._channel).update(
                next_notice_at=datetime.fromtimestamp(self._pace.next_notice, UTC), notices_in_batch=self._pace.in_batch
            )
        local = now.astimezone(self._zone)
        self._so_far = self._so_far.by(local).plus(strangers=int(self._to_stranger))
        return True

    def _failed(self, message: Message, error: IntegrationError) -> None:
        """By the error's class: a doubt waits for a tick or a person, what will pass is tried again, the rest fails."""
        self._guard(message, error)
        if isinstance(error, OutcomeUnknown) and not self._asks_again:
            self._settle(message, Message.Status.UNCERTAIN, error.staff_text)
        elif isinstance(error, whatsapp.TemporaryBan):
            until = timezone.now() + error.after
            self._hold(until)
            _requeue(message, until, error)
        elif isinstance(error, Throttled | Unavailable | BadCredentials | OutcomeUnknown):
            self._try_again(message, error)
        else:
            self._settle(message, Message.Status.FAILED, error.staff_text)

    def _guard(self, message: Message, error: IntegrationError) -> None:
        """Notices stop when WhatsApp complains, whatever it was about. A suspension stops them under any policy."""
        if isinstance(error, whatsapp.TemporaryBan):
            self._stop(error.staff_text, timezone.now() + error.after)
        elif self._policy.guards:
            if why := complaint(error):
                told = timezone.now() + error.after if isinstance(error, Throttled) else None
                self._stop(why, told if told and told > timezone.now() + HOUR else None)
            elif message.priority not in CHAT and (why := self._complaints.fault(error)):
                self._stop(why)

    def _try_again(self, message: Message, error: IntegrationError) -> None:
        """Later; but a chat waits for its head ten minutes at most, counted from when it was first tried."""
        attempts = message.attempts + 1
        wait = error.after if isinstance(error, Throttled) else timedelta(seconds=retry_wait(attempts))
        if message.priority in CHAT and max(wait, timedelta(seconds=retried_for(attempts))) > PATIENCE:
            self._settle(message, Message.Status.FAILED, error.staff_text)
        else:
            _requeue(message, timezone.now() + wait, error)

    def _hold(self, until: datetime) -> None:
        """Nothing leaves before `until`; the panel shows it."""
        self._held_until = until
        ChannelStatus.objects.filter(channel=self._channel).update(paused_until=until)

    def _settle(self, message: Message, status: Message.Status, reason: str) -> None:
        claimed = Message.objects.filter(pk=message.pk, status=Message.Status.SENDING)
        due_at = message.due_at if status == Message.Status.UNCERTAIN else None
        if not claimed.update(status=status, error=reason[:200], status_at=timezone.now(), due_at=due_at):
            return  # a tick was here first: it left after all
        log.warning("message %d is %s: %s", message.pk, status, reason, extra={"message_id": message.pk})
        tally.stayed(status)
        Activity.note(Activity.Kind.ERROR, f"Mensaje a {message.conversation}: {reason}")


def content_of(message: Message) -> whatsapp.Content:
    """What the row says, in the port's words."""
    if message.media is not None:
        return _media(message, message.media)
    if message.location:
        place = message.location
        return whatsapp.Location(
            float(place["latitude"]), float(place["longitude"]), place.get("name", ""), place.get("address", "")
        )
    if message.menu:
        options = tuple(whatsapp.Option(option["key"], option["title"]) for option in message.menu)
        return whatsapp.Menu(message.text, options)
    return whatsapp.Text(message.text)


def _media(message: Message, media: Media) -> whatsapp.Media:
    with media.file.open("rb") as file:
        data = file.read()
    return whatsapp.Media(
        kind=cast(whatsapp.MediaKind, media.kind),
        filename=media.filename or f"archivo-{media.pk}",
        mimetype=media.mimetype,
        data=data,
        caption=message.text,
        voice=media.kind == Media.Kind.AUDIO,
    )


def _with_all_it_says(rows: QuerySet[Message]) -> QuerySet[Message]:
    return rows.select_related("conversation", "media", "quoted")


def _is_answer(message: Message) -> bool:
    """What the bot says to a person; an agent who typed it took the time already, and in groups nobody waits for it."""
    return message.priority == Message.Priority.REPLY and message.conversation.kind == Conversation.Kind.PRIVATE


def _delivered(message: Message, sent: whatsapp.Sent) -> None:
    """A tick may have been here first: then only the id is added."""
    row = Message.objects.filter(pk=message.pk)
    now = timezone.now()
    if not row.filter(status=Message.Status.SENDING).update(
        status=Message.Status.SENT, external_id=sent.id, status_at=now, error="", due_at=None
    ):
        row.filter(external_id__isnull=True).update(external_id=sent.id)


def _requeue(message: Message, at: datetime, error: IntegrationError) -> None:
    claimed = Message.objects.filter(pk=message.pk, status=Message.Status.SENDING)
    claimed.update(
        status=Message.Status.QUEUED,
        due_at=at,
        attempts=message.attempts + 1,
        error=error.staff_text[:200],
        status_at=timezone.now(),
    )
