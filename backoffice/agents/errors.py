"""Why the desk says no. The bot answers with the sentence of `code`; the panel shows `message`."""

from typing import Any, ClassVar

from backoffice.common.errors import DomainError
from backoffice.dialogs.texts import SENTENCES
from integrations.understanding.blanks import fill


class DeskRefusal(DomainError):
    """A refusal people hear in a group. `values` fill the blanks of its sentence, `desk.<code>`."""

    code: ClassVar[str] = ""

    def __init__(self, *, field: str | None = None, **values: Any) -> None:
        super().__init__(fill(SENTENCES[f"desk.{self.code}"].default, values), field=field)
        self.values = values


class WrongNumber(DeskRefusal):
    """Somebody answered LISTO to another agent's request."""

    code = "wrong_number"


class AlreadyRegistered(DeskRefusal):
    """The agent had said LISTO before."""

    code = "already_registered"
