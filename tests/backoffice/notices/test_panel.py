"""What staff do with gateways and notices: a key shown once, a box that tells the future, one stopped or sent again."""

import html
import re

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backoffice.accounts.models import User
from backoffice.accounts.prepare import prepare
from backoffice.common.errors import DomainError
from backoffice.common.models import Activity
from backoffice.conversations.models import Contact, Message
from backoffice.conversations.services import queue_message
from backoffice.customers.models import Customer, CustomerPhone
from backoffice.notices import selectors, services
from backoffice.notices.models import Gateway, GatewayNotice
from backoffice.operations.models import BotControl
from tests.backoffice import desk
from tests.cast import MARIA

LIST = "admin:notices_gatewaynotice_changelist"


def enters(role: str, username: str = "elena") -> Client:
    prepare()
    cache.clear()
    user = User.objects.create_user(username, first_name="Elena", last_name="Soto", is_staff=True)
    user.groups.set([Group.objects.get(name=role)])
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def admin(db: None) -> Client:
    return enters("Administrador")


def posts(client: Client, name: str, *args: int, **data: object) -> str:
    return client.post(reverse(f"admin:{name}", args=args), data, follow=True).text


def tries(client: Client, gateway: Gateway, numero: str = "261 234-5678", texto: str = "Ya está tu factura") -> str:
    return posts(client, "panel_try_notice", gateway=gateway.pk, numero=numero, texto=texto)


def leaves(notice: GatewayNotice, status: str = "queued") -> Message:
    """As the bot lets it into the outbox."""
    message = queue_message(conversation=desk.chat_of(notice.gateway.channel), author="system", priority=2)
    due_at = timezone.now() if status == "queued" else None
    Message.objects.filter(pk=message.pk).update(status=status, due_at=due_at)
    notice.state, notice.message, notice.queued_at, notice.due_at = "queued", message, timezone.now(), None
    notice.save()
    return message


# --- the key ----------------------------------------------------------------------------------


def test_a_key_is_shown_once_with_what_to_load_into_mikrowisp(isp, admin):
    page = html.unescape(posts(admin, "panel_gateway_key", isp.gateway.pk))
    found = re.search(r'id="key">([^<]+)<', page)
    assert found
    assert "destinatario={{destinatario}}&mensaje={{mensaje}}" in page
    assert "to={destinatario}&message={mensaje}" in page
    assert "http://127.0.0.1:8000/gateway/mikrowisp/send" in page
    assert isp.get(f"to={MARIA.key}&text=Hola", key=found.group(1)).status_code == 200
    for url in (
        reverse("admin:notices_gateway_change", args=[isp.gateway.pk]),
        reverse("admin:notices_gateway_history", args=[isp.gateway.pk]),
        reverse("admin:notices_gateway_changelist"),
    ):
        assert found.group(1) not in admin.get(url).text
    assert Activity.objects.filter(text__contains="Elena Soto generó una clave").exists()


