"""Filling the {blanks} of what staff wrote. Standard library only."""

from collections.abc import Mapping
from typing import Any


def fill(template: str, values: Mapping[str, Any]) -> str:
    """Fill {blanks}. What staff wrote is not code: attributes, indexes and unknown names stay as they are."""
    out: list[str] = []
    rest = template
    while rest:
        before, brace, after = rest.partition("{")
        out.append(before)
        if not brace:
            break
        name, closing, tail = after.partition("}")
        if closing and name in values:
            out.append(str(values[name]))
            rest = tail
        else:
            out.append("{")
            rest = after
    return "".join(out)
