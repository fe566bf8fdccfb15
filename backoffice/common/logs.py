"""How an event is logged: one JSON line in production, a readable one on a person's machine, never a secret.

A line says which process wrote it, and which lane, ticket, message or channel it is about when whoever logs gives
it: `log.warning("…", extra={"lane": lane.key})`. Nothing here knows Django.
"""

import json
import logging
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ABOUT = ("lane", "ticket", "message_id", "channel_id", "status_code")
HIDDEN = "[oculto]"
LONGEST = 20_000  # characters of a text that goes to the log; a customer may write more

_named = ""  # what this process said that it is


def name_process(role: str) -> None:
    """Say once, at the start, what this process is: «web», «despachador 1», «canal 3»."""
    global _named
    _named = role


def process_role() -> str:
    """What the process said it is; for Django's commands their name («qcluster»)."""
    if _named:
        return _named
    program, *words = sys.argv or [""]
    if Path(program).name == "manage.py" and words:
        return words[0]
    name = Path(program).stem
    return (Path(program).parent.name if name == "__main__" else name) or "python"  # `python -m granian`


# What is hidden wherever it appears, also inside a traceback. Each pattern is bounded, so a long text costs little.
_SECRETS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), replacement)
    for pattern, replacement in (
        (
            r"(\bauthorization\b[\"']?\s{0,3}[:=]\s{0,3}[\"']?)(?:(?:bearer|basic|token)\s+)?[^\s\"',;})]+",
            rf"\1{HIDDEN}",
        ),
        (r"\b(bearer|basic)\s+[\w.~+/=-]{8,}", rf"\1 {HIDDEN}"),
        (
            r"(\b[\w-]{0,40}(?:token|secret|password|passwd|api[_-]?key|secret[_-]?key|clave|contraseña)[\"']?"
            r"\s{0,3}[:=]\s{0,3})(?:\"[^\"]*\"|'[^']*'|[^\s&,;)}\]]+)",
            rf"\1{HIDDEN}",
        ),
        (r"(?<=[\w/])\?[^\s\"'<>?=]{1,80}=[^\s\"'<>]*", f"?{HIDDEN}"),
        (r"(://[^/\s:@]{1,80}:)[^@\s/]{1,200}@", rf"\1{HIDDEN}@"),
        (r"(/gateway/[^/\s]{1,80}/)[^/\s]{1,200}(/send)", rf"\1{HIDDEN}\2"),
        (r"(/elegir-clave/\d{1,20}/)[^/\s]{1,200}", rf"\1{HIDDEN}"),  # opens an account
        (r"(\bauth\s{1,3}(?:plain|login)\s{1,3})[\w+/=]{4,}", rf"\1{HIDDEN}"),  # as SMTP says a password
    )
)


def redacted(text: str) -> str:
    """The text without credentials: headers, tokens and passwords by their name, query strings, keys in a path."""
    shown = text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text)} caracteres)"
    for pattern, replacement in _SECRETS:
        shown = pattern.sub(replacement, shown)
    return shown


class JsonLines(logging.Formatter):
    """`{"time", "level", "logger", "process", "pid", "message", …}` on one line; `exception` holds the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "process": process_role(),
            "pid": record.process,
            "message": redacted(record.getMessage()),
        }
        line |= _about(record)
        if record.exc_info:
            line["exception"] = redacted(self.formatException(record.exc_info))
        if record.stack_info:
            line["stack"] = redacted(self.formatStack(record.stack_info))
        return json.dumps(line, ensure_ascii=False).encode("utf-8", "replace").decode()


class TextLines(logging.Formatter):
    """`2026-03-03 09:00:00,000 WARNING [canal 3] bot.sender: … lane=3:p:261…`, then the traceback."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s [%(role)s] %(name)s: %(message)s%(about)s")

    def format(self, record: logging.LogRecord) -> str:
        record.role = process_role()
        record.about = "".join(f" {name}={value}" for name, value in _about(record).items())
        return redacted(super().format(record))


def _about(record: logging.LogRecord) -> dict[str, str | int]:
    given = ((name, getattr(record, name, None)) for name in ABOUT)
    return {
        name: value if isinstance(value, int) else redacted(str(value)) for name, value in given if value is not None
    }
