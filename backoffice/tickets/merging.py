"""Two contacts that turn out to be one person become one, and nothing of either is lost.

It lives here because it moves tickets too. A turn that runs in a lane which ends here is dropped (its lane's
token is gone) and its events run again in the lane that goes on.
"""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from backoffice.agents.outbox import Speech, tell_group
from backoffice.common.errors import DomainError
from backoffice.common.models import Activity
from backoffice.conversations.lanes import lane_key, lock_lane, make_ready, save_ready
from backoffice.conversations.models import (
    ChatMark,
    Contact,
    ContactAddress,
    ContactLink,
    Conversation,
    DialogState,
    InboxEvent,
    Lane,
    Message,
)
from backoffice.customers.selectors import by_phone_keys
from integrations.whatsapp.base import Addr

from .models import Ticket, TicketEvent
from .services.story import check_known

MERGED = "Ese contacto ya se unió a otro: buscalo de nuevo."

FOLLOWERS: list[Callable[..., Any]] = []
"""What apps above this one do with their own rows: each is called with `keep` and `lose`, in the same transaction."""


@transaction.atomic
def merge_contacts(*, keep: Contact, lose: Contact, by: str = "") -> None:
    """Move all that is `lose`'s to `keep`, leaving a trace (`Contact.merged_into`). Merging twice does nothing.

    `by` is who of the staff decided it, "" when the network told that they are one.
    Raises: DomainError when they are two agents, or `keep` is itself merged into another, also meanwhile.
    """
    if keep.pk == lose.pk or Contact.objects.filter(pk=lose.pk, merged_into__isnull=False).exists():
        return
    if by:
        _check_by_hand(keep, lose)
    _join_lanes(keep, lose)
    _lock_unmerged(keep, lose)
    _link_both_phones(keep, lose)
    ContactAddress.objects.filter(contact=lose).update(contact=keep)
    _move_links(keep, lose)
    for conversation in Conversation.objects.filter(contact=lose):
        _move_conversation(conversation, keep)
    Ticket.objects.filter(contact=lose).update(contact=keep)
    for follow in FOLLOWERS:
        follow(keep=keep, lose=lose)
    _keep_newest_dialog(keep, lose)
    _move_identity(keep, lose)
    keep.labels.add(*lose.labels.all())
    ChatMark.objects.filter(contact=lose).delete()
    if by:
        Activity.note(Activity.Kind.AGENT, f"{by} unió a {lose} con {keep}: son la misma persona")
    else:
        Activity.note(Activity.Kind.CONNECTION, f"{keep}: dos contactos resultaron ser la misma persona y se unieron")


@transaction.atomic
def join_lanes(*, contact: Contact) -> None:
    """A person who is reached by several addresses of a channel is handled in one lane."""
    _join_lanes(contact, contact)


def _join_lanes(keep: Contact, lose: Contact) -> None:
    """Take both persons' lanes in key order and let the events of all run in one of the first's."""
    addresses = ContactAddress.objects.filter(contact__in=[keep, lose])
    keys = {lane_key(row.channel_id, Addr.parse(f"{row.kind}:{row.value}")): row for row in addresses}
    lanes = {key: lock_lane(key) for key in sorted(keys)}
    for key, row in keys.items():
        heir = _heir(lanes, keys, keep, row.channel_id)
        lane = lanes[key]
        if heir is None or heir.pk == lane.pk:
            continue
        moved = InboxEvent.objects.filter(lane=lane, ready_at__isnull=False).update(lane=heir)
        Lane.objects.filter(pk=lane.pk).update(
            merged_into=heir, ready_at=None, burst_started_at=None, lease_until=None, token=""
        )
        if moved:
            make_ready(heir, now=timezone.now())
            save_ready([heir])


def _heir(lanes: dict[str, Lane], keys: dict[str, ContactAddress], keep: Contact, channel_id: int) -> Lane | None:
    """The lane of `keep` on that channel, the phone's before any other."""
    own = [key for key, row in keys.items() if row.contact_id == keep.pk and row.channel_id == channel_id]
    own.sort(key=lambda key: (keys[key].kind != ContactAddress.Kind.PHONE, key))
    return lanes[own[0]] if own else None


def _check_by_hand(keep: Contact, lose: Contact) -> None:
    if Contact.objects.filter(pk=keep.pk, merged_into__isnull=False).exists():
        raise DomainError(MERGED)
    check_known(keep.pk, lose.pk)
    if getattr(keep, "agent", None) is not None and getattr(lose, "agent", None) is not None:
        raise DomainError("Los dos son agentes: no se pueden unir.")


def _lock_unmerged(keep: Contact, lose: Contact) -> None:
    """Two who merge the same pair at once, each the other way round, would leave a circle without a living contact."""
    rows = Contact.objects.select_for_update().filter(pk__in=[keep.pk, lose.pk]).order_by("pk")
    if any(heir is not None for heir in rows.values_list("merged_into", flat=True)):
        raise DomainError(MERGED)


