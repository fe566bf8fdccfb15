"""Argentine pesos: how they are shown, and the two ways they are written. People and APIs never share a parser."""

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

_CENT = Decimal("0.01")
_MAX = Decimal(10) ** 10  # what Decimal(12, 2) holds
_MULTIPLIERS = {"mil": 1_000, "lucas": 1_000, "luca": 1_000, "k": 1_000, "palo": 1_000_000, "palos": 1_000_000}

_UNIT = r"(?:mil|lucas?|k|palos?)"
_NUMBER = r"[0-9]+(?:[.,][0-9]+)*|[0-9]{1,3}(?: [0-9]{3})+(?:,[0-9]{1,2})?"
_WHOLE = re.compile(
    rf"(?P<minus>-)?\s*(?:(?:ars|u?\$)\s*)?(?P<minus2>-)?\s*(?P<number>{_NUMBER})\s*(?P<unit>{_UNIT})?"
    r"\s*(?:pesos|ars|\$|\.-)?",
    re.IGNORECASE,
)
_GROUPED = {
    ".": re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+"),
    ",": re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+"),
}
_API = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_SAID_AS_MONEY = re.compile(
    rf"\$\s*(?P<a>[0-9][0-9.,]*)(?:\s*(?P<au>{_UNIT})\b)?|"
    rf"(?<![\w.,])(?P<b>[0-9][0-9.,]*)\s*(?P<bu>{_UNIT})\b|"
    r"(?<![\w.,])(?P<c>[0-9][0-9.,]*)\s*(?:pesos|ars)\b|"
    r"\b(?:pague|pagué|pagamos|transfer[ií]|deposit[eé]|abon[eé]|monto|importe|total)(?:\s+(?:de|por|es|con))?\s*:?\s+"
    r"(?P<d>[0-9]{1,3}(?:[.,][0-9]{3})+(?:,[0-9]{1,2})?|[0-9]{3,6}(?:[.,][0-9]{1,2})?)(?![\w/-])(?![.,][0-9])",
    re.IGNORECASE,
)


def format_ars(amount: Decimal) -> str:
    """An amount as it is always shown, with cents: "$ 18.500,00"; a negative one is "-$ 18.500,00"."""
    cents = _to_cents(amount)
    figures = f"{abs(cents):,.2f}".translate(str.maketrans(",.", ".,"))
    return f"-$ {figures}" if cents < 0 else f"$ {figures}"


def short_ars(amount: Decimal) -> str:
    """The same without ",00" when there are no cents, for titles and lists: "$ 18.500"."""
    return format_ars(amount).removesuffix(",00")


def parse_human_amount(text: str) -> Decimal | None:
    """An amount as a person writes it ("$ 1.234,56", "12.500", "18,5 mil"); None when it is none or is ambiguous.

    With both separators the last is the decimal one; a lone comma with one or two digits after it is decimal;
    a separator with exactly three digits after it marks thousands ("15.000" is fifteen thousand).
    """
    match = _WHOLE.fullmatch(text.strip()[:60])
    if match is None:
        return None
    amount = _human_number(match["number"].replace(" ", "."), match["unit"])
    negative = match["minus"] or match["minus2"]
    return -amount if amount is not None and negative else amount


def find_amount(text: str) -> Decimal | None:
    """The first amount that a sentence names as money ("pagué 18.500", "son $5,000", "18 lucas"); None without one."""
    for match in _SAID_AS_MONEY.finditer(text):
        number = match["a"] or match["b"] or match["c"] or match["d"]
        amount = _human_number(number.rstrip(".,"), match["au"] or match["bu"])
        if amount is not None:
            return amount
    return None


def parse_api_amount(value: str | int | float | Decimal) -> Decimal:
    """An amount as programs write it ("40.00", 12500), rounded to cents.

    Raises:
        ValueError: it is not a plain finite number; "1.234,56" and "1,234.56" are not.
    """
    if isinstance(value, bool):
        raise ValueError(f"not an amount: {value!r}")
    if isinstance(value, str):
        value = value.strip()
        if not _API.fullmatch(value[:60]) or len(value) > 60:
            raise ValueError(f"not an amount: {value[:60]!r}")
    try:
        return _to_cents(Decimal(str(value)))
    except InvalidOperation as error:
        raise ValueError(f"not an amount: {value!r}") from error


def _to_cents(amount: Decimal) -> Decimal:
    if not amount.is_finite():
        raise ValueError(f"not an amount: {amount}")
    cents = amount.quantize(_CENT, rounding=ROUND_HALF_UP)
    return cents if cents else abs(cents)  # there is no minus zero


def _human_number(number: str, unit: str | None) -> Decimal | None:
    plain = _plain(number)
    if plain is None or len(plain) > 20:
        return None
    amount = Decimal(plain) * _MULTIPLIERS[unit.lower()] if unit else Decimal(plain)
    return _to_cents(amount) if amount < _MAX else None


def _plain(number: str) -> str | None:
    """The number with a decimal point and no thousands, or None when its separators make no sense."""
    if number.isdigit():
        return number
    decimal_mark = max(".,", key=number.rfind)
    thousands_mark = "," if decimal_mark == "." else "."
    if thousands_mark not in number and _GROUPED[decimal_mark].fullmatch(number):
        return number.replace(decimal_mark, "")
    whole, _, cents = number.rpartition(decimal_mark)
    if len(cents) not in (1, 2):
        return None
    if whole.isdigit():
        return f"{whole}.{cents}"
    return f"{whole.replace(thousands_mark, '')}.{cents}" if _GROUPED[thousands_mark].fullmatch(whole) else None
