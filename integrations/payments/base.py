"""The payments port: what Mostrador asks of whoever collects. Standard library only.

Calls raise `integrations.errors`. Reads may be repeated; what charges or returns money comes with its own methods.
"""

from typing import Protocol

from integrations.health import Health


class PaymentSystem(Protocol):
    """One account of one ISP. Built without touching the network; any call may raise `IntegrationError`."""

    def check(self) -> Health:
        """Whether it answers and lets us in. Never raises for what `HealthState` can say."""
        ...
