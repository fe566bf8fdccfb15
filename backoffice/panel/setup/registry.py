"""The steps of the assistant, in order: another one is another line."""

from backoffice.panel.setup import steps
from backoffice.panel.setup.base import Step

STEPS: tuple[Step, ...] = (
    steps.OwnPassword(),
    steps.CompanyData(),
    steps.Hours(),
    steps.Holidays(),
    steps.Zones(),
    steps.Plans(),
    steps.Questions(),
    steps.Team(),
    steps.Customers(),
    steps.Connections(),
    steps.Backups(),
    steps.WhatsApp(),
)


def optional_step(key: str) -> Step | None:
    """The step of that name, if a company may do without it."""
    return next((step for step in STEPS if step.key == key and step.optional), None)
