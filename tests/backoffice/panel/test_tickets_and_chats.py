"""Tickets, conversations and what waits for somebody."""

from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backoffice.common.models import Activity
from backoffice.conversations.models import Conversation, DialogState, Message
from backoffice.tickets.models import Ticket
from tests.backoffice import desk
from tests.cast import LUCIA, MARIA


def _last_spoke(chat: Conversation, *, minutes: int) -> None:
    Conversation.objects.filter(pk=chat.pk).update(last_message_at=timezone.now() - timedelta(minutes=minutes))


def test_a_ticket_is_taken_answered_and_closed_from_the_panel(signed_in: Callable[..., Client]) -> None:
    client = signed_in("Agente")
    ticket = desk.case(desk.chat_of(desk.open_for_business()))
    page = client.get(reverse("admin:panel_ticket", args=[ticket.pk])).text
    assert "No tengo internet desde esta mañana" in page
    client.post(reverse("admin:panel_take_ticket", args=[ticket.pk]))
    client.post(reverse("admin:panel_reply_ticket", args=[ticket.pk]), {"text": "Hola María, ya reviso"})
    client.post(reverse("admin:panel_note_ticket", args=[ticket.pk]), {"text": "ONU sin luz"})
    assert "Hola María, ya reviso" in desk.said_in(ticket.conversation)
    assert "ONU sin luz" not in "".join(desk.said_in(ticket.conversation))
    client.post(reverse("admin:panel_close_ticket", args=[ticket.pk]), {"reason": "Se reinició el router"})
    page = client.get(reverse("admin:panel_ticket", args=[ticket.pk])).text
    assert "Se reinició el router" in page
    assert "ONU sin luz" in page


def test_whoever_is_late_hears_who_has_it(signed_in: Callable[..., Client]) -> None:
    ticket = desk.case(desk.chat_of(desk.open_for_business()))
    take = reverse("admin:panel_take_ticket", args=[ticket.pk])
    signed_in("Agente", username="ana").post(take)
    late = signed_in("Agente", username="juan").post(take, follow=True)
    assert "Elena Soto" in late.text
    ticket.refresh_from_db()
    assert ticket.user is not None
    assert ticket.user.username == "ana"


def test_a_supervisor_gives_a_ticket_to_an_agent(signed_in: Callable[..., Client]) -> None:
    channel = desk.open_for_business()
    juan = desk.agent(channel)
    ticket = desk.case(desk.chat_of(channel))
    client = signed_in("Supervisor")
    assert "Juan Pérez (0 de 3 ocupados)" in client.get(reverse("admin:panel_ticket", args=[ticket.pk])).text
    client.post(reverse("admin:panel_move_ticket", args=[ticket.pk]), {"a": f"agente:{juan.pk}"})
    ticket.refresh_from_db()
    assert (ticket.state, ticket.agent) == ("en_progreso", juan)


def test_an_unanswered_chat_becomes_a_ticket(admin: Client) -> None:
    chat = desk.chat_of(desk.open_for_business())
    desk.writes(chat, "¿hay alguien?")
    _last_spoke(chat, minutes=20)
    page = admin.get(reverse("admin:panel_unanswered")).text
    assert "¿hay alguien?" in page
    admin.post(reverse("admin:panel_open_ticket", args=[chat.pk]))
    assert Ticket.objects.get().message == "¿hay alguien?"
    assert "¿hay alguien?" not in admin.get(reverse("admin:panel_unanswered")).text


def test_a_doubtful_message_is_decided_by_staff(admin: Client) -> None:
    chat = desk.chat_of(desk.open_for_business())
    message = Message.objects.create(
        conversation=chat,
        channel=chat.channel,
        direction="out",
        author="bot",
        text="tu factura",
        status="uncertain",
        due_at=timezone.now(),
    )
    assert "tu factura" in admin.get(reverse("admin:panel_doubtful")).text
    settle = reverse("admin:panel_settle", args=[message.pk])
    assert "Vuelve a salir." in admin.post(settle, {"decision": "resend"}, follow=True).text
    message.refresh_from_db()
    assert message.status == "queued"
    assert Activity.objects.filter(text="Elena Soto volvió a enviar un mensaje a María González").exists()
    assert "ya estaba resuelto" in admin.post(settle, {"decision": "discard"}, follow=True).text
    Message.objects.update(status="failed", due_at=None)
    assert "tu factura" in admin.get(reverse("admin:panel_doubtful")).text


def test_the_search_knows_how_people_call_each_page(admin: Client) -> None:
    for term, page in (("gestión de usuarios", "Usuarios"), ("faqs", "Preguntas frecuentes"), ("dashboard", "Tablero")):
        assert page in admin.get(reverse("admin:search"), {"s": term, "extended": "1"}).text


def test_a_question_is_tried_before_a_customer_asks_it(admin: Client) -> None:
    from backoffice.catalog.models import Faq

    Faq.objects.create(
        area="support", category="Internet", question="Mi internet está lento", answer="Reiniciá el módem"
    )
    url = reverse("admin:panel_try_faq")
    assert "Reiniciá el módem" in admin.get(url, {"pregunta": "internet lento"}).text
    assert "Ninguna pregunta se parece" in admin.get(url, {"pregunta": "¿venden bicicletas?"}).text


def test_active_sessions_are_the_chats_the_bot_holds_now(admin: Client) -> None:
    channel = desk.open_for_business()
    asked, gone = desk.chat_of(channel, MARIA).contact, desk.chat_of(channel, LUCIA).contact
    DialogState.objects.create(contact=asked, flow="identify")
    DialogState.objects.create(contact=gone, updated_at=timezone.now() - timedelta(hours=2))
    page = admin.get(reverse("admin:panel_sessions")).text
    assert "María González" in page
    assert "Identificándose" in page
    assert "Lucía Paz" not in page
