"""What the product brings as rows: an upgrade adds and corrects it, and never touches what staff edited or deleted.

Each seed has a key and, in `SeedMark`, the digest of what was last written for it (design 7).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any

from backoffice.common.models import SeedMark


class Fate(Enum):
    """What to do with a seed."""

    INSERT = "insert"
    UPDATE = "update"
    LEAVE = "leave"


def digest(values: Any) -> str:
    """A digest of JSON values, the same for equal values."""
    return hashlib.sha256(json.dumps(values, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def marks(prefix: str) -> dict[str, str]:
    """The digest last written of each seed whose key begins with `prefix` (one query)."""
    return dict(SeedMark.objects.filter(key__startswith=prefix).values_list("key", "digest"))


def fate(wanted: Any, present: Any | None, mark: str | None) -> Fate:
    """What becomes of a seed: `present` are the values of its row, None when there is none.

    A row that is there without a mark is staff's, whatever its key.
    """
    if mark is None:
        return Fate.INSERT if present is None else Fate.LEAVE
    if present is None or digest(present) != mark or digest(wanted) == mark:
        return Fate.LEAVE
    return Fate.UPDATE


def remember(written: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> None:
    """Keep the digest of what was just written, by seed key (one statement)."""
    rows = [SeedMark(key=key, digest=digest(values)) for key, values in dict(written).items()]
    SeedMark.objects.bulk_create(rows, update_conflicts=True, unique_fields=["key"], update_fields=["digest"])
