"""«Editor de menús»: the draft of what the bot offers, edited in place (ISPBOT-SUP-01…08)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from backoffice.common.errors import DomainError
from backoffice.dialogs import selectors, services
from backoffice.dialogs.models import Menu, MenuOption
from backoffice.dialogs.services.draft import menu_seen
from backoffice.dialogs.tree import option_stamp
from backoffice.panel.pages.base import page, show
from backoffice.panel.pages.menus.forms import (
    DatumFormSet,
    MenuForm,
    OptionForm,
    initial_data,
    typed_option,
    wanted_data,
)
from backoffice.panel.pages.menus.outline import EDIT, VIEW, editor, editor_context, phone
from backoffice.safekeeping.telling import TOLD


@page(VIEW)
def menus(request: HttpRequest) -> HttpResponse:
    return show(request, "panel/menus/page.html", "Editor de menús", **editor_context(request.GET.get("ver", "")))


@page(VIEW)
def preview(request: HttpRequest) -> HttpResponse:
    """The phone with a menu of the draft; with what is being typed in an option's form, as if it were saved."""
    tree = selectors.draft()
    if request.method != "POST":
        return render(request, "panel/menus/phone.html", phone(tree, request.GET.get("ver") or tree.root))
    option = _option_of(request)
    form = OptionForm(request.POST, instance=option)
    menu_key, typed = typed_option(option, form, DatumFormSet(request.POST, prefix="datos"))
    return render(request, "panel/menus/phone.html", phone(tree.with_option(menu_key, typed), menu_key, typed.key))


def _option_of(request: HttpRequest) -> MenuOption:
    """The option whose form this is, stored or new."""
    stored = MenuOption.objects.select_related("menu").filter(pk=_number(request, "opcion", 0)).first()
    return stored or MenuOption(menu=get_object_or_404(Menu, pk=_number(request, "menu", 0)))


@page(EDIT)
def edit_option(request: HttpRequest, pk: int) -> HttpResponse:
    """The option's form, in its place in the tree."""
    option = MenuOption.objects.select_related("menu", "target").filter(pk=pk).first()
    if option is not None:
        return _option_form(request, option)
    if not request.POST.get("visto"):  # nobody had its form open
        raise Http404
    return _deleted_meanwhile(request)


def _deleted_meanwhile(request: HttpRequest) -> HttpResponse:
    """Somebody deleted the option under this form: what was typed stays, and saving again makes it anew."""
    menu = Menu.objects.filter(pk=_number(request, "menu", 0)).first() or Menu.objects.first()
    if menu is None:
        raise Http404
    option = MenuOption(menu=menu)
    form, fields = OptionForm(request.POST, instance=option), DatumFormSet(request.POST, prefix="datos")
    form.is_valid()
    form.add_error(None, "Alguien borró esta opción mientras la editabas. Si guardás de nuevo, vuelve a crearse.")
    return _drawn(request, MenuOption(menu=menu), form, fields)


@page(EDIT)
def add_option(request: HttpRequest, menu_pk: int) -> HttpResponse:
    return _option_form(request, MenuOption(menu=get_object_or_404(Menu, pk=menu_pk)))


def _option_form(request: HttpRequest, option: MenuOption) -> HttpResponse:
    stored = option_stamp(option.menu.key, selectors.option_of(option)) if option.pk else None
    bound = request.POST if request.method == "POST" else None
    place = (option.pk, option.menu_id)
    fields = DatumFormSet(bound, prefix="datos", initial=initial_data(option) if bound is None else None)
    form = OptionForm(bound, instance=option, initial={"menu": option.menu_id})
    if bound is not None and form.is_valid() and fields.is_valid() and _stored(form, fields, bound.get("visto")):
        saved = form.instance
        told = f"«{saved.title}» quedó en el borrador."
        return editor(request, shown=saved.menu.key, told=told, focus=f"option-{saved.pk}")
    return _drawn(request, MenuOption(pk=place[0], menu_id=place[1]), form, fields, stored)


def _drawn(
    request: HttpRequest, option: MenuOption, form: OptionForm, fields: Any, seen: str | None = None
) -> HttpResponse:
    url = (
        reverse("admin:panel_option", args=[option.pk])
        if option.pk
        else reverse("admin:panel_add_option", args=[option.menu_id])
    )
    context = {"form": form, "fields": fields, "url": url, "option": option, "seen": seen or ""}
    return render(request, "panel/menus/option_form.html", context)


