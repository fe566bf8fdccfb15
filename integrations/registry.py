"""Find the providers of a port by their files: adding one is adding a file, nothing else.

A provider's module defines `PROVIDER = Provider(name=..., label=..., build=...)`. Vendors' SDKs are imported inside
`build`, so that listing the providers needs none of them.
"""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from integrations.errors import NotFound
from integrations.fields import Field

Settings = Mapping[str, Any]


@dataclass(frozen=True)
class Provider:
    """One way to fill a port. `build(settings, secrets)` gives the adapter; it connects to nothing yet.

    What staff read: `help_text` says what it is, `used_for` what the connection does today, `guide` where its values
    are found, a step each. `fields` are those values; what a field calls a secret comes in `secrets`.
    """

    name: str
    label: str
    build: Callable[[Settings, Settings], Any]
    help_text: str = ""
    used_for: str = ""
    guide: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()

    @property
    def secrets(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if field.is_secret)

    @property
    def settings(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if not field.is_secret)


@cache
def providers(package: str) -> dict[str, Provider]:
    """Every provider in a package (`integrations.whatsapp`), by name, in the order of their labels."""
    home = importlib.import_module(package)
    found = []
    for entry in pkgutil.iter_modules(home.__path__):
        if entry.name == "base" or entry.name.startswith("_"):
            continue
        provider = getattr(importlib.import_module(f"{package}.{entry.name}"), "PROVIDER", None)
        if isinstance(provider, Provider):
            found.append(provider)
    return {provider.name: provider for provider in sorted(found, key=lambda one: one.label.lower())}


def choices(package: str) -> list[tuple[str, str]]:
    """(name, label) pairs for a form field; pass it as a callable, so that no migration freezes the list."""
    return [(provider.name, provider.label) for provider in providers(package).values()]


def build(package: str, name: str, settings: Settings, secrets: Settings | None = None) -> Any:
    """Make the adapter of a stored row. Raises: NotFound when no file provides `name`."""
    provider = providers(package).get(name)
    if provider is None:
        raise NotFound(f"{package} has no provider {name!r}", staff_text=f"No hay un proveedor «{name}».")
    return provider.build(settings, secrets or {})
