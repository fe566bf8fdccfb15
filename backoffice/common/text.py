"""What staff write with {blanks} that are filled later."""

import re
from collections.abc import Collection, Mapping

from django.core.exceptions import ValidationError

_BLANK = re.compile(r"\{([^{}]*)\}")


def unknown_blanks(text: str, known: Collection[str]) -> list[str]:
    """The {blanks} of a text that nobody can fill, in order and once each; none when it is right."""
    return list(dict.fromkeys(name for name in _BLANK.findall(text) if name not in known))


def check_blanks(texts: Mapping[str, tuple[str, Collection[str]]]) -> None:
    """Refuse texts with blanks that nobody can fill: field → (text, the blanks it knows).

    Raises:
        ValidationError: by field, with the blanks at fault and those that may be used.
    """
    wrong = {}
    for field, (text, known) in texts.items():
        if unknown := unknown_blanks(text, known):
            told = ", ".join(f"{{{name}}}" for name in unknown)
            usable = " y ".join(f"{{{name}}}" for name in known)
            wrong[field] = f"No se conoce {told}: acá podés usar {usable}."
    if wrong:
        raise ValidationError(wrong)
