"""Phones as Argentines write them, brought to one key. Two numbers are the same phone when their keys are equal.

An Argentine number is its 10-digit national number without the mobile 9, so 549…, 54…, 0…15… and the bare form
are one person. It is kept as +549 followed by that key, which is how WhatsApp names an Argentine mobile.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers

_MAX_CHARS = 120
E164_MAX = 15  # digits, country included (ITU-T E.164)
_NOT_PHONES = ("@lid", "@g.us", "@newsletter", "@broadcast")
_NOT_DIGIT = re.compile(r"[^0-9]+")
_EXTENSION = re.compile(r"(?:int|interno|ext|extensi[oó]n)\b\.?\s*[0-9]{1,5}\s*$", re.IGNORECASE)
_AR_INTERNATIONAL = re.compile(r"549?((?:11|2[0-9]|3[0-9])[0-9]{8})")
_AR_NATIONAL = re.compile(r"0?((?:11|2[0-9]|3[0-9])[0-9]{8})")
_AR_STORED = re.compile(r"\+549[0-9]{10}").fullmatch
_AR_SHOWN = re.compile(r"\+54 9 ([0-9]+) ([0-9]+)-[0-9]+")
_AR_LENGTH, _HEAD = 14, 9  # of a stored mobile, and how much of it says where its area ends
_MX_MOBILE = re.compile(r"521([0-9]{10})")  # WhatsApp still writes the 1 that Mexico dropped
_SEVERAL = re.compile(r"[/;,|\n]| [yo] ")
_AREA = re.compile(r"(?:54)?9?0?([1-3][0-9]{1,3})")
_WRITTEN = re.compile(r"(?<![\w.,$/-])\+?\(?[0-9][0-9()\s.\-]{7,20}[0-9](?![\w$])")
_DATE_OR_MONEY = re.compile(r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-](?:20)?[0-9]{2}|[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class PhoneKey:
    """A phone that can be compared.

    Attributes:
        e164: "+549" and the key for an Argentine number, the number as its country dials it for any other.
        key10: area and subscriber, 10 digits; None for a foreign number.
        country: ISO code in capitals ("AR", "UY"); "" where the prefix is shared by no country.
    """

    e164: str
    key10: str | None
    country: str

    @property
    def key(self) -> str:
        """What to compare and store: `key10`, or the digits of the E.164 number when it is foreign."""
        return self.key10 or self.e164.lstrip("+")


def parse_phone(raw: object, default_area: str = "") -> PhoneKey | None:
    """Read a phone in any of its usual forms; None when it is not one. Never raises.

    Accepts WhatsApp ids ("549…@c.us"), 0 and 15, 54 and 549, +, 00, and spreadsheet numbers. Six to eight digits
    need `default_area`, the area code of the company ("261"). A LID or a group id is not a phone.
    """
    if isinstance(raw, float):
        raw = int(raw) if raw.is_integer() else ""
    text = "" if raw is None else unicodedata.normalize("NFKC", str(raw)[:_MAX_CHARS]).strip().lower()
    local, at, _server = text.partition("@")
    if at and (text.endswith(_NOT_PHONES) or any(c.isalpha() for c in local)):
        return None
    if at:
        local = re.split(r"[:.]", local, maxsplit=1)[0]  # "549…:12@s.whatsapp.net" names the device too
    local = _EXTENSION.sub("", local)
    digits = _NOT_DIGIT.sub("", local)
    international = bool(at) or local.lstrip("( ").startswith("+") or ":+" in local or digits.startswith("00")
    phone = _parse_digits(digits.removeprefix("00"), international, _area(default_area))
    if phone is None and (first := _SEVERAL.split(local, maxsplit=1)[0]) != local:
        return parse_phone(first, default_area)  # a cell with two phones: "261 234-5678 / 261 444-5555"
    return phone


def phone_key(raw: object, default_area: str = "") -> str | None:
    """The comparable key of a phone: 10 digits for an Argentine one, E.164 digits for any other; None if it is none."""
    phone = parse_phone(raw, default_area)
    return phone.key if phone else None


def find_phone(text: str, default_area: str = "") -> PhoneKey | None:
    """The first phone written inside a sentence, with its area code (or after 15, given `default_area`)."""
    for match in _WRITTEN.finditer(text):
        written = match.group()
        digits = _NOT_DIGIT.sub("", written)
        if _DATE_OR_MONEY.search(written) or not (len(digits) >= 10 or (len(digits) == 9 and digits[:2] == "15")):
            continue
        phone = parse_phone(written, default_area)
        if phone and _is_real(phone):
            return phone
    return None


def local_display(e164: str) -> str:
    """A stored number for staff to read: "+54 9 261 234-5678". What is no phone is returned as it came."""
    cuts = _cuts(e164[:_HEAD]) if _AR_STORED(e164) else None
    return f"+54 9 {_cut(e164, cuts)}" if cuts else _displayed(e164)


def _cut(e164: str, cuts: tuple[int, int]) -> str:
    area, dash = cuts
    return f"{e164[4:area]} {e164[area:dash]}-{e164[dash:]}"


@lru_cache(maxsize=8192)
def _cuts(head: str) -> tuple[int, int] | None:
    """Where the area ends and where the dash goes in every Argentine mobile that begins so. A list has thousands of
    numbers of a few places, and the library takes 30 µs for each."""
    shown = _displayed(head.ljust(_AR_LENGTH, "0"))
    parts = _AR_SHOWN.fullmatch(shown)
    return (4 + len(parts[1]), 4 + len(parts[1]) + len(parts[2])) if parts else None


def _displayed(e164: str) -> str:
    try:
        number = phonenumbers.parse(e164[:_MAX_CHARS], None)
    except phonenumbers.NumberParseException:
        return e164
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def short_display(e164: str) -> str:
    """A stored number without the country when it is Argentine: "261 234-5678"."""
    cuts = _cuts(e164[:_HEAD]) if _AR_STORED(e164) else None
    return _cut(e164, cuts) if cuts else _displayed(e164).removeprefix("+54 ").removeprefix("9 ")


def _area(raw: str) -> str:
    match = _AREA.fullmatch(_NOT_DIGIT.sub("", raw[:20]))
    return match.group(1) if match else ""


def _is_real(phone: PhoneKey) -> bool:
    """Whether the tables know it as a mobile or as a land line."""
    forms = (phone.e164, f"+54{phone.key10}") if phone.key10 else (phone.e164,)
    return any(phonenumbers.is_valid_number(phonenumbers.parse(form, None)) for form in forms)


def _argentine(key10: str) -> PhoneKey:
    return PhoneKey(e164=f"+549{key10}", key10=key10, country="AR")


@lru_cache(maxsize=4096)
def _parse_digits(digits: str, international: bool, area: str) -> PhoneKey | None:
    if not 6 <= len(digits) <= 17:
        return None
    if ours := _AR_INTERNATIONAL.fullmatch(digits):
        return _argentine(ours.group(1))  # also numbers too new for the tables: WhatsApp knows better than they do
    if international and not digits.startswith("54") and (foreign := _foreign(digits)):
        return foreign
    if key10 := _national_key(digits):
        return _argentine(key10)
    subscriber = digits.removeprefix("15") if len(digits) in (8, 9, 10) else digits
    for candidate in dict.fromkeys((digits, subscriber)):
        if area and 6 <= len(candidate) <= 8 and (key10 := _national_key(area + candidate)):
            return _argentine(key10)
    if shape := _AR_NATIONAL.fullmatch(digits):
        return _argentine(shape.group(1))  # as above: shaped like one of ours, though the tables do not know it
    # A WhatsApp id or a spreadsheet brings foreign numbers without "+"; 11 digits are too many for one of ours.
    return _foreign(digits) if len(digits) >= 11 and not digits.startswith("0") else None


def _national_key(digits: str) -> str | None:
    """The 10 digits of an Argentine number in any national or 54 form; None when the tables know no such number."""
    forms = [digits]
    if digits.startswith("549") and len(digits) > 13:
        forms.append("54" + digits[3:])  # 549 351 15 456-7890: both the 9 and the 15
    for form in forms:
        try:
            number = phonenumbers.parse(form, "AR")
        except phonenumbers.NumberParseException:
            continue
        national = str(number.national_number)
        if number.country_code != 54 or not phonenumbers.is_valid_number(number):
            continue
        key10 = national[1:] if len(national) == 11 and national[0] == "9" else national
        if len(key10) == 10 and key10[0] in "123":  # 0800 and the like belong to nobody
            return key10
    return None


def _foreign(digits: str) -> PhoneKey | None:
    digits = _MX_MOBILE.sub(r"52\1", digits) if len(digits) == 13 else digits
    try:
        number = phonenumbers.parse(f"+{digits}", None)
    except phonenumbers.NumberParseException:
        return None
    if number.country_code == 54 or not phonenumbers.is_valid_number(number):
        return None
    country = phonenumbers.region_code_for_number(number) or ""
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if len(e164) > E164_MAX + 1:
        return None  # some tables allow what no network dials
    if len(e164) > len(digits) + 1:
        return None  # the tables completed it with an area of that country: then it was a local number, not theirs
    return PhoneKey(e164=e164, key10=None, country="" if country == "001" else country)
