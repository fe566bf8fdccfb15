"""Argentine papers: DNI, CUIT/CUIL, CBU/CVU and alias."""

import re

_MAX_CHARS = 4_000
_PEOPLE = ("20", "23", "24", "25", "26", "27")
_COMPANIES = ("30", "33", "34")
_CUIT_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_CBU_WEIGHTS = (3, 1, 7, 9)  # from the right, repeated
_PLACEHOLDERS = frozenset({"9999999"})  # ISPCube's "no document", shared by many customers

_SEPARATORS = re.compile(r"[\s.\-/]+")
_DIGITS = re.compile(r"[0-9]+")
_CUIT = re.compile(r"(?<![0-9])[0-9]{2}[ ./-]?[0-9]{1,2}\.?[0-9]{3}\.?[0-9]{3}[ ./-]?[0-9](?![0-9])")
_DNI_BODY = r"(?:[0-9]{7,8}|[0-9]{1,2}[.,][0-9]{3}[.,][0-9]{3}|[0-9]{1,2} [0-9]{3} [0-9]{3})(?![0-9]|[.,/-][0-9])"
_NAMED_DNI = re.compile(
    rf"\b(?:dni|d\.n\.i|documento|doc|lc|le|li)(?![a-zA-Z])[\s.:#°º]*(?:n[°ºro.]*|numero|número|es|el|:)?[\s.:]*[mf]?({_DNI_BODY})",
    re.IGNORECASE,
)
_BARE_DNI = re.compile(rf"(?<![0-9$A-Za-z])(?<![0-9][\s().,/-])(?<!\$ )(?:[mMfF] ?)?({_DNI_BODY})")
_ALIAS = re.compile(r"[A-Za-z0-9.\-]{6,20}")


def parse_dni(text: str) -> str | None:
    """The DNI written in a text, as 7 or 8 digits, or taken from a person's CUIT/CUIL; None when there is none.

    "30.111.222", "M12345678" and "dni 30111222" are read; phones, amounts, `9999999` and 11111111 are not.
    """
    text = text[:_MAX_CHARS]
    for pattern in (_NAMED_DNI, _BARE_DNI):
        for match in pattern.finditer(text):
            if dni := _clean_dni(match.group(1)):
                return dni
    cuit = parse_cuit(text)
    return _clean_dni(cuit[2:10]) if cuit and cuit.startswith(_PEOPLE) else None


def parse_cuit(text: str) -> str | None:
    """The first valid CUIT or CUIL written in a text, as 11 digits; None when there is none."""
    for match in _CUIT.finditer(text[:_MAX_CHARS]):
        digits = _SEPARATORS.sub("", match.group())
        if is_valid_cuit(digits):
            return digits
    return None


def is_valid_cuit(text: str) -> bool:
    """Whether it is a CUIT or CUIL with a known prefix and its check digit, separators allowed."""
    digits = _SEPARATORS.sub("", text[:40])
    if len(digits) != 11 or not _DIGITS.fullmatch(digits) or not digits.startswith(_PEOPLE + _COMPANIES):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits, _CUIT_WEIGHTS, strict=False))
    check = (11 - total % 11) % 11
    return check != 10 and check == int(digits[10])  # 10 is never issued: those people get prefix 23


def is_valid_cbu(text: str) -> bool:
    """Whether it is a CBU or CVU: 22 digits with both check digits right, separators allowed."""
    digits = _SEPARATORS.sub("", text[:60])
    if len(digits) != 22 or not _DIGITS.fullmatch(digits) or not digits.strip("0"):
        return False
    return _cbu_block_ok(digits[:8]) and _cbu_block_ok(digits[8:])


def is_alias(text: str) -> bool:
    """Whether it has the shape of a bank alias: 6 to 20 letters without accents, digits, dots or hyphens."""
    return _ALIAS.fullmatch(text.strip()) is not None


def _cbu_block_ok(block: str) -> bool:
    total = sum(int(digit) * _CBU_WEIGHTS[i % 4] for i, digit in enumerate(reversed(block[:-1])))
    return (10 - total % 10) % 10 == int(block[-1])


def _clean_dni(written: str) -> str | None:
    digits = "".join(_DIGITS.findall(written)).lstrip("0")
    if len(digits) not in (7, 8) or digits in _PLACEHOLDERS or len(set(digits)) == 1:
        return None
    return digits
