"""What may be connected: the kinds, and the providers that each finds by its files. No migration freezes any of it."""

from dataclasses import dataclass

from integrations import registry
from integrations.health import LABELS
from integrations.registry import Provider


@dataclass(frozen=True, slots=True)
class Kind:
    """A port whose providers staff choose from. `package` is where they are; `about` says what it is for today."""

    name: str
    package: str
    title: str
    about: str

    @property
    def providers(self) -> list[Provider]:
        return list(registry.providers(self.package).values())


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("isp", "integrations.isp", "Sistema de gestión", "Donde están tus clientes y sus facturas."),
        Kind("payments", "integrations.payments", "Cobros", "Cómo pagan tus clientes."),
        Kind("mail", "integrations.mail", "Correo", "Por dónde salen los correos a tu personal: accesos y alertas."),
    )
}


def kind_choices() -> list[tuple[str, str]]:
    return [(kind.name, kind.title) for kind in KINDS.values()]


def provider_choices() -> list[tuple[str, str]]:
    return [choice for kind in KINDS.values() for choice in registry.choices(kind.package)]


def result_choices() -> list[tuple[str, str]]:
    return [(state.value, label) for state, label in LABELS.items()]


def provider_of(kind: str, name: str) -> Provider | None:
    """None when nobody brings it (any more)."""
    return registry.providers(KINDS[kind].package).get(name) if kind in KINDS else None
