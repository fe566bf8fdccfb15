"""What can be refused about the menus."""

from collections.abc import Sequence

from backoffice.common.errors import DomainError
from backoffice.dialogs.checks import Problem


class ChangedMeanwhile(DomainError):
    """Somebody else changed or deleted it since this person's screen was drawn. Nothing was written."""


class Unfit(DomainError):
    """The draft cannot be published as it is; `problems` says why, each thing with its place."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("Hay cosas para revisar antes de publicar.")
        self.problems = tuple(problems)
