"""Publishing the menus' draft, the versions that customers got, and going back to one (SC-40)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from backoffice.common.errors import DomainError
from backoffice.dialogs import checks, selectors, services
from backoffice.dialogs.differences import differences
from backoffice.dialogs.models import MenuVersion
from backoffice.panel.pages.base import page, person, require, show
from backoffice.panel.pages.menus.outline import EDIT, PUBLISH, VIEW, placed

NEWEST = 100
"""How many versions the list shows."""


@page(PUBLISH)
def publish(request: HttpRequest) -> HttpResponse:
    """What would change and what is wrong; then, confirmed, the new version."""
    refused = ""
    if request.method == "POST":
        try:
            version = services.publish(
                seen=request.POST.get("visto", ""),
                author=person(request),
                note=request.POST.get("nota", ""),
                despite_warnings=request.POST.get("igual") == "on",
            )
        except DomainError as error:
            refused = error.message
        else:
            messages.success(request, f"Publicada la versión {version.number}. El bot ya la usa.")
            return redirect("admin:panel_menus")
    return show(request, "panel/menus/publish.html", "Publicar los menús", **_review(request, refused))


def _review(request: HttpRequest, refused: str) -> dict[str, Any]:
    rows, current, actions = selectors.draft_rows(), selectors.published(), selectors.available_actions()
    tree = selectors.tree_of(rows)
    before = current.menus if current is not None else None
    found = checks.problems(tree, actions=actions)
    known = set(checks.problems(before, actions=actions)) if before is not None else set()
    return {
        "current": current,
        "changes": differences(before, tree) if before is not None else [],
        "unpublished": tree != before,
        "errors": placed(checks.errors(found), rows),
        "warnings": placed([one for one in checks.warnings(found) if one not in known], rows),
        "seen": tree.stamp,
        "note": request.POST.get("nota", ""),
        "refused": refused,
    }


@page(VIEW)
def versions(request: HttpRequest) -> HttpResponse:
    found = MenuVersion.objects.select_related("author").defer("tree")[:NEWEST]
    return show(request, "panel/menus/versions.html", "Versiones de los menús", versions=found)


@page(VIEW)
def version(request: HttpRequest, number: int) -> HttpResponse:
    """What customers got then, and what is different now."""
    shown = get_object_or_404(MenuVersion.objects.select_related("author"), number=number)
    current, draft = selectors.published(), selectors.draft()
    return show(
        request,
        "panel/menus/version.html",
        f"Versión {shown.number} de los menús",
        version=shown,
        menus=shown.menus,
        titles={menu.key: menu.title for menu in shown.menus.menus},
        current=current,
        changes=differences(current.menus, shown.menus) if current is not None else [],
        has_draft=current is not None and current.menus != draft,
        is_draft=shown.menus == draft,
        seen=draft.stamp,
    )


@page(EDIT)
@require_POST
def bring_back(request: HttpRequest, number: int) -> HttpResponse:
    """The old version as the draft, to change it before publishing."""
    old = get_object_or_404(MenuVersion, number=number)
    services.bring_back(version=old, seen=request.POST.get("visto", ""))
    messages.success(request, f"El borrador quedó como la versión {number}. Para que rija, publicalo.")
    return redirect("admin:panel_menus")


@page(PUBLISH)
@require_POST
def roll_back(request: HttpRequest, number: int) -> HttpResponse:
    """The old version in force again, at once. It writes over the draft, so it needs both permissions."""
    require(request, EDIT)
    old = get_object_or_404(MenuVersion, number=number)
    try:
        made = services.roll_back(version=old, seen=request.POST.get("visto", ""), author=person(request))
    except services.Unfit as error:
        told = " ".join(one.message for one in checks.errors(error.problems))
        messages.error(request, f"La versión {number} ya no se puede publicar. {told}")
        return redirect(reverse("admin:panel_menu_version", args=[number]))
    messages.success(request, f"Rige de nuevo lo de la versión {number}, como versión {made.number}.")
    return redirect("admin:panel_menus")
