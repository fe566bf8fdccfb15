"""Every permission that opens something is told in words, on the screen that it opens."""

from django.contrib.admin.sites import site
from django.contrib.auth.models import Permission

from backoffice.accounts import capabilities
from backoffice.accounts.prepare import prepare
from backoffice.look import NAVIGATION


def test_whatever_a_role_gives_is_on_a_screen(db: None) -> None:
    prepare()
    shown = {one.code for screen in capabilities.screens() for one in screen.capabilities}
    given = Permission.objects.filter(group__isnull=False).exclude(group__name="Administrador")
    roles = {capabilities.code_of(one) for one in given.select_related("content_type")}
    assert roles <= shown


def test_whatever_can_be_registered_in_the_panel_is_shown(db: None) -> None:
    shown = {one.code for screen in capabilities.screens() for one in screen.capabilities}
    for model in site._registry:
        assert f"{model._meta.app_label}.view_{model._meta.model_name}" in shown


def test_what_opens_nothing_is_not_offered(db: None) -> None:
    shown = {one.code for screen in capabilities.screens() for one in screen.capabilities}
    assert not {"conversations.delete_message", "tickets.add_ticket", "company.delete_company"} & shown
    plans = next(screen for screen in capabilities.screens() if screen.title == "Planes de Internet")
    assert [one.label.split()[0] for one in plans.capabilities] == ["Ver", "Agregar", "Cambiar", "Borrar"]


def test_no_label_is_django_s(db: None) -> None:
    labels = [one.label for screen in capabilities.screens() for one in screen.capabilities]
    assert not [label for label in labels if label.startswith("Can ")]
    assert len(labels) == len(set(labels))


def test_nothing_of_the_machinery_is_offered(db: None) -> None:
    shown = " ".join(one.code for screen in capabilities.screens() for one in screen.capabilities)
    for hidden in ("historical", "session.", "logentry", "lane", "inboxevent", "ormq", "heartbeat"):
        assert hidden not in shown


def test_screens_are_called_as_in_the_sidebar(db: None) -> None:
    items = {item["title"] for group in NAVIGATION for item in group["items"]}
    named = set(capabilities.SCREENS) - {"Sesiones activas del bot"}
    assert named <= items
