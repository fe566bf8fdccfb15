"""Empties a channel's outbox: one message at a time, each chat in order, replies before bulk (design 3, row 7).

A message is SENDING before the network is called and SENT after it answered. What happens to it in between is
decided by the error's class, never by its text; an interrupted SENDING becomes UNCERTAIN, and leaves again by
itself only where the transport refuses a repeated id.
"""

import logging
import time
from datetime import datetime, timedelta
from random import Random, SystemRandom
from typing import cast

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from backoffice.channels.models import Channel, ChannelStatus
from backoffice.common.models import Activity
from backoffice.conversations.models import Conversation, Media, Message
from bot.pacing import PRUDENT, Pace, Policy, retried_for, retry_wait
from integrations.errors import BadCredentials, IntegrationError, OutcomeUnknown, Throttled, Unavailable
from integrations.whatsapp import base as whatsapp

log = logging.getLogger(__name__)

DOUBT = timedelta(minutes=2)
PATIENCE = timedelta(minutes=10)
CHAT = (Message.Priority.REPLY, Message.Priority.AGENT)


class Sender:
    """One channel's sender. Exactly one runs at a time: the channel's process holds its lock."""

    def __init__(self, channel: Channel, transport: whatsapp.Transport, random: Random | None = None) -> None:
        self._channel = channel
        self._transport = transport
        self._pace = Pace(policy_of(channel), random or SystemRandom())
        paused = ChannelStatus.objects.filter(channel=channel).values_list("paused_until", flat=True)
        self._held_until: datetime | None = paused.first()  # a ban outlives the process
        self._asks_again = whatsapp.Cap.IDEMPOTENT_SEND in transport.caps

    def adopt(self, channel: Channel) -> None:
        """Follow what staff changed in the channel, keeping the rhythm of what was already sent."""
        self._channel = channel
        self._pace.policy = policy_of(channel)

    def recover(self) -> int:
        """Settle what the last process left half sent. Call once, before the first `run_once`."""
        state = Message.Status.QUEUED if self._asks_again else Message.Status.UNCERTAIN
        return Message.objects.filter(channel=self._channel, status=Message.Status.SENDING).update(
            status=state, status_at=timezone.now()
        )

    def run_once(self, now: datetime | None = None) -> bool:
        """Send the message whose turn it is. False when nothing may leave now."""
        moment = now or timezone.now()
        if self._held_until is not None and moment < self._held_until:
            return False
        message = self._next(moment)
        if message is None:
            return False
        if _is_answer(message) and (pause := self._pace.typing_time(message.text)):
            time.sleep(pause)  # before the claim: who is stopped in this pause leaves nothing half sent
        if not _claim(message, moment):
            return False
        self._send(message)
        return True

    def _next(self, now: datetime) -> Message | None:
        """The oldest due message of the highest priority whose chat is not waiting for an earlier one."""
        due = Message.objects.filter(channel=self._channel, status=Message.Status.QUEUED, due_at__lte=now)
        due = due.select_related("conversation", "media", "quoted").order_by("priority", "id")
        earlier = self._waiting(now).filter(pk__lt=OuterRef("pk"))
        row = due.filter(~Exists(earlier), priority__in=CHAT).first()
        if row is not None or time.monotonic() < self._pace.notice_at():
            return row
        return due.filter(~Exists(self._waiting(now)), priority__gt=max(CHAT)).first()

    def _waiting(self, now: datetime) -> QuerySet[Message]:
        """The unsent lines of the outer row's chat: replies and agents' messages leave in the order of their ids."""
        waiting = Q(status__in=[Message.Status.QUEUED, Message.Status.SENDING]) | Q(
            status=Message.Status.UNCERTAIN, status_at__gt=now - DOUBT
        )
        chat = Message.objects.filter(conversation_id=OuterRef("conversation_id"), due_at__isnull=False)
        return chat.filter(waiting, channel=self._channel, priority__in=CHAT)

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
            self._pace.sent_notice(time.monotonic())

    def _failed(self, message: Message, error: IntegrationError) -> None:
        """By the error's class: a doubt waits for a tick or a person, what will pass is tried again, the rest fails."""
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
        log.warning("message %d is %s: %s", message.pk, status, reason)
        Activity.note(Activity.Kind.ERROR, f"Mensaje a {message.conversation}: {reason}")


def policy_of(channel: Channel) -> Policy:
    """The rhythm that staff chose for this channel."""
    if channel.policy == Channel.Policy.PRUDENT:
        return PRUDENT
    return Policy(
        float(channel.gap_min),
        float(channel.gap_max),
        channel.batch_size,
        channel.batch_pause,
        channel.human_pause,
    )


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


def _is_answer(message: Message) -> bool:
    """What the bot says to a person; an agent who typed it took the time already, and in groups nobody waits for it."""
    return message.priority == Message.Priority.REPLY and message.conversation.kind == Conversation.Kind.PRIVATE


def _claim(message: Message, now: datetime) -> bool:
    """Only the first who asks gets it; the row says SENDING before the network hears of it."""
    queued = Message.objects.filter(pk=message.pk, status=Message.Status.QUEUED)
    return bool(queued.update(status=Message.Status.SENDING, status_at=now))


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
