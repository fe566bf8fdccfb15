"""Argentina's national holidays of a year, computed (law 27.399).

The days that the government moves or adds by decree (bridge days, a holiday that falls on a weekend) are not here: no
rule tells them.
"""

from datetime import date, timedelta

FIRST_YEAR = 2018  # the law is in force since
LAST_YEAR = 2100

_FIXED = (
    (1, 1, "Año Nuevo"),
    (3, 24, "Día Nacional de la Memoria por la Verdad y la Justicia"),
    (4, 2, "Día del Veterano y de los Caídos en la Guerra de Malvinas"),
    (5, 1, "Día del Trabajador"),
    (5, 25, "Día de la Revolución de Mayo"),
    (6, 20, "Paso a la Inmortalidad del General Manuel Belgrano"),
    (7, 9, "Día de la Independencia"),
    (12, 8, "Inmaculada Concepción de María"),
    (12, 25, "Navidad"),
)
_MOVABLE = (
    (6, 17, "Paso a la Inmortalidad del General Martín Miguel de Güemes"),
    (8, 17, "Paso a la Inmortalidad del General José de San Martín"),
    (10, 12, "Día del Respeto a la Diversidad Cultural"),
    (11, 20, "Día de la Soberanía Nacional"),
)
_FROM_EASTER = ((-48, "Carnaval"), (-47, "Carnaval"), (-2, "Viernes Santo"))
# Weekday (Monday 0) → days: to the Monday before from Tuesday and Wednesday, to the one after from Thursday and Friday.
_MOVES = {1: -1, 2: -2, 3: 4, 4: 3}


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (b - (b + 8) // 25 + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def national_holidays(year: int) -> list[tuple[date, str]]:
    """The days and their names, in order. Two holidays of one day share it, joined by « y ».

    Raises:
        ValueError: a year before the law, or too far away to be meant.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"year out of range: {year}")
    days = [(date(year, month, day), name) for month, day, name in _FIXED]
    days += [(_moved(date(year, month, day)), name) for month, day, name in _MOVABLE]
    days += [(easter(year) + timedelta(days=ahead), name) for ahead, name in _FROM_EASTER]
    names: dict[date, str] = {}
    for day, name in sorted(days):
        names[day] = f"{names[day]} y {name}" if day in names else name
    return list(names.items())


def _moved(day: date) -> date:
    return day + timedelta(days=_MOVES.get(day.weekday(), 0))
