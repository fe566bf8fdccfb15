"""A provider is a file."""

import pytest

from integrations import registry
from integrations.errors import NotFound
from integrations.whatsapp.simulator import SimulatorTransport


def test_the_simulator_is_found_by_its_file():
    assert ("simulator", "Simulador") in registry.choices("integrations.whatsapp")


def test_a_stored_row_becomes_an_adapter():
    adapter = registry.build("integrations.whatsapp", "simulator", {"url": "http://127.0.0.1:8000"})
    assert isinstance(adapter, SimulatorTransport)
    adapter.close()


def test_a_provider_that_nobody_brings_is_a_clear_error():
    with pytest.raises(NotFound) as error:
        registry.build("integrations.whatsapp", "telegram", {})
    assert "telegram" in error.value.staff_text
