"""What a form sends in place of one of the rows it offered is an error at its field, never a page that breaks.

Django asks the database for whatever was sent: «abc» where a key is a number, or a number that no column holds, end
in a 500 when the form is shown again or its keys are looked for.
"""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteMixin, AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest


def can_be_key(model: type[models.Model], value: Any) -> bool:
    """Whether a row of that table could have this key."""
    key = model._meta.pk
    try:
        key.run_validators(key.to_python(value))
    except ValidationError:
        return False
    return True


class _OnlyKeys(AutocompleteMixin):
    """Shows again only what could be a row."""

    def optgroups(self, name: str, value: Iterable[Any], attr: Any = None) -> Any:
        model = self.choices.queryset.model  # type: ignore[attr-defined]
        return super().optgroups(name, [one for one in value if one in ("", None) or can_be_key(model, one)], attr)


class OneOfMany(_OnlyKeys, AutocompleteSelect):
    """A row that is searched for by typing."""


class SomeOfMany(_OnlyKeys, AutocompleteSelectMultiple):
    """Rows that are searched for by typing."""


class ManyField(forms.ModelMultipleChoiceField):
    """Rows by their keys, asked of the database only when they are keys."""

    def _check_values(self, value: Any) -> Any:
        model = self.queryset.model  # type: ignore[union-attr]
        for one in value if isinstance(value, list | tuple) else ():
            if not can_be_key(model, one):
                words = self.error_messages["invalid_pk_value"]
                raise ValidationError(words, code="invalid_pk_value", params={"pk": str(one)[:40]})
        return super()._check_values(value)  # type: ignore[misc]


class KeysOnly:
    """For a screen or an inline of one: its fields of other tables take keys alone."""

    admin_site: Any

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs = self._searched(OneOfMany, db_field, request, kwargs)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs = {"form_class": ManyField, **self._searched(SomeOfMany, db_field, request, kwargs)}
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]

    def _searched(
        self, widget: type[_OnlyKeys], db_field: Any, request: HttpRequest, kwargs: dict[str, Any]
    ) -> dict[str, Any]:
        searched = self.get_autocomplete_fields(request)  # type: ignore[attr-defined]
        if "widget" in kwargs or db_field.name not in searched:
            return kwargs
        return {**kwargs, "widget": widget(db_field, self.admin_site, using=kwargs.get("using"))}