def test_the_first_key_is_asked_for_where_it_is_missing(admin, channel):
    form = {"name": "ISPCube", "slug": "ispcube", "channel": channel.pk, "enabled": "on", "duplicate_minutes": 10}
    form |= {"expiry_hours": 12, "opens": "08:00", "closes": "21:00", "rules": "factura: factura"}
    page = admin.post(reverse("admin:notices_gateway_add"), form | {"_continue": "1"}, follow=True).text
    assert "nadie puede mandar avisos" in page
    assert "/gateway/ispcube/send" in page


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("allowed_ips", "10.0.0.300", "no es una dirección IP"),
        ("rules", "promo: x", "Línea 1"),
        ("closes", "07:00", "la segunda después de la primera"),
        ("expiry_hours", "0", "mayor"),
        ("slug", "con espacios", "slug"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(isp, admin, field, value, why):
    form = {"name": "MikroWisp", "slug": "mikrowisp", "channel": isp.gateway.channel_id, "duplicate_minutes": 10}
    form |= {"expiry_hours": 12, "opens": "08:00", "closes": "21:00", "rules": "", field: value}
    page = admin.post(reverse("admin:notices_gateway_change", args=[isp.gateway.pk]), form)
    assert page.status_code == 200
    assert why in page.text


# --- the test box -----------------------------------------------------------------------------


def test_the_box_tells_who_gets_what(isp, admin):
    maria = Customer.objects.create(code="1", name=MARIA.name)
    CustomerPhone.objects.create(customer=maria, number=f"+{MARIA.phone}", key=MARIA.key)
    isp.changes(opens=None, closes=None)
    page = tries(admin, isp.gateway, texto="{[#corte] Mañana<br>*cortamos*}")
    assert "+54 9 261 234-5678" in page
    assert MARIA.name in page
    assert "Corte" in page
    assert "Mañana" in page
    assert "[#corte]" not in page.split("<form")[0]
    assert "Sale enseguida" in page
    assert not GatewayNotice.objects.exists()


@pytest.mark.parametrize(
    "pasted",
    [
        "https://panel.fibrasur.ar/gateway/mikrowisp/send?destinatario={2612345678}&mensaje={Ya+est%C3%A1}",
        "to=2612345678&message=Ya está",
        '{"to": "2612345678", "message": "Ya está"}',
    ],
)
def test_all_that_the_system_sends_may_be_pasted(isp, admin, pasted):
    page = tries(admin, isp.gateway, numero="", texto=pasted)
    assert "+54 9 261 234-5678" in page
    assert "Ya está" in page
    assert "Ninguno con ese teléfono" in page


def test_the_box_says_why_it_would_not_leave(isp, admin, notice, settings):
    isp.changes(enabled=False)
    Contact.objects.create(phone=f"+{MARIA.phone}", phone_key=MARIA.key, opted_out_at=timezone.now())
    control = BotControl.load()
    control.mode = "parado"
    control.save()
    page = tries(admin, isp.gateway, texto="Feliz año")
    for why in ("dijo BAJA", "Modo Parado", "está apagado"):
        assert why in page
    assert "dijo BAJA" not in tries(admin, isp.gateway)
    isp.changes(enabled=True)
    leaves(notice("Ya está tu factura"))
    assert "salió hace menos de 10 min" in tries(admin, isp.gateway)


def test_the_box_refuses_what_is_no_notice(isp, admin):
    assert "no es un teléfono" in tries(admin, isp.gateway, numero="12")
    assert "Falta el texto" in tries(admin, isp.gateway, texto="")
    assert "Falta el número" in tries(admin, isp.gateway, numero="", texto="hola")
    assert "Elegí un gateway" in posts(admin, "panel_try_notice", gateway="x", numero="261", texto="Hola")


def test_it_is_sent_for_real_by_whoever_tried_it(isp, admin):
    page = posts(admin, "panel_send_notice", gateway=isp.gateway.pk, numero="2612345678", texto="Hola")
    assert "espera su turno" in page
    notice = GatewayNotice.objects.get()
    assert (notice.phone_key, str(notice.by), notice.state) == (MARIA.key, "Elena Soto", "received")


# --- the list ---------------------------------------------------------------------------------


def test_one_state_is_shown_from_its_arrival_to_the_reading(isp, admin, notice):
    one = notice()
    assert "Espera su turno" in admin.get(reverse(LIST)).text
    for status, shown in (("queued", "En cola"), ("delivered", "Entregado"), ("read", "Leído")):
        leaves(one, status)
        assert shown in admin.get(reverse(LIST)).text


def test_a_notice_is_found_by_the_phone_however_it_is_written(isp, admin, notice):
    notice("Tu factura vence mañana")
    for term in ("0261 15 234-5678", "2612345678", "+54 9 261 234-5678"):
        assert "Tu factura vence" in admin.get(reverse(LIST), {"q": term}).text
    assert "No se encontró nada" in admin.get(reverse(LIST), {"q": "2615550101"}).text


def test_each_notice_is_in_one_group_and_the_counts_say_so(isp, admin, notice):
    notice("espera")
    for status in ("queued", "sent", "read", "failed"):
        leaves(notice(status), status)
    for state in ("duplicate", "suppressed", "expired", "cancelled"):
        GatewayNotice.objects.filter(pk=notice(state).pk).update(state=state, due_at=None)
    assert selectors.counts_of_today() == dict.fromkeys(selectors.GROUPS, 1)
    for name, group in selectors.GROUPS.items():
        assert selectors.with_state(GatewayNotice.objects.all(), name).count() == 1
        page = admin.get(reverse(LIST), {"estado": name}).text
        assert f"{group.label} 1" in page


# --- cancelled, sent again --------------------------------------------------------------------


def test_a_notice_is_cancelled_until_it_leaves(isp, admin, notice):
    waiting, queued, sent = notice("uno"), notice("dos"), notice("tres")
    message = leaves(queued)
    leaves(sent, "sent")
    for one in (waiting, queued):
        assert "no va a salir" in posts(admin, "panel_cancel_notice", one.pk)
        one.refresh_from_db()
        assert (one.state, one.reason) == ("cancelled", "Lo canceló Elena Soto")
    message.refresh_from_db()
    assert (message.status, message.due_at) == ("discarded", None)
    assert "ya no se puede cancelar" in posts(admin, "panel_cancel_notice", sent.pk)


def test_all_that_wait_are_cancelled_together(isp, admin, notice):
    notice("uno")
    notice("dos")
    assert "Cancelados: 2" in posts(admin, "panel_cancel_waiting_notices")
    assert "No había avisos" in posts(admin, "panel_cancel_waiting_notices")


def test_what_did_not_arrive_is_sent_again_as_another(isp, admin, notice):
    first = notice()
    leaves(first, "failed")
    page = posts(admin, "panel_resend_notice", first.pk)
    assert "vuelve a salir" in page
    again = GatewayNotice.objects.latest("pk")
    assert (again.state, again.text, again.message) == ("received", first.text, None)
    assert again.token != first.token
    assert again.raw == {"reenvío de": first.token}


def test_what_arrived_or_is_on_its_way_is_not_sent_again(isp, admin, notice):
    for status in ("queued", "read"):
        one = notice(status)
        leaves(one, status)
        with pytest.raises(DomainError, match="no hace falta"):
            services.resend(notice=one, by=None)
    isp.get("to=nada&text=Hola")
    with pytest.raises(DomainError, match="no se entiende"):
        services.resend(notice=GatewayNotice.objects.latest("pk"), by=None)


def test_the_page_of_a_notice_offers_what_can_be_done(isp, admin, notice):
    one = notice()
    url = reverse("admin:notices_gatewaynotice_change", args=[one.pk])
    assert "Cancelar este aviso" in admin.get(url).text
    leaves(one, "failed")
    page = admin.get(url).text
    assert "Volver a mandar" in page
    assert "Cancelar este aviso" not in page


def test_the_chat_says_whose_notice_it_was(isp, admin, notice):
    message = leaves(notice(), "read")
    Message.objects.filter(pk=message.pk).update(text="Tu factura", author_name="MikroWisp")
    page = admin.get(reverse("admin:panel_chat", args=[message.conversation.contact_id])).text
    assert "Aviso de MikroWisp" in page


# --- who may ----------------------------------------------------------------------------------


def test_a_supervisor_sees_and_stops_notices_and_sees_no_key(isp, notice):
    client = enters("Supervisor")
    assert client.get(reverse(LIST)).status_code == 200
    assert "no va a salir" in posts(client, "panel_cancel_notice", notice().pk)
    assert client.post(reverse("admin:panel_gateway_key", args=[isp.gateway.pk])).status_code == 403
    assert client.get(reverse("admin:notices_gateway_changelist")).status_code == 403


@pytest.mark.parametrize("role", ["Operador", "Agente"])
def test_others_do_neither(isp, notice, role):
    client, one = enters(role), notice()
    assert client.get(reverse(LIST)).status_code == 403
    for name, args in (
        ("panel_cancel_notice", [one.pk]),
        ("panel_resend_notice", [one.pk]),
        ("panel_cancel_waiting_notices", []),
        ("panel_send_notice", []),
        ("panel_try_notice", []),
    ):
        assert client.post(reverse(f"admin:{name}", args=args)).status_code == 403


def test_no_form_is_inside_another_one(isp, admin, notice):
    """A browser drops the inner form, and its button would save the outer one."""
    for name, pk in (("gateway", isp.gateway.pk), ("gatewaynotice", notice().pk)):
        page = admin.get(reverse(f"admin:notices_{name}_change", args=[pk])).text
        depth = 0
        for tag in re.findall(r"<(/?)form\b", page):
            depth += -1 if tag else 1
            assert depth in (0, 1), name
