"""The forms of the menu editor."""

from typing import Any, cast

from django import forms
from django.forms import formset_factory

from backoffice.dialogs.models import ActionType, CollectField, Menu, MenuOption
from backoffice.dialogs.selectors import datum_of
from backoffice.dialogs.tree import TreeOption

CONTROL = {"class": "mo-input"}
MOST_FIELDS = 20


class OptionForm(forms.ModelForm):
    class Meta:
        model = MenuOption
        fields = ("title", "action", "target", "text", "area", "menu", "active")
        widgets = {
            "title": forms.TextInput(attrs=CONTROL | {"placeholder": "💳 Consultar estado de cuenta"}),
            "action": forms.Select(attrs=CONTROL | {"data-action": ""}),
            "target": forms.Select(attrs=CONTROL),
            "text": forms.Textarea(attrs=CONTROL | {"rows": 3}),
            "area": forms.Select(attrs=CONTROL),
            "menu": forms.Select(attrs=CONTROL),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = {name: cast(forms.ModelChoiceField, self.fields[name]) for name in ("action", "target", "menu")}
        choices["action"].queryset = ActionType.objects.filter(available=True)
        choices["action"].empty_label = "Elegí qué hace"
        choices["target"].empty_label = "Elegí el menú"
        choices["menu"].empty_label = None


class MenuForm(forms.ModelForm):
    class Meta:
        model = Menu
        fields = ("title", "text")
        widgets = {
            "title": forms.TextInput(attrs=CONTROL),
            "text": forms.Textarea(attrs=CONTROL | {"rows": 3}),
        }


class DatumForm(forms.ModelForm):
    class Meta:
        model = CollectField
        fields = ("label", "question", "kind", "choices", "required")
        widgets = {
            "label": forms.TextInput(attrs=CONTROL | {"placeholder": "Domicilio"}),
            "question": forms.TextInput(attrs=CONTROL | {"placeholder": "¿Cuál es tu domicilio?"}),
            "kind": forms.Select(attrs=CONTROL),
            "choices": forms.TextInput(attrs=CONTROL | {"placeholder": "Mañana, Tarde"}),
        }


DatumFormSet = formset_factory(DatumForm, extra=2, can_delete=True, max_num=MOST_FIELDS)


def initial_data(option: MenuOption) -> list[dict[str, Any]]:
    """What the option asks for today, as the formset begins with it."""
    rows = option.fields.all() if option.pk else ()
    return [
        {
            "label": row.label,
            "question": row.question,
            "kind": row.kind,
            "choices": row.choices,
            "required": row.required,
        }
        for row in rows
    ]


def wanted_data(formset: Any) -> list[CollectField]:
    """The data that the person left in the form, in order."""
    kept = [form for form in formset.forms if form.has_changed() or form.initial.get("label")]
    removed = set(map(id, formset.deleted_forms))
    return [form.instance for form in kept if id(form) not in removed and form.instance.label]


def typed_option(option: MenuOption, form: OptionForm, formset: Any) -> tuple[str, TreeOption]:
    """What is being typed, right or wrong, as the preview shows it: the menu's key, and the option."""
    form.is_valid()
    formset.is_valid()
    typed: dict[str, Any] = form.cleaned_data if hasattr(form, "cleaned_data") else {}
    menu, target, action = typed.get("menu") or option.menu, typed.get("target"), typed.get("action")
    return menu.key, TreeOption(
        key=str(option.pk or "nueva"),
        title=form.data.get("title", "").strip() or "…",
        action=action.code if action is not None else "",
        target=target.key if target is not None else "",
        text=form.data.get("text", ""),
        area=typed.get("area") or MenuOption.Area.SUPPORT,
        active=bool(typed.get("active")),
        fields=tuple(datum_of(row) for row in wanted_data(formset)),
    )