def _link_both_phones(keep: Contact, lose: Contact) -> None:
    """Only one of two numbers stays the contact's own, so what either allowed by being on file becomes a link."""
    if keep.phone_key is None or lose.phone_key is None:
        return
    found = by_phone_keys([keep.phone_key, lose.phone_key])
    how = ContactLink.How.PHONE
    rows = [ContactLink(contact=keep, customer=one, how=how) for customers in found.values() for one in customers]
    ContactLink.objects.bulk_create(rows, ignore_conflicts=True)


def _move_links(keep: Contact, lose: Contact) -> None:
    """The customers that either speaks for; what either proved stays proved."""
    theirs = {link.customer_id: link for link in ContactLink.objects.filter(contact=lose)}
    for link in ContactLink.objects.filter(contact=keep, customer_id__in=theirs, verified_at__isnull=True):
        other = theirs[link.customer_id]
        if other.verified_at is not None:
            ContactLink.objects.filter(pk=link.pk).update(how=other.how, verified_at=other.verified_at)
    known = ContactLink.objects.filter(contact=keep).values("customer_id")
    ContactLink.objects.filter(contact=lose).exclude(customer_id__in=known).update(contact=keep)
    ContactLink.objects.filter(contact=lose).delete()


def _move_conversation(conversation: Conversation, keep: Contact) -> None:
    """A chat on a channel where `keep` has one already is poured into it."""
    target = Conversation.objects.filter(channel_id=conversation.channel_id, contact=keep).first()
    if target is None:
        Conversation.objects.filter(pk=conversation.pk).update(contact=keep)
        return
    _settle_open_tickets(conversation, target)
    Ticket.objects.filter(conversation=conversation).update(conversation=target)
    Message.objects.filter(conversation=conversation).update(conversation=target)
    _follow_the_newest(conversation, target)
    conversation.delete()


def _follow_the_newest(conversation: Conversation, target: Conversation) -> None:
    """What was said last says where they are now: that is where answers go."""
    spoken, before = conversation.last_message_at, target.last_message_at
    if spoken is not None and (before is None or before < spoken):
        Conversation.objects.filter(pk=target.pk).update(last_message_at=spoken, address=conversation.address)


def _settle_open_tickets(conversation: Conversation, target: Conversation) -> None:
    """One chat holds one open case: the later one closes, pointing at the other."""
    still_open = Ticket.objects.filter(conversation__in=[conversation, target]).exclude(state=Ticket.State.CLOSED)
    still_open = still_open.select_related("group__conversation")
    rows = list(still_open.order_by("state", "pk"))  # «en_progreso» sorts before «pendiente»
    for extra in rows[1:]:
        reason = f"Unido al ticket #{rows[0].number}"
        Ticket.objects.filter(pk=extra.pk).update(
            state=Ticket.State.CLOSED, closed_at=timezone.now(), close_reason=reason
        )
        TicketEvent.objects.create(ticket=extra, kind=TicketEvent.Kind.CLOSED, actor="Sistema", text=reason)
        _tell_who_attended(extra, rows[0])
        note = f"Se unió el ticket #{extra.number}: {extra.message}"
        TicketEvent.objects.create(ticket=rows[0], kind=TicketEvent.Kind.NOTE, actor="Sistema", text=note)


def _tell_who_attended(extra: Ticket, goes_on: Ticket) -> None:
    if extra.group is not None:
        words = Speech.load().say(
            "desk.transferred", numero=extra.number, destino=f"formar parte del #{goes_on.number}"
        )
        tell_group(extra.group, words)


def _keep_newest_dialog(keep: Contact, lose: Contact) -> None:
    states = list(DialogState.objects.filter(contact__in=[keep, lose]).order_by("-updated_at"))
    for old in states[1:]:
        old.delete()
    if states and states[0].contact_id != keep.pk:
        DialogState.objects.filter(pk=states[0].pk).update(contact=keep)


def _move_identity(keep: Contact, lose: Contact) -> None:
    """What the lost row knew and the kept one did not. Its unique values are given up first."""
    phone, phone_key = lose.phone, lose.phone_key
    agent = getattr(lose, "agent", None)
    Contact.objects.filter(pk=lose.pk).update(merged_into=keep, phone_key=None, trashed_at=None)
    changes: dict[str, object] = {}
    if keep.trashed_at is not None:
        changes["trashed_at"] = None
    if keep.phone_key is None and phone_key is not None:
        changes |= {"phone": phone, "phone_key": phone_key}
    if not keep.name and lose.name:
        changes["name"] = lose.name
    if keep.opted_out_at is None and lose.opted_out_at is not None:
        changes["opted_out_at"] = lose.opted_out_at
    if lose.last_seen_at is not None and (keep.last_seen_at is None or keep.last_seen_at < lose.last_seen_at):
        changes["last_seen_at"] = lose.last_seen_at
    if lose.notes:
        changes["notes"] = "\n".join(filter(None, (keep.notes, lose.notes)))
    if changes:
        Contact.objects.filter(pk=keep.pk).update(**changes)
    if agent is not None and getattr(keep, "agent", None) is None:
        agent.contact = keep
        agent.save(update_fields=["contact"])
