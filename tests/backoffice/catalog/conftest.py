"""What FibraSur sells: two zones, two plans."""

from decimal import Decimal

import pytest

from backoffice.catalog.models import Plan, Zone
from tests.backoffice.panel.conftest import _nothing_kept, admin, signed_in, staff

__all__ = ["_nothing_kept", "admin", "signed_in", "staff"]


@pytest.fixture
def centro(db: None) -> Zone:
    return Zone.objects.create(name="Centro", aliases="Microcentro, La Sexta")


@pytest.fixture
def norte(db: None) -> Zone:
    return Zone.objects.create(name="Norte", coverage=Zone.Coverage.CHECK)


@pytest.fixture
def fibra(db: None) -> Plan:
    return Plan.objects.create(name="Fibra 100MB", price=Decimal("18500.00"), download=100, upload=50)


@pytest.fixture
def comercio(db: None) -> Plan:
    return Plan.objects.create(name="Comercio 300MB", price=Decimal("32900.00"), download=300, upload=300)
