"""What can go wrong inside the house, in words that staff can read."""


class DomainError(Exception):
    """A rule of the business says no. `message` is Spanish; `field` is the form's field at fault, if one is."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    @property
    def messages(self) -> list[str]:
        """What a form shows, a line each: the message, and the details of those errors that have some."""
        return [self.message]
