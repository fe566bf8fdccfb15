"""What holds for whichever system staff may connect: adding one is adding its folder, and it is tried by these."""

import pytest

from integrations import registry
from integrations.fields import FieldKind
from integrations.health import LABELS, HealthState
from integrations.registry import Provider

EVERY = [
    provider
    for package in ("integrations.isp", "integrations.payments", "integrations.mail")
    for provider in registry.providers(package).values()
]


def test_these_are_brought() -> None:
    assert {provider.name for provider in EVERY} >= {"mikrowisp", "mercadopago", "smtp"}


@pytest.mark.parametrize("provider", EVERY, ids=lambda provider: provider.name)
class TestProvider:
    def test_nobody_there_is_a_state_and_never_an_error(self, provider: Provider) -> None:
        nowhere = {FieldKind.URL: "http://127.0.0.1:1", FieldKind.HOST: "127.0.0.1"}
        settings = {field.name: nowhere.get(field.kind, field.default) for field in provider.settings}
        settings |= {"port": 1} if "port" in settings else {}
        adapter = provider.build(settings, {field.name: "clave-de-prueba" for field in provider.secrets})
        health = adapter.check()
        adapter.close()
        assert health.state is HealthState.UNREACHABLE
        assert health.message
        assert health.advice

    def test_it_tells_staff_what_it_is_and_what_it_does_today(self, provider: Provider) -> None:
        assert provider.help_text
        assert provider.used_for
        assert provider.guide
        names = [field.name for field in provider.fields]
        assert len(names) == len(set(names))
        assert not {"name", "enabled", "pk", "kind", "provider"} & set(names)

    def test_what_is_advanced_needs_nobody(self, provider: Provider) -> None:
        assert all(field.default != "" and not field.is_secret for field in provider.fields if field.advanced)


def test_every_state_has_its_label() -> None:
    assert set(LABELS) == set(HealthState)
