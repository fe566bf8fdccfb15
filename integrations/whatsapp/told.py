"""What the network says is not believed: an event of the port comes out of it, or `Unknown` with the raw thing.

Every adapter reads its network through `told`, so that one odd delivery neither stops the channel nor reaches the
rows with what a database cannot keep. Standard library only.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from integrations.whatsapp.events import Event, Unknown, event_from_json

ID_MAX = 120
DEPTH_MAX = 20
RAW_MAX = 50_000
WHATSAPP_BEGAN = datetime(2009, 1, 1, tzinfo=UTC)
CLOCK_DRIFT = timedelta(days=1)
_IDS = ("event_id", "message_id", "quoted_id")
_TURNS = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F))
"""Marks of direction: in a name they would turn around what comes after it."""


def told(payload: Any, *, now: datetime | None = None) -> Event:
    """The event in a network's JSON. Never raises.

    Nulls and halves of surrogate pairs are gone from its texts, a longer id is shortened (always to the same one), a
    name is one line (no line of ours can be forged in it), and a time that cannot be is `now`.
    """
    moment = now or datetime.now(UTC)
    clean = storable(payload)
    try:
        event = event_from_json({key: _field(key, value) for key, value in clean.items()})
    except (ValueError, AttributeError):
        return Unknown(f"unknown:{_digest(clean)}", _raw(clean), moment)
    if not WHATSAPP_BEGAN <= event.at <= moment + CLOCK_DRIFT:
        return replace(event, at=moment)
    return event


def storable(value: Any, depth: int = 0) -> Any:
    """The same value as any database keeps it: no NUL, no half of a pair, no NaN, not too deep."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if depth == DEPTH_MAX:
        return "…"
    if isinstance(value, Mapping):
        return {storable(str(key)): storable(one, depth + 1) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [storable(one, depth + 1) for one in value]
    return value


def _field(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if name == "sender_name":
        return " ".join(value.translate(_TURNS).split())
    if name in _IDS and len(value) > ID_MAX:
        return f"{value[:80]}~{_digest(value)}"
    return value


def _raw(value: Any) -> dict[str, Any]:
    text = json.dumps(value, default=repr)
    if len(text) > RAW_MAX:
        return {"told": text[:RAW_MAX]}
    return value if isinstance(value, dict) else {"told": value}


def _digest(value: Any) -> str:
    return sha256(json.dumps(value, sort_keys=True, default=repr).encode()).hexdigest()[:32]
