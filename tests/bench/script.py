"""The six turns that every measure of the engine tells, and who writes them. Needs nothing of the product."""

LINES = ("hola", "1", "3", "volver", "menú", "2")
"""The greeting, the problems, how to change the WiFi's key, back, the first menu again, and what is owed."""


def phone(number: int) -> str:
    """The network's name of the customer `number` (0 to 999,999)."""
    return f"5492614{number:06d}"