def _stored(form: OptionForm, fields: Any, seen: str | None) -> bool:
    """Save what the forms say; False, with the reason in the form, when it is refused."""
    wanted = wanted_data(fields)
    if form.instance.action_id == "collect" and not wanted:
        form.add_error("action", "Agregá al menos un dato para pedir.")
        return False
    try:
        services.save_option(option=form.instance, fields=wanted, seen=seen or None)
    except services.ChangedMeanwhile as error:
        form.add_error(None, f"{error.message} {_as_it_is(form.instance.pk)}")
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
    else:
        return True
    return False


def _as_it_is(pk: int) -> str:
    """What an option says now and who left it so, for whoever was about to write over it."""
    row = MenuOption.objects.select_related("menu", "action").filter(pk=pk).first()
    if row is None:
        return ""
    last = row.history.select_related("history_user").first()
    who = f"{last.history_user} la dejó así" if last is not None and last.history_user else "Ahora está así"
    text = f", «{row.text}»" if row.text else ""
    return (
        f"{who}: «{row.title}», {row.action.label}{text}, en «{row.menu}»{'' if row.active else ', oculta'}. "
        "Lo que escribiste sigue acá: guardá otra vez para reemplazarla, o cancelá para dejar la suya."
    )


@page(EDIT)
def edit_menu(request: HttpRequest, pk: int) -> HttpResponse:
    return _menu_form(request, get_object_or_404(Menu, pk=pk))


@page(EDIT)
def add_menu(request: HttpRequest) -> HttpResponse:
    return _menu_form(request, Menu(is_root=not Menu.objects.filter(is_root=True).exists()))


def _menu_form(request: HttpRequest, menu: Menu) -> HttpResponse:
    stored = menu_seen(menu)
    form = MenuForm(request.POST if request.method == "POST" else None, instance=menu)
    if form.is_bound and form.is_valid():
        try:
            services.save_menu(menu=form.instance, seen=request.POST.get("visto"))
        except services.ChangedMeanwhile as error:
            form.add_error(
                None, f"{error.message} Guardá otra vez para reemplazarlo, o cancelá para dejarlo como está."
            )
        else:
            return editor(request, shown=menu.key, told=f"«{menu}» quedó en el borrador.", focus=f"menu-{menu.pk}")
    url = reverse("admin:panel_menu", args=[menu.pk]) if menu.pk else reverse("admin:panel_add_menu")
    return render(request, "panel/menus/menu_form.html", {"form": form, "url": url, "menu": menu, "seen": stored})


@page(EDIT)
@require_POST
def move_option(request: HttpRequest, pk: int) -> HttpResponse:
    """To another place of its menu, or into another: `lugar` counts the options before it."""
    option = get_object_or_404(MenuOption.objects.select_related("menu"), pk=pk)
    menu = get_object_or_404(Menu, pk=_number(request, "menu", option.menu_id))
    place = _number(request, "lugar", 0)

    def move() -> str:
        services.move_option(option=option, menu=menu, place=place)
        return f"«{option}» quedó en el lugar {place + 1} de «{menu}»."

    return _done(request, move, shown=menu.key, focus=f"option-{pk}")


def _number(request: HttpRequest, name: str, otherwise: int) -> int:
    text = request.POST.get(name, "")
    return int(text[:9]) if text.isdecimal() and text.isascii() else otherwise


@page(EDIT)
@require_POST
def delete_option(request: HttpRequest, pk: int) -> HttpResponse:
    option = get_object_or_404(MenuOption.objects.select_related("menu"), pk=pk)

    def delete() -> str:
        services.delete_option(option=option)
        return f"«{option}» se borró del borrador. {TOLD}"

    return _done(request, delete, shown=option.menu.key)


@page(EDIT)
@require_POST
def delete_menu(request: HttpRequest, pk: int) -> HttpResponse:
    menu = get_object_or_404(Menu, pk=pk)

    def delete() -> str:
        services.delete_menu(menu=menu)
        return f"«{menu}» se borró del borrador. {TOLD}"

    return _done(request, delete)


def _done(request: HttpRequest, verb: Callable[[], str], *, shown: str = "", focus: str = "") -> HttpResponse:
    """Do it and draw the editor again with what it says, or with why it was refused; without htmx, the whole page."""
    if "HX-Request" not in request.headers:
        messages.success(request, verb())  # `page` tells a refusal
        return redirect(f"{reverse('admin:panel_menus')}?ver={shown}")
    try:
        return editor(request, shown=shown, told=verb(), focus=focus)
    except DomainError as error:
        return editor(request, shown=shown, refused=error.message, focus=focus)
