"""The pieces of the dashboard, read for everybody at once (`tick.py`); `pages/dashboard.py` says who sees which."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Window
from django.utils import timezone
from django.utils.safestring import SafeString

from backoffice.channels.models import Channel
from backoffice.common.metrics import Counter
from backoffice.common.qr import qr_svg
from backoffice.company.models import Company
from backoffice.conversations.models import Contact, Conversation
from backoffice.operations import hours
from backoffice.operations.models import BotControl
from backoffice.operations.selectors import unanswered
from backoffice.panel import selectors
from backoffice.panel.charts import Chart, Donut, Series, against, donut, figure
from backoffice.tickets.models import Ticket

LISTED = 5  # how many of «Sin responder» the dashboard shows
WEEKS = 7
SENT: tuple[Counter, ...] = ("sent", "notices_sent")
RUNNING_OUT = 0.1  # of the month's messages


@dataclass(frozen=True, slots=True)
class Bot:
    """`codes` are the QR codes that wait to be read, by channel."""

    cards: Sequence[selectors.ChannelCard]
    codes: dict[int, SafeString]
    mode: str
    mode_normal: bool


def bot() -> Bot:
    cards = selectors.channel_cards()
    control = BotControl.objects.filter(pk=1).first() or BotControl()
    codes = {card.channel.pk: qr_svg(card.qr) for card in cards if card.qr}
    return Bot(cards, codes, control.get_mode_display(), control.mode == BotControl.Mode.FULL)


def cases() -> list[Donut]:
    """«Tickets por estado» and «Análisis de sentimiento» (ISPBOT-DASH-13, 14)."""
    return [
        donut("Tickets por estado", selectors.tickets_by_state()),
        donut("Análisis de sentimiento", selectors.tickets_by_sentiment()),
    ]


@dataclass(frozen=True, slots=True)
class Waiting:
    """«Sin responder»: how many, and the first of them. `stamp` changes with what is shown of them."""

    count: int
    first: Sequence[Conversation]
    stamp: tuple[tuple[int, datetime | None], ...]


def waiting() -> Waiting:
    """One query, which counts them all while it reads the first."""
    first = list(unanswered().annotate(everybody=Window(Count("pk")))[:LISTED])
    count = first[0].everybody if first else 0  # type: ignore[attr-defined]
    return Waiting(count, first, tuple((chat.pk, chat.last_message_at) for chat in first))


@dataclass(frozen=True, slots=True)
class People:
    """Everybody who ever wrote (OPEN-DASH-03), and those who did today for the first time (OPEN-DASH-04)."""

    contacts: int
    new: int


def people() -> People:
    found = Contact.objects.filter(merged_into=None)
    return People(found.count(), found.filter(created_at__gte=_midnight()).count())


@dataclass(frozen=True, slots=True)
class Traffic:
    """Messages of today and of the month; `quota` is None when nobody set how many the plan has (OPEN-DASH-01, 02)."""

    received: int
    sent: int
    month_received: int
    month_sent: int
    quota: int | None

    @property
    def left(self) -> int:
        return max(0, (self.quota or 0) - self.month_sent)

    @property
    def used(self) -> int:
        """Percent of the month's messages."""
        return min(100, round(100 * self.month_sent / self.quota)) if self.quota else 0

    @property
    def is_short(self) -> bool:
        return self.quota is not None and self.left < self.quota * RUNNING_OUT


def traffic() -> Traffic:
    """From the counters by hour, never from the messages. Three queries."""
    midnight = _midnight()
    today = hours.counted(("received", *SENT), since=midnight)
    month = hours.counted(("received", *SENT), since=midnight.replace(day=1))
    quota = Company.objects.filter(pk=1).values_list("message_quota", flat=True).first()
    return Traffic(_received(today), _sent(today), _received(month), _sent(month), quota)


def _received(counts: dict[str, int]) -> int:
    return counts.get("received", 0)


def _sent(counts: dict[str, int]) -> int:
    return sum(counts.get(name, 0) for name in SENT)


def by_hour() -> Chart:
    """What came in each hour of today, and what comes on a day like this one: the mean of the last `WEEKS`."""
    midnight = _midnight()
    today, usual = hours.day_and_usual("received", midnight=midnight, now=timezone.now(), weeks=WEEKS)
    moments = [f"{place:02d}:00" for place in range(len(usual))]
    shown = [Series("Hoy", "brand", [*today, *[None] * (len(usual) - len(today))], figure(sum(today)))]
    if any(usual):
        shown.append(Series("Un día como hoy", "warn", usual, figure(round(sum(usual)))))
    return against("Mensajes recibidos por hora", shown, moments, labels=["0 h", "6 h", "12 h", "18 h", "24 h"])


def solved() -> Donut:
    """Of the people who wrote in the last days, those for whom no case was opened: the bot was enough. One query."""
    since = timezone.now() - timedelta(days=selectors.CHART_DAYS)
    case = Ticket.objects.filter(conversation=OuterRef("pk"), opened_at__gte=since)
    chats = Conversation.objects.filter(
        kind=Conversation.Kind.PRIVATE,
        last_message_at__gte=since,
        contact__last_seen_at__gte=since,
        contact__agent__isnull=True,
    ).exclude(channel__kind=Channel.Kind.PREVIEW)
    found = chats.aggregate(everybody=Count("pk"), attended=Count("pk", filter=Exists(case)))
    alone = found["everybody"] - found["attended"]
    figures = [("Sólo con el bot", alone), ("Con una persona", found["attended"])]
    share = f"{round(100 * alone / found['everybody'])} %" if found["everybody"] else "—"
    return donut("Resuelto por el bot", figures, centre=share)


def _midnight() -> datetime:
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
