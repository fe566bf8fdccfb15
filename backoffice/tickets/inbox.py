"""The list of conversations as somebody at the desk sees it: theirs, those that wait, everybody's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from backoffice.accounts.models import User
from backoffice.channels.models import Channel
from backoffice.conversations.models import ChatMark, Conversation, Message
from integrations.understanding.phones import phone_key

from .models import Ticket
from .phrases import holder, what_was_sent

MINE, WAITING, EVERYBODY = "mias", "esperan", ""
STATES = Ticket.State
_SHORTEST_PHONE = 4


@dataclass(frozen=True, slots=True)
class Row:
    """A chat of the list. `unread` counts what its person wrote and whoever attends it has not seen."""

    chat: Conversation
    last: Message | None
    ticket: Ticket | None
    attended_by: str
    is_mine: bool
    unread: int

    @property
    def words(self) -> str:
        """The last message in one line."""
        return " ".join(what_was_sent(self.last).split())[:120] if self.last else ""

    @property
    def version(self) -> tuple[object, ...]:
        """What a change of the row changes."""
        last = (self.last.pk, self.last.status) if self.last else None
        case = (self.ticket.pk, self.ticket.state, self.attended_by, self._minutes) if self.ticket else None
        labels = self.chat.contact.labels.all() if self.chat.contact else ()
        return self.chat.pk, last, case, self.unread, tuple((label.pk, label.name, label.tone) for label in labels)

    @property
    def _minutes(self) -> int:
        """How long it waits, as the list tells it."""
        if self.ticket is None or self.ticket.state != Ticket.State.PENDING:
            return 0
        return int((timezone.now() - self.ticket.opened_at).total_seconds()) // 60


@dataclass(frozen=True, slots=True)
class Figures:
    """How many open cases are mine and how many wait."""

    mine: int
    waiting: int


def figures(user: User) -> Figures:
    counted = Ticket.objects.exclude(state=STATES.CLOSED).aggregate(
        mine=Count("pk", filter=_of(user)), waiting=Count("pk", filter=Q(state=STATES.PENDING))
    )
    return Figures(**counted)


def chats(*, user: User, which: str = EVERYBODY, query: str = "", label: int | None = None) -> QuerySet[Conversation]:
    """People's chats, the last that spoke first; `which` is MINE, WAITING (who waits longest first) or EVERYBODY.

    `query` is a name, a phone in any form, a DNI or a customer's number.
    """
    rows = Conversation.objects.filter(
        kind=Conversation.Kind.PRIVATE,
        contact__isnull=False,
        contact__anonymised_at__isnull=True,
        contact__trashed_at__isnull=True,
        last_message_at__isnull=False,
    ).exclude(channel__kind=Channel.Kind.PREVIEW)
    rows = rows.select_related("contact").prefetch_related("contact__labels").order_by("-last_message_at", "-id")
    unclosed = Ticket.objects.filter(conversation=OuterRef("pk")).exclude(state=STATES.CLOSED)
    if which == MINE:
        rows = rows.filter(Exists(unclosed.filter(_of(user))))
    elif which == WAITING:
        waiting = unclosed.filter(state=STATES.PENDING)
        urgency, since = Subquery(waiting.values("priority")[:1]), Subquery(waiting.values("opened_at")[:1])
        rows = rows.filter(Exists(waiting)).annotate(urgency=urgency, since=since).order_by("urgency", "since")
    if label is not None:
        rows = rows.filter(contact__labels=label)
    return _found(rows, query) if query else rows


def _of(user: User) -> Q:
    """A case attended by somebody: from the panel, or in a group as the agent they are."""
    return Q(state=STATES.IN_PROGRESS) & (Q(user=user) | Q(agent__user=user))


def _found(rows: QuerySet[Conversation], query: str) -> QuerySet[Conversation]:
    wanted = Q(contact__name__icontains=query) | Q(contact__links__customer__name__icontains=query)
    wanted |= Q(contact__links__customer__code=query) | Q(contact__links__customer__document=query)
    digits = "".join(letter for letter in query if letter.isdecimal())
    if len(digits) >= _SHORTEST_PHONE:
        wanted |= Q(contact__phone_key__contains=phone_key(query) or digits)
    return rows.filter(wanted).distinct()


def rows_of(found: Sequence[Conversation], user: User) -> list[Row]:
    """What the list shows of these chats, in at most four queries."""
    ids = [chat.pk for chat in found]
    lasts = _last_messages(ids)
    cases = {case.conversation_id: case for case in open_cases(Q(conversation__in=ids))}
    unread = _unread([case for case in cases.values() if case.user_id == user.pk], user)
    return [_row(chat, lasts.get(chat.pk), cases.get(chat.pk), user, unread.get(chat.pk, 0)) for chat in found]


def unread_chats(user: User) -> int:
    """How many of somebody's chats say something that they have not seen. At most three queries."""
    return len(_unread(list(open_cases(Q(user=user))), user))


def _row(chat: Conversation, last: Message | None, case: Ticket | None, user: User, unread: int) -> Row:
    attending = case is not None and case.state == STATES.IN_PROGRESS
    return Row(
        chat=chat,
        last=last,
        ticket=case,
        attended_by=holder(case) if case is not None and attending else "",
        is_mine=case is not None and attending and case.user_id == user.pk,
        unread=unread,
    )


def _last_messages(chats: Sequence[int]) -> dict[int, Message]:
    last = Message.objects.filter(conversation=OuterRef("pk")).order_by("-id").values("pk")[:1]
    ids = Conversation.objects.filter(pk__in=chats).values_list(Subquery(last), flat=True)
    found = Message.objects.filter(pk__in=list(ids)).select_related("media")
    return {message.conversation_id: message for message in found}


def open_cases(which: Q) -> QuerySet[Ticket]:
    """Cases that are not closed, with who attends them."""
    return Ticket.objects.filter(which).exclude(state=STATES.CLOSED).select_related("agent", "user__agent")


def _unread(mine: Sequence[Ticket], user: User) -> dict[int, int]:
    """Of each chat attended from the panel, how many lines came since it was read or, if never, since it was taken."""
    if not mine:
        return {}
    contacts = {case.contact_id for case in mine}
    marks = dict(ChatMark.objects.filter(user=user, contact__in=contacts).values_list("contact_id", "upto"))
    news = Q()
    for case in mine:
        news |= _since(case, marks.get(case.contact_id), case.taken_at or case.opened_at)
    rows = Message.objects.filter(news, direction=Message.Direction.IN).order_by()
    return dict(rows.values_list("conversation_id").annotate(Count("pk")))


def _since(case: Ticket, mark: int | None, taken: datetime) -> Q:
    after = Q(created_at__gte=taken) if mark is None else Q(pk__gt=mark)
    return Q(conversation=case.conversation_id) & after
