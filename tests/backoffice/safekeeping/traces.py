"""Everything that is kept, wherever it is: each text of each column of each table, and each file on the disk."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models

_KEEPS_WORDS = models.CharField | models.TextField | models.JSONField | models.BinaryField | models.FileField


def everything() -> Iterator[tuple[str, str]]:
    """Where («conversations.message.text») and what, as text; of all tables, ours and the framework's, history too."""
    for model in apps.get_models(include_auto_created=True):
        fields = [one for one in model._meta.concrete_fields if isinstance(one, _KEEPS_WORDS)]
        for row in model._base_manager.values_list(*[one.attname for one in fields]) if fields else ():
            for field, value in zip(fields, row, strict=True):
                yield f"{model._meta.label_lower}.{field.name}", _as_text(value)
    for file in sorted(Path(settings.MEDIA_ROOT).rglob("*")):
        if file.is_file():
            yield str(file), file.read_bytes().decode("latin-1")


def where(words: Iterable[str]) -> dict[str, str]:
    """Each place that says any of these words, with the first of what it says."""
    found: dict[str, str] = {}
    for place, text in everything():
        if any(word.casefold() in text.casefold() for word in words):
            found.setdefault(place, text[:200])
    return found


def _as_text(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("latin-1")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
