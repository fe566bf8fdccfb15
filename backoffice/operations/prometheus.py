"""The counters as Prometheus reads them: text format 0.0.4.

Counters and histograms are the sums since the installation (minute 0 of `Metric`), of all processes together, so they
only grow: neither a restart nor the pruning of old minutes takes anything from them. They lag ten seconds behind,
which is how often a process tells what it counted. Gauges are what the tables say now.
"""

from collections import defaultdict
from datetime import datetime

from django.utils import timezone

from backoffice.common.metrics import BOUNDS, SLOWEST
from backoffice.common.sql import Written
from backoffice.conversations.models import InboxEvent, Message
from backoffice.operations.load import load_now
from backoffice.operations.models import Heartbeat, Metric
from backoffice.operations.selectors import SILENCE, enabled_channels, is_connected

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

COUNTERS = {
    "received": "New messages stored.",
    "turns": "Turns of the dialogue committed.",
    "answered": "Turns that said something.",
    "sent": "Replies and agents' messages that the network took.",
    "notices_sent": "Notices that the network took.",
    "failed": "Messages that will not leave any more.",
    "uncertain": "Messages that nobody knows to have left.",
    "dead": "Events that no turn could handle and a person got.",
    "mended": "Lanes that the watchdog freed.",
}
TIMERS = {
    "turn": "Reading, running and writing a turn.",
    "outbox": "From a reply's commit until the network took it.",
    "queue": "Age of the oldest lane that waits, sampled.",
}


def exposition(now: datetime | None = None) -> str:
    """All families, each with its HELP and TYPE. Six queries, whatever the history."""
    now = now or timezone.now()
    counts, times, totals = _since_ever()
    lines: list[str] = []
    for name, about in COUNTERS.items():
        lines += _family(f"mostrador_{name}_total", "counter", about, [("", counts.get(name, 0))])
    for name, about in TIMERS.items():
        lines += _histogram(f"mostrador_{name}_seconds", about, times[name], totals[name])
    load = load_now(now)
    for name, about, value in (
        ("lanes_waiting", "Chats that are ready and nobody took yet.", load.waiting),
        ("lanes_busy", "Chats that are being answered now.", load.busy),
        ("queue_age_seconds", "How long the oldest of them waits.", load.age.total_seconds()),
        ("outbox_replies", "Replies that are due and have not left.", load.replies),
        ("outbox_notices", "Notices that are due and have not left.", load.notices),
        ("dead_events", "Events that wait for somebody to decide.", _dead()),
        ("uncertain_messages", "Messages that wait for somebody to decide.", _uncertain()),
    ):
        lines += _family(f"mostrador_{name}", "gauge", about, [("", value)])
    lines += _family("mostrador_process_up", "gauge", "1 when the process gave signs of life.", _processes(now))
    lines += _family("mostrador_channel_up", "gauge", "1 when the channel is linked and heard.", _channels(now))
    return "\n".join(lines) + "\n"


def _since_ever() -> tuple[dict[str, int], dict[str, dict[int, int]], dict[str, int]]:
    counts: dict[str, int] = {}
    times: dict[str, dict[int, int]] = defaultdict(dict)
    totals: dict[str, int] = defaultdict(int)
    for row in Metric.objects.filter(minute=Metric.SINCE_EVER):
        if row.bound:
            times[row.name][row.bound] = row.count
            totals[row.name] += row.total
        else:
            counts[row.name] = row.count
    return counts, times, totals


def _histogram(name: str, about: str, slots: dict[int, int], total: int) -> list[str]:
    samples: list[tuple[str, float]] = []
    passed = 0
    for bound in BOUNDS:
        passed += slots.get(bound, 0)
        samples.append((f'_bucket{{le="{bound / 1000:g}"}}', passed))
    whole = passed + slots.get(SLOWEST, 0)
    samples += [('_bucket{le="+Inf"}', whole), ("_sum", total / 1000), ("_count", whole)]
    return _family(name, "histogram", about, samples)


def _family(name: str, kind: str, about: str, samples: list[tuple[str, float]]) -> list[str]:
    """A family and its samples; each sample is what follows the name (suffix and labels) and its value."""
    return [f"# HELP {name} {about}", f"# TYPE {name} {kind}", *(f"{name}{rest} {_number(v)}" for rest, v in samples)]


def _number(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.3f}"


def _processes(now: datetime) -> list[tuple[str, float]]:
    rows = Heartbeat.objects.order_by("name").values_list("name", "seen_at")
    return [(f'{{process="{_label(name)}"}}', int(seen_at > now - SILENCE)) for name, seen_at in rows]


def _channels(now: datetime) -> list[tuple[str, float]]:
    return [
        (f'{{channel="{one.pk}",name="{_label(one.name)}"}}', int(is_connected(one, now))) for one in enabled_channels()
    ]


def _label(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _dead() -> int:
    return InboxEvent.objects.filter(state=Written(InboxEvent.State.DEAD)).count()


def _uncertain() -> int:
    return Message.objects.filter(due_at__isnull=False, status=Message.Status.UNCERTAIN).count()
