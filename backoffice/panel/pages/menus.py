"""«Editor de menús»: the tree of what the bot offers, edited in place, with a phone to try it on."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.forms import inlineformset_factory
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from backoffice.common.errors import DomainError
from backoffice.common.models import ConfigRevision
from backoffice.dialogs import services
from backoffice.dialogs.models import ActionType, CollectField, Menu, MenuOption
from backoffice.panel.pages.base import back, page, show

VIEW, EDIT = "dialogs.view_menu", "dialogs.change_menu"
CONTROL = {"class": "mo-input"}


@dataclass
class Branch:
    """A menu in the tree: its options in order and, under each, the menu it opens (once, where it is first met)."""

    menu: Menu
    options: list[MenuOption]
    children: dict[int, "Branch"] = field(default_factory=dict)


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


FieldFormSet = inlineformset_factory(
    MenuOption,
    CollectField,
    fields=("label", "question", "kind", "choices", "required"),
    widgets={
        "label": forms.TextInput(attrs=CONTROL | {"placeholder": "Domicilio"}),
        "question": forms.TextInput(attrs=CONTROL | {"placeholder": "¿Cuál es tu domicilio?"}),
        "kind": forms.Select(attrs=CONTROL),
        "choices": forms.TextInput(attrs=CONTROL | {"placeholder": "Mañana, Tarde"}),
    },
    extra=2,
    can_delete=True,
)


@page(VIEW)
def menus(request: HttpRequest) -> HttpResponse:
    tree, loose = _tree()
    chosen = request.GET.get("ver", "")
    every = [branch.menu for branch in _flat(tree)] + [branch.menu for branch in loose]
    shown = next((menu for menu in every if menu.key == chosen), tree.menu if tree else None)
    return show(
        request,
        "panel/menus.html",
        "Editor de menús",
        tree=tree,
        loose=loose,
        shown=shown,
        preview=_preview(shown, tree, loose),
    )


def _tree() -> tuple[Branch | None, list[Branch]]:
    """The tree from the root and the menus that nothing opens. Two queries whatever its size."""
    every = {menu.pk: menu for menu in Menu.objects.all()}
    options: dict[int, list[MenuOption]] = defaultdict(list)
    for option in MenuOption.objects.select_related("action", "target").prefetch_related("fields"):
        options[option.menu_id].append(option)
    met: set[int] = set()

    def grow(menu: Menu) -> Branch:
        met.add(menu.pk)
        branch = Branch(menu, options[menu.pk])
        for option in branch.options:
            if option.action_id == services.SUBMENU and option.target_id and option.target_id not in met:
                branch.children[option.pk] = grow(every[option.target_id])
        return branch

    root = next((menu for menu in every.values() if menu.is_root), None)
    tree = grow(root) if root else None
    loose = []
    for menu in every.values():
        if menu.pk not in met:
            loose.append(grow(menu))
    return tree, loose


def _flat(branch: Branch | None) -> list[Branch]:
    if branch is None:
        return []
    return [branch] + [deeper for child in branch.children.values() for deeper in _flat(child)]


def _preview(menu: Menu | None, tree: Branch | None, loose: list[Branch]) -> list[MenuOption]:
    branches = _flat(tree) + [deeper for branch in loose for deeper in _flat(branch)]
    found = next((branch for branch in branches if menu and branch.menu.pk == menu.pk), None)
    return [option for option in found.options if option.active] if found else []


@page(EDIT)
def edit_option(request: HttpRequest, pk: int) -> HttpResponse:
    """The option's form, in its place in the tree."""
    option = get_object_or_404(MenuOption.objects.select_related("menu"), pk=pk)
    return _option_form(request, option)


@page(EDIT)
def add_option(request: HttpRequest, menu_pk: int) -> HttpResponse:
    menu = get_object_or_404(Menu, pk=menu_pk)
    return _option_form(request, MenuOption(menu=menu))


def _option_form(request: HttpRequest, option: MenuOption) -> HttpResponse:
    bound = request.POST if request.method == "POST" else None
    form = OptionForm(bound, instance=option, initial={"menu": option.menu_id})
    fields = FieldFormSet(bound, instance=option, prefix="datos")
    if bound is not None and form.is_valid() and fields.is_valid() and _stored(form, fields):
        messages.success(request, "Opción guardada. El bot ya la usa.")
        return _reload(form.instance.menu)
    url = (
        reverse("admin:panel_option", args=[option.pk])
        if option.pk
        else reverse("admin:panel_add_option", args=[option.menu_id])
    )
    return render(
        request, "panel/menu_option_form.html", {"form": form, "fields": fields, "url": url, "option": option}
    )


def _stored(form: OptionForm, fields: Any) -> bool:
    collected = [one.instance for one in fields.forms if one.has_changed() or one.instance.pk]
    removed = [one.instance for one in fields.deleted_forms if one.instance.pk]
    kept = [row for row in collected if row not in removed and row.label]
    if form.instance.action_id == "collect" and not kept:
        form.add_error("action", "Agregá al menos un dato para pedir.")
        return False
    try:
        services.save_option(option=form.instance, fields=kept, removed=removed)
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return False
    return True


@page(EDIT)
def edit_menu(request: HttpRequest, pk: int) -> HttpResponse:
    return _menu_form(request, get_object_or_404(Menu, pk=pk))


@page(EDIT)
def add_menu(request: HttpRequest) -> HttpResponse:
    return _menu_form(request, Menu(is_root=not Menu.objects.filter(is_root=True).exists()))


def _menu_form(request: HttpRequest, menu: Menu) -> HttpResponse:
    form = MenuForm(request.POST if request.method == "POST" else None, instance=menu)
    if form.is_bound and form.is_valid():
        services.save_menu(menu=form.instance)
        messages.success(request, f"Menú «{menu}» guardado.")
        return _reload(menu)
    url = reverse("admin:panel_menu", args=[menu.pk]) if menu.pk else reverse("admin:panel_add_menu")
    return render(request, "panel/menu_form.html", {"form": form, "url": url, "menu": menu})


def _reload(menu: Menu) -> HttpResponse:
    """htmx goes to the page again, so that tree, preview and messages are all new.

    The revision makes each address new: browsers do not load again the one they are at, if it has a fragment.
    """
    url = f"{reverse('admin:panel_menus')}?ver={menu.key}&r={ConfigRevision.current()}#menu-{menu.pk}"
    return HttpResponse(headers={"HX-Redirect": url})


@page(EDIT)
@require_POST
def move_option(request: HttpRequest, pk: int) -> HttpResponse:
    option = get_object_or_404(MenuOption, pk=pk)
    services.move_option(option=option, up=request.POST.get("hacia") == "arriba")
    return back(request, "admin:panel_menus")


@page(EDIT)
@require_POST
def delete_option(request: HttpRequest, pk: int) -> HttpResponse:
    services.delete_option(option=get_object_or_404(MenuOption.objects.select_related("menu"), pk=pk))
    messages.success(request, "Opción borrada.")
    return back(request, "admin:panel_menus")


@page(EDIT)
@require_POST
def delete_menu(request: HttpRequest, pk: int) -> HttpResponse:
    services.delete_menu(menu=get_object_or_404(Menu, pk=pk))
    messages.success(request, "Menú borrado.")
    return redirect("admin:panel_menus")
