"""The frequent questions that the product brings (`fixtures/faqs.json`)."""

import json
from typing import Any

from django.conf import settings
from django.db import transaction

from backoffice.catalog.models import Faq
from backoffice.common import seeds
from backoffice.common.bulk import bulk_create_with_history, bulk_update_with_history

_FIELDS = ("area", "category", "question", "keywords", "answer")
_PREFIX = "faq:"


@transaction.atomic
def prepare() -> None:
    """Add the questions that are new in this version and correct those that staff did not touch.

    Runs at each start and changes nothing the second time.
    """
    wanted = json.loads((settings.FIXTURES_DIR / "faqs.json").read_text(encoding="utf-8"))
    rows = {row.key: row for row in Faq.objects.filter(key__in=[seed["key"] for seed in wanted])}
    marks = seeds.marks(_PREFIX)
    new: list[Faq] = []
    changed: list[Faq] = []
    for position, seed in enumerate(wanted, start=1):
        row = rows.get(seed["key"])
        values = {field: seed[field] for field in _FIELDS}
        fate = seeds.fate(values, _present(row) if row else None, marks.get(_PREFIX + seed["key"]))
        if fate is seeds.Fate.INSERT:
            new.append(Faq(key=seed["key"], position=position, **values))
        elif fate is seeds.Fate.UPDATE and row is not None:
            for field, value in values.items():
                setattr(row, field, value)
            changed.append(row)
    bulk_create_with_history(new)
    bulk_update_with_history(changed, _FIELDS)
    seeds.remember({_PREFIX + row.key: _present(row) for row in (*new, *changed)})


def _present(row: Faq) -> dict[str, Any]:
    return {field: getattr(row, field) for field in _FIELDS}
