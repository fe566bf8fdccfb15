"""The option number in a message that is nothing but a choice: "2", "2️⃣", "la dos", "opción 2", "la segunda"."""

import re

from integrations.understanding.words import fold

_NUMBERS = {
    name: number
    for number, names in enumerate(
        (
            "cero", "uno una un primero primera primer", "dos segundo segunda", "tres tercero tercera tercer",
            "cuatro cuarto cuarta", "cinco quinto quinta", "seis sexto sexta", "siete septimo septima",
            "ocho octavo octava", "nueve noveno novena", "diez decimo decima", "once", "doce", "trece", "catorce",
            "quince", "dieciseis", "diecisiete", "dieciocho", "diecinueve", "veinte",
        )
    )
    for name in names.split()
}  # fmt: skip
_AROUND = frozenset(
    ("el", "la", "lo", "al", "opcion", "op", "opc", "numero", "nro", "num", "n", "quiero", "elijo", "elegi", "marco",
     "va", "seria", "es", "dame", "por", "favor", "porfa", "pls", "gracias", "mejor", "entonces", "ah", "eh")
)  # fmt: skip
_KEYCAP_TEN = "\U0001f51f"
_ARTICLES = frozenset(("una", "un"))  # alone they are no number: "una" may start a sentence
_DIGITS = re.compile(r"[0-9]{1,2}")
_BARE = re.compile(r"\s*#?([0-9]{1,2})(?:\ufe0f?\u20e3)?\s*[.)\-°º]*\s*")


def choice_number(text: str) -> int | None:
    """The number chosen, 0 to 99; None when the message says anything else besides the choice."""
    words = fold(text[:60].replace(_KEYCAP_TEN, " 10 ")).split() if len(text) <= 60 else []
    if not words or words[0] in _ARTICLES:
        return None
    numbers = [word for word in words if _DIGITS.fullmatch(word) or word in _NUMBERS]
    if len(numbers) != 1 or any(word not in _AROUND for word in words if word != numbers[0]):
        return None
    return int(numbers[0]) if numbers[0].isdigit() else _NUMBERS[numbers[0]]


def is_digit_choice(text: str) -> bool:
    """Whether the whole message is one or two digits, as "2", "2." or "2️⃣"."""
    return len(text) <= 20 and (text.strip() == _KEYCAP_TEN or _BARE.fullmatch(text) is not None)
