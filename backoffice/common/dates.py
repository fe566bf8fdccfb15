"""Dates as staff type them, and what is wrong with one that is none."""

import re
from calendar import monthrange
from datetime import date

from backoffice.common.errors import DomainError
from integrations.understanding.dates import month_name

_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})|([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")


def parse_date(text: str) -> date:
    """A date as AAAA-MM-DD, or dd/mm/aaaa as Argentines write it.

    Raises:
        DomainError: it is written otherwise, or its month or day does not exist ("2024-13-01").
    """
    typed = text.strip()
    match = _DATE.fullmatch(typed)
    if match is None:
        raise DomainError(
            f"«{typed}» no es una fecha: escribila como AAAA-MM-DD, por ejemplo 2026-12-25.", field="date"
        )
    year, month, day = map(int, match.group(1, 2, 3) if match[1] else match.group(6, 5, 4))
    if not 1 <= month <= 12:
        raise DomainError(f"«{typed}» no existe: no hay un mes {month}. Escribila como AAAA-MM-DD.", field="date")
    if year < 2000 or year > 2100:
        raise DomainError(f"Revisá el año de «{typed}».", field="date")
    if not 1 <= day <= monthrange(year, month)[1]:
        raise DomainError(f"«{typed}» no existe: {month_name(month)} de {year} no tiene un día {day}.", field="date")
    return date(year, month, day)
