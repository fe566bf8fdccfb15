"""The base of every screen of the panel.

`BackofficeAdmin` is for what has history, `PlainAdmin` for what has none, `ReadOnlyAdmin` for what
machines write and people read, `SingletonAdmin` for tables of one row. No logic lives in screens:
`save_model` of a subclass calls a service, and a `DomainError` raised there comes back as an error
of the form with everything that was typed still in it.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import QuerySet
from django.forms import ModelForm
from django.forms.formsets import DELETION_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from simple_history.admin import SimpleHistoryAdmin
from unfold.admin import ModelAdmin, StackedInline, TabularInline

from backoffice.common import deleting, lists
from backoffice.common.choices import KeysOnly
from backoffice.common.errors import DomainError


@lru_cache(maxsize=256)
def label(text: str, tone: str) -> SafeString:
    """A word of a list in a colour, as unfold's `display(label=…)` draws it, but drawn once and not for each row.

    For words of ours, which are few: states, levels.
    """
    shown = {"label": text, "label_type": tone, "multiple": False}
    return mark_safe(render_to_string("unfold/helpers/display_label.html", shown))  # noqa: S308 # drawn by a template


class PlainAdmin(KeysOnly, ModelAdmin):
    """Unfold's ModelAdmin with the house's defaults."""

    list_per_page = 25
    list_max_show_all = 100
    show_full_result_count = False
    paginator = lists.CappedPaginator
    list_filter_submit = True
    warn_unsaved_form = True
    save_on_top = False
    actions = None
    ordering_field = ""  # Unfold asks for it in each row, and a template is slow to learn that there is none
    #: What the list says when it is empty: what is missing and what to do about it.
    empty_state: ClassVar[str] = "Todavía no hay nada acá."
    #: Material icon of the empty state.
    empty_icon: ClassVar[str] = "inbox"

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[lists.HouseList]:
        return lists.HouseList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By the index of words where the app declares one (`searching.py`), by Django's own search elsewhere."""
        if search_term.strip() and (found := lists.found(request, queryset, search_term)) is not None:
            return found, False
        return super().get_search_results(request, queryset, search_term)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except DomainError as error:
            # The transaction is already undone. Run again with the refusal inside the form.
            request.refused = error  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(
        self, request: HttpRequest, obj: models.Model | None = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm]:
        form = super().get_form(request, obj, change=change, **kwargs)
        error: DomainError | None = getattr(request, "refused", None)
        return form if error is None else _refusing(form, error)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except DomainError as error:
            messages.error(request, error.message)
            opts = self.opts
            return redirect(reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[object_id]))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What may not go is told with what to do first, where Django would list what protects it."""
        found = super().get_deleted_objects(objs, request)
        if found[3]:
            deleting.check(objs)
        return found

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        deleting.delete(obj)

    def delete_queryset(self, request: HttpRequest, queryset: Iterable[models.Model]) -> None:
        with transaction.atomic():
            for row in queryset:  # each on its own, as it is restored
                deleting.delete(row)
        self._tell_kept(request, self.model)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """A row that is ticked to go inside its parent's form goes like any other."""
        formset.delete_existing = _delete_existing
        super().save_formset(request, form, formset, change)
        if getattr(formset, "deleted_objects", None):
            self._tell_kept(request, formset.model)

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: Any) -> HttpResponse:
        answer = super().response_delete(request, obj_display, obj_id)
        self._tell_kept(request, self.model)
        return answer

    def _tell_kept(self, request: HttpRequest, model: type[models.Model]) -> None:
        """Have the panel's site say where what was deleted is now, which nothing here knows."""
        tell = getattr(self.admin_site, "tell_kept", None)
        if tell is not None:
            tell(request, model)

    def log_deletions(self, request: HttpRequest, queryset: Iterable[models.Model]) -> Any:
        """What is deleted is audited too, inside the transaction that deletes it."""
        note = getattr(self.admin_site, "note_deletions", None)
        if note is not None:
            note(queryset)
        return super().log_deletions(request, queryset)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if lists.is_too_far(request) and self.has_view_or_change_permission(request):
            return lists.too_far(self, request)
        try:
            return super().changelist_view(request, extra_context)
        except DomainError as error:
            messages.error(request, error.message)
            return redirect(request.get_full_path())


def _delete_existing(row: models.Model, commit: bool = True) -> None:
    if commit:
        deleting.delete(row)


def _refusing(form: type[ModelForm], error: DomainError) -> type[ModelForm]:
    """The same form, which says what the service refused."""

    class RefusedForm(form):  # type: ignore[valid-type,misc]
        def full_clean(self) -> None:
            super().full_clean()
            if self.is_bound:
                self.add_error(error.field if error.field in self.fields else None, error.messages)

    RefusedForm.__name__ = form.__name__
    return RefusedForm


class BackofficeAdmin(SimpleHistoryAdmin, PlainAdmin):
    """A screen with history. The default for whatever staff edit."""


class ReadOnlyAdmin(PlainAdmin):
    """Rows that machines write; people look at them."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class SingletonAdmin(BackofficeAdmin):
    """A table of one row: the list is the row. Nobody adds or deletes it."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        row = self.model.load()
        opts = self.opts
        return redirect(reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row.pk]))

    def response_change(self, request: HttpRequest, obj: models.Model) -> HttpResponse:
        messages.success(request, "Cambios guardados.")
        return redirect(request.path)


def _telling(form: type[ModelForm]) -> type[ModelForm]:
    """The same form of an inline, which says why its row may not go in our words."""

    class TellingForm(form):  # type: ignore[valid-type,misc]
        def hand_clean_DELETE(self) -> None:
            """Raises: ValidationError, which Django puts above the rows."""
            if not self.cleaned_data.get(DELETION_FIELD_NAME) or self.instance._state.adding:
                return
            try:
                deleting.check([self.instance])
            except deleting.InUse as error:
                raise ValidationError(error.message) from None

    TellingForm.__name__ = form.__name__
    return TellingForm


class _Rows(KeysOnly):
    """What every inline of ours does."""

    def get_formset(self, request: HttpRequest, obj: models.Model | None = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)  # type: ignore[misc]
        if hasattr(formset.form, "hand_clean_DELETE"):
            formset.form = _telling(formset.form)
        return formset


class BackofficeInline(_Rows, TabularInline):
    """Rows of a parent's form: no empty rows, a link to add more."""

    extra = 0
    show_change_link = False


class BackofficeStackedInline(_Rows, StackedInline):
    extra = 0
