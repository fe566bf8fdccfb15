"""Why a case cannot be taken, moved or written to. Each has its sentence, `desk.<code>`."""

from typing import ClassVar

from backoffice.agents.errors import DeskRefusal
from backoffice.common.errors import DomainError


class TakeRefused(DeskRefusal):
    """The case stays as it was."""


class AlreadyTaken(TakeRefused):
    """Somebody was faster; `by` says who."""

    code: ClassVar[str] = "already_taken"

    def __init__(self, *, by: str) -> None:
        super().__init__(agente=by)
        self.by = by


class AlreadyYours(TakeRefused):
    """Whoever asks has it already, in the group `grupo`."""

    code: ClassVar[str] = "already_yours"


class AllGroupsBusy(TakeRefused):
    """Every personal group of the agent holds a case."""

    code: ClassVar[str] = "all_busy"


class NoGroups(TakeRefused):
    """The agent has no group that is made."""

    code: ClassVar[str] = "no_groups"


class NotRegistered(TakeRefused):
    """The agent has not answered LISTO."""

    code: ClassVar[str] = "not_registered"


class AgentInactive(TakeRefused):
    code: ClassVar[str] = "inactive"


class TicketClosed(TakeRefused):
    code: ClassVar[str] = "ticket_closed"


class TicketUnknown(TakeRefused):
    """No ticket has that number."""

    code: ClassVar[str] = "ticket_unknown"


class NotInProgress(DeskRefusal):
    """Messages flow only while somebody attends the case (GRP-ERR-05)."""

    code: ClassVar[str] = "not_in_progress"


class TransferToSelf(DeskRefusal):
    code: ClassVar[str] = "transfer_self"


class NotYours(DomainError):
    """Who attends from the panel lost the case meanwhile; `by` says who has it now, "" when nobody does."""

    def __init__(self, *, by: str) -> None:
        who = f"ahora lo atiende {by}" if by else "volvió a quedar en espera"
        super().__init__(f"No se hizo: el caso ya no es tuyo, {who}.")
        self.by = by
