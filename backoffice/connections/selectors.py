"""Reads of the connections: how each one stands by its last call with the values it has now."""

from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery

from backoffice.connections.adapters import missing, secrets_of
from backoffice.connections.kinds import provider_of
from backoffice.connections.models import CallLog, Connection
from integrations.fields import Field
from integrations.health import OF_THE_KEY, HealthState
from integrations.registry import Provider

TONES = {HealthState.OK: "good", HealthState.THROTTLED: "warn", HealthState.UNREACHABLE: "warn"}


@dataclass(frozen=True, slots=True)
class Standing:
    """A connection, its provider (None when nobody brings it), what it lacks, and its last call since it changed."""

    connection: Connection
    provider: Provider | None
    lacking: list[Field]
    last: CallLog | None

    @property
    def tone(self) -> str:
        return tone_of(self.last.result) if self.last else ""


def tone_of(result: str) -> str:
    """How a result looks: good, warn or bad."""
    return TONES.get(HealthState(result), "bad") if result in list(HealthState) else "bad"


def standings(pk: int | None = None) -> list[Standing]:
    """All of them, or that one. Two queries, however many there are."""
    rows = Connection.objects.all() if pk is None else Connection.objects.filter(pk=pk)
    found = list(rows.annotate(last_call=_last("pk")))
    calls = CallLog.objects.select_related("by").in_bulk([row.last_call for row in found if row.last_call])
    return [_standing(row, calls.get(row.last_call or 0)) for row in found]


def standing_of(pk: int) -> Standing | None:
    return next(iter(standings(pk)), None)


def refused() -> QuerySet[Connection]:
    """Those in use whose key the other side does not accept, by their last call."""
    states = [state.value for state in OF_THE_KEY]
    return Connection.objects.filter(enabled=True).annotate(came=_last("result")).filter(came__in=states)


def answering() -> QuerySet[Connection]:
    """Those in use that answered and let us in, by their last call."""
    return Connection.objects.filter(enabled=True).annotate(came=_last("result")).filter(came=HealthState.OK.value)


def _last(value: str) -> Subquery:
    """Of a connection's last call since its values changed."""
    since = CallLog.objects.filter(connection=OuterRef("pk"), at__gte=OuterRef("values_changed_at"))
    return Subquery(since.order_by("-id").values(value)[:1])


def _standing(row: Connection, last: CallLog | None) -> Standing:
    provider = provider_of(row.kind, row.provider)
    lacking = missing(provider, row.settings, secrets_of(row)) if provider else []
    return Standing(row, provider, lacking, last)
