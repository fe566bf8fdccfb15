"""A row becomes an adapter; and one is tried out, with no row and no transaction around it."""

import json
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils import timezone

from backoffice.connections.kinds import KINDS, provider_of
from backoffice.connections.models import Connection
from integrations import registry
from integrations.addresses import origin_of
from integrations.fields import Field, FieldKind
from integrations.health import Health, HealthState
from integrations.registry import Provider

HIDDEN = "••••"
SHORTEST = 12  # of a shorter secret, four letters would tell too much


@dataclass(frozen=True, slots=True)
class Tried:
    """How a test went: when it began, and how long it took."""

    health: Health
    at: datetime
    ms: int


def adapter_of(connection: Connection) -> Any:
    """What speaks to the connection's system; it has called nobody yet. Raises: integrations' NotFound."""
    package = KINDS[connection.kind].package
    return registry.build(package, connection.provider, connection.settings, secrets_of(connection))


def secrets_of(connection: Connection) -> dict[str, str]:
    """In clear, by field. Empty when they cannot be opened any more (another SECRET_KEY)."""
    found = json.loads(connection.secrets) if connection.secrets else {}
    return {str(name): str(value) for name, value in found.items()}


def hint_of(secret: str) -> str:
    """«••••1234»: enough to tell one key from another; "" when there is none."""
    if not secret:
        return ""
    return HIDDEN + (secret[-4:] if len(secret) >= SHORTEST else "")


def missing(provider: Provider, settings: Mapping[str, Any], secrets: Mapping[str, str]) -> list[Field]:
    """The required fields that have no value."""
    known = {**settings, **secrets}
    return [field for field in provider.fields if field.required and known.get(field.name) in (None, "")]


def has_moved(provider: Provider, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether an address leads to somebody else: a kept secret would be told to them."""
    given = [field for field in provider.settings if field.name in after]
    return any(_leads_to(field, after) != _leads_to(field, before) for field in given)


def _leads_to(field: Field, values: Mapping[str, Any]) -> str:
    """Whom, and how, this value has us speak to; "" for what has no say in it."""
    value = str(values.get(field.name, ""))
    return origin_of(value) if field.kind is FieldKind.URL else value.lower() if field.leads else ""


def try_out(provider: Provider, settings: Mapping[str, Any], secrets: Mapping[str, str]) -> Tried:
    """«Probar conexión» with these values. It waits for the network: never call it inside a transaction."""
    at, began = timezone.now(), time.monotonic()
    health = _checked(provider, settings, secrets)
    clean = replace(health, message=redacted(health.message, secrets), advice=redacted(health.advice, secrets))
    return Tried(clean, at, round(1000 * (time.monotonic() - began)))


def try_connection(connection: Connection) -> Tried:
    """The same with what is kept. Raises: LookupError when its provider is no more."""
    provider = provider_of(connection.kind, connection.provider)
    if provider is None:
        raise LookupError(connection.provider)
    return try_out(provider, connection.settings, secrets_of(connection))


def redacted(text: str, secrets: Mapping[str, str]) -> str:
    """What another system says, without our keys in it."""
    for secret in filter(None, secrets.values()):
        text = text.replace(secret, HIDDEN)
    return text


def _checked(provider: Provider, settings: Mapping[str, Any], secrets: Mapping[str, str]) -> Health:
    lacking = missing(provider, settings, secrets)
    if lacking:
        names = ", ".join(field.label for field in lacking)
        return Health(HealthState.WRONG_SETTINGS, f"Falta completar: {names}.", "Cargalo y volvé a probar.")
    with closing(provider.build(settings, secrets)) as adapter:
        health: Health = adapter.check()
    return health
