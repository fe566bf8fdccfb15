"""What a browser sends in place of a row it was offered is an error at its field, in every screen: never a 500."""

from typing import Any

import pytest
from django.contrib.admin.sites import site
from django.forms import ModelChoiceField
from django.test import Client
from django.urls import reverse

from tests.backoffice.panel.conftest import _nothing_kept, admin, signed_in, staff
from tests.backoffice.test_admin_lists import LISTS

__all__ = ["_nothing_kept", "admin", "signed_in", "staff"]

FORGED = ["999999", "abc", "9" * 30, "-1", "1 OR 1=1"]


def offers_rows(model: type) -> bool:
    """Whether its form, or a form inside it, has a field of another table."""
    screen: Any = site._registry[model]
    related = [one for one in model._meta.get_fields() if one.many_to_one or one.many_to_many]  # type: ignore[attr-defined]
    return bool(related or screen.inlines) and "add" in str(screen.urls)


@pytest.mark.parametrize("forged", FORGED)
def test_a_forged_row_is_told_at_its_field(admin: Client, forged: str) -> None:
    seen = 0
    for model in filter(offers_rows, LISTS):
        url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")
        page = admin.get(url)
        if page.status_code != 200:
            continue
        names = [name for name, field in page.context["adminform"].form.fields.items() if _of_rows(field)]
        inner = [one.formset for one in page.context["inline_admin_formsets"]]
        data: dict[str, str] = dict.fromkeys(names, forged)
        for formset in inner:
            data |= {f"{formset.prefix}-TOTAL_FORMS": "1", f"{formset.prefix}-INITIAL_FORMS": "0"}
            fields = formset.empty_form.fields.items()
            rows = [name for name, field in fields if _of_rows(field) and name not in ("id", formset.fk.name)]
            data |= {f"{formset.prefix}-0-{name}": forged for name in rows}
            seen += len(rows)
        answer = admin.post(url, data)
        assert answer.status_code == 200, (model, data)
        errors = answer.context["adminform"].form.errors
        assert set(names) <= set(errors), (model, errors)
        seen += len(names)
    assert seen > 10


def _of_rows(field: Any) -> bool:
    return isinstance(field, ModelChoiceField) and not field.disabled


def test_the_field_says_it_in_spanish(admin: Client) -> None:
    for forged in ("999999", "abc"):
        page = admin.post(reverse("admin:customers_customer_add"), {"name": "María González", "zone": forged})
        assert "una opción válida" in str(page.context["adminform"].form.errors["zone"])
        assert 'value="María González"' in page.text
