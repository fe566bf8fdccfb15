"""What the network told becomes rows, and only rows: answering is the dispatcher's business (design 3)."""

import logging
import re
from collections.abc import Iterable
from datetime import timedelta

import filetype
from django.conf import settings

from backoffice.agents import services as agents
from backoffice.agents.models import WhatsAppGroup
from backoffice.channels.models import Channel, ChannelStatus
from backoffice.channels.services import record_qr, record_state
from backoffice.common import metrics
from backoffice.conversations import services as conversations
from backoffice.conversations.models import Media
from backoffice.tickets import services as tickets
from bot.identity import lane_for, learn
from bot.pacing import burst_wait
from integrations.errors import IntegrationError
from integrations.understanding.choices import is_digit_choice
from integrations.understanding.phones import phone_key
from integrations.whatsapp.base import (
    ConnState,
    Event,
    GroupChanged,
    IdentityLearned,
    MediaIn,
    MessageIn,
    QrCode,
    StateChanged,
    StatusIn,
    Transport,
    Unknown,
    to_json,
)

log = logging.getLogger(__name__)

_OUR_REF = re.compile(r"m([0-9]{1,18})")

_STATES = {
    ConnState.ONLINE: ChannelStatus.State.CONNECTED,
    ConnState.NEW: ChannelStatus.State.WAITING_QR,
    ConnState.PAIRING: ChannelStatus.State.WAITING_QR,
}


def take_in(channel: Channel, transport: Transport, events: Iterable[Event]) -> int:
    """Store these events. Returns how many; when this returns they may be acknowledged.

    Messages that follow each other are stored together, and so are the ticks; what changes who somebody is
    (a learned address, a group's members) waits for the messages before it.
    """
    count = 0
    ticks: list[conversations.TickOf] = []
    messages: list[conversations.Arrival] = []
    for event in events:
        count += 1
        if isinstance(event, StatusIn):
            ticks.append(_tick(event))
        elif isinstance(event, MessageIn):
            if _is_of_a_chat(event):
                messages.append(_arrival(channel, transport, event))
        else:
            _store(messages)
            _happened(channel, event)
    _store(messages)
    if ticks:
        conversations.record_ticks(channel_id=channel.pk, ticks=ticks)
    return count


def _store(messages: list[conversations.Arrival]) -> None:
    if messages:
        metrics.count("received", conversations.receive_many(messages))
        messages.clear()


def _happened(channel: Channel, event: StateChanged | QrCode | GroupChanged | IdentityLearned | Unknown) -> None:
    if isinstance(event, StateChanged):
        state = _STATES.get(event.state, ChannelStatus.State.DISCONNECTED)
        record_state(channel=channel, state=state, reason=event.reason or event.state.label)
    elif isinstance(event, QrCode):
        record_qr(channel=channel, qr=event.data)
    elif isinstance(event, GroupChanged):
        _group(channel, event)
    elif isinstance(event, Unknown):
        conversations.keep_raw(channel_id=channel.pk, external_id=event.event_id, payload=event.payload)
    else:
        learn(channel.pk, event.addr, event.also)


def _tick(event: StatusIn) -> conversations.TickOf:
    ours = _OUR_REF.fullmatch(event.client_ref or "")
    own = int(ours[1]) if ours else None
    return conversations.TickOf(event.status, event.at, event.message_id, own, event.error)


def _is_of_a_chat(event: MessageIn) -> bool:
    """Our own lines and the status broadcast are not chats."""
    return not event.from_me and not event.is_status_broadcast


def _arrival(channel: Channel, transport: Transport, event: MessageIn) -> conversations.Arrival:
    """One line of a chat, with its file fetched."""
    payload = to_json(event)
    if event.media is not None:
        payload["media_id"] = _fetch(transport, event.media)
    is_choice = event.choice_id is not None or is_digit_choice(event.text)
    wait = burst_wait(event.text, is_choice=is_choice, is_staff=event.is_group)
    return conversations.Arrival(
        lane=lane_for(channel.pk, chat=event.chat, sender_alt=event.sender_alt),
        source=f"channel:{channel.pk}",
        external_id=event.event_id,
        kind=event.kind,
        payload=payload,
        wait=timedelta(seconds=wait * settings.BURST_PERCENT / 100),
    )


def _fetch(transport: Transport, media: MediaIn) -> int | None:
    """The file, stored by what its bytes say it is; None when it cannot be had (the line stays)."""
    try:
        data = transport.fetch_media(media.handle)
    except IntegrationError as error:
        log.warning("media %s could not be fetched: %s", media.handle, error)
        return None
    mimetype = filetype.guess_mime(data) or "application/octet-stream"
    kind = media.kind if mimetype.partition("/")[0] == media.kind else _kind(mimetype)
    return conversations.store_media(data=data, kind=kind, filename=media.filename, mimetype=mimetype).pk


def _kind(mimetype: str) -> str:
    family = mimetype.partition("/")[0]
    return family if family in (Media.Kind.IMAGE, Media.Kind.AUDIO, Media.Kind.VIDEO) else Media.Kind.DOCUMENT


def _group(channel: Channel, event: GroupChanged) -> None:
    ours = WhatsAppGroup.objects.filter(conversation__channel=channel, conversation__address=event.group.key)
    group = ours.select_related("conversation").first()
    if group is None:
        return
    if event.me and event.change == "left":
        tickets.bot_left(group=group)
    elif event.change == "joined":
        for member in event.members:
            agents.member_joined(group=group, phone_key=phone_key(member.value) or member.value)
