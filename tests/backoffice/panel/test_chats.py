"""Answering from the panel: the list, the chat, what each role may do there, and what whoever is late is told."""

import io
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from backoffice.conversations.models import Contact, Conversation, Label, Media, Message
from backoffice.customers.services import create_customer
from backoffice.tickets import services
from backoffice.tickets.models import Ticket
from tests.backoffice import desk
from tests.cast import LUCIA, MARIA, Person

JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def maria(db: None) -> Conversation:
    """María wrote to the bot."""
    chat = desk.chat_of(desk.open_for_business())
    desk.writes(chat, "hola, ¿me ayudan?")
    Conversation.objects.filter(pk=chat.pk).update(last_message_at=timezone.now())
    return chat


def at(name: str, chat: Conversation) -> str:
    return reverse(f"admin:panel_chat{name}", args=[chat.contact_id])


def does(client: Client, name: str, chat: Conversation, **values: object) -> dict[str, str]:
    """A verb as the page's script asks for it."""
    answer = client.post(at(f"_{name}", chat), values, **JSON)
    assert answer.status_code == 200, answer.status_code
    return dict(answer.json())


def picture() -> SimpleUploadedFile:
    data = io.BytesIO()
    Image.new("RGB", (4, 4)).save(data, "PNG")
    return SimpleUploadedFile("luz.png", data.getvalue())


# --- a day's work ----------------------------------------------------------------------------


def test_elena_takes_answers_notes_attaches_and_closes(signed_in: Callable[..., Client], maria: Conversation) -> None:
    elena = signed_in("Agente")
    assert "Atender yo" in elena.get(at("", maria)).text
    assert "Tomaste el caso" in does(elena, "take", maria)["done"]
    assert does(elena, "write", maria, text="Hola María, ya reviso") == {"done": ""}
    does(elena, "note", maria, text="ONU sin luz")
    assert does(elena, "write", maria, text="Mirá esta luz", archivo=picture()) == {"done": ""}
    assert desk.said_in(maria) == ["Hola María, ya reviso", "Mirá esta luz"]
    sent = Message.objects.filter(conversation=maria, direction="out").last()
    assert sent is not None
    assert (sent.author_name, sent.media.kind, sent.priority) == ("Elena Soto", "image", Message.Priority.AGENT)
    page = elena.get(at("", maria)).text
    for told in ("Hola María, ya reviso", "ONU sin luz", "Nota interna", "Lo atendés vos"):
        assert told in page
    assert "cerrado" in does(elena, "close", maria, reason="Se reinició el router")["done"]
    assert Ticket.objects.get().close_reason == "Se reinició el router"


def test_without_a_script_each_verb_is_a_form_that_comes_back(
    signed_in: Callable[..., Client], maria: Conversation
) -> None:
    elena = signed_in("Agente")
    assert "El bot no responde mientras tanto" in elena.post(at("_take", maria), follow=True).text
    elena.post(at("_write", maria), {"text": "Hola"})
    assert desk.said_in(maria) == ["Hola"]
    assert "Escribí un mensaje" in elena.post(at("_write", maria), {"text": " "}, follow=True).text
    assert "La charla volvió al bot" in elena.post(at("_give_back", maria), follow=True).text


def test_a_file_that_is_not_what_it_says_is_not_kept(signed_in: Callable[..., Client], maria: Conversation) -> None:
    elena = signed_in("Agente")
    does(elena, "take", maria)
    bad = SimpleUploadedFile("foto.png", b"<script>", content_type="image/png")
    assert "no se puede mandar" in does(elena, "write", maria, archivo=bad)["refused"]
    assert not Media.objects.exists()


def test_a_message_that_failed_is_tried_again(signed_in: Callable[..., Client], maria: Conversation) -> None:
    elena = signed_in("Agente")
    does(elena, "take", maria)
    does(elena, "write", maria, text="Hola")
    sent = Message.objects.get(direction="out")
    Message.objects.update(status="failed", due_at=None, error="No hay señal")
    page = elena.get(at("", maria)).text
    assert "No hay señal" in page
    assert "Reintentar" in page
    assert does(elena, "decide", maria, mensaje=sent.pk, decision="resend") == {"done": "Vuelve a salir."}
    sent.refresh_from_db()
    assert sent.status == "queued"
    assert does(elena, "decide", maria, mensaje=sent.pk, decision="resend") == {"done": "Ya estaba resuelto."}


# --- two at once -----------------------------------------------------------------------------


def test_of_two_who_take_it_one_wins_and_the_other_is_told_who(
    signed_in: Callable[..., Client], maria: Conversation
) -> None:
    elena, late = signed_in("Agente"), signed_in("Agente", username="olga")
    does(elena, "take", maria)
    assert does(late, "take", maria)["refused"] == "Ya lo tomó Elena Soto."
    assert "Lo atiende <b>Elena Soto</b> desde el panel" in late.get(at("", maria)).text
    assert "refused" in does(late, "write", maria, text="yo también")
    assert desk.said_in(maria) == []


def test_whoever_lost_it_meanwhile_keeps_what_they_typed_and_hears_who_has_it(
    signed_in: Callable[..., Client], maria: Conversation
) -> None:
    elena, supervisor = signed_in("Agente"), signed_in("Supervisor", username="ana")
    does(elena, "take", maria)
    seat = Ticket.objects.get().seat
    assert "ahora es tuyo" in does(supervisor, "take", maria, de=seat)["done"]
    for name, values in (("write", {"text": "¿y?"}), ("close", {}), ("give_back", {}), ("give", {"a": "area:support"})):
        assert "el caso ya no es tuyo" in does(elena, name, maria, **values)["refused"], name
    assert "¿y?" not in desk.said_in(maria)


def test_a_supervisor_takes_over_only_from_whom_the_page_showed(
    signed_in: Callable[..., Client], maria: Conversation
) -> None:
    juan = desk.agent(maria.channel)
    ticket = desk.case(maria)
    services.take(ticket=ticket, agent=juan)
    supervisor = signed_in("Supervisor", username="ana")
    assert "Seguir yo" in supervisor.get(at("", maria)).text
    assert does(supervisor, "take", maria, de="usuario:99")["refused"] == "Ya lo tomó Juan Pérez."
    assert "ahora es tuyo" in does(supervisor, "take", maria, de=f"agente:{juan.pk}")["done"]


def test_an_agent_does_not_take_over(signed_in: Callable[..., Client], maria: Conversation) -> None:
    juan = desk.agent(maria.channel)
    services.take(ticket=desk.case(maria), agent=juan)
    elena = signed_in("Agente")
    assert "Seguir yo" not in elena.get(at("", maria)).text
    assert does(elena, "take", maria, de=f"agente:{juan.pk}")["refused"] == "Ya lo tomó Juan Pérez."


# --- who may ---------------------------------------------------------------------------------

VERBS = ("take", "write", "note", "give", "give_back", "close", "decide", "notes", "labels")
MAY = {
    "Operador": set(),
    "Agente": set(VERBS),
    "Supervisor": {*VERBS, "do_merge"},
    "Administrador": {*VERBS, "do_merge"},
}


@pytest.mark.parametrize("role", MAY)
def test_what_each_role_may_do_in_a_chat(signed_in: Callable[..., Client], maria: Conversation, role: str) -> None:
    client = signed_in(role, username="alguien")
    asked = {name: client.post(at(f"_{name}", maria), **JSON).status_code for name in (*VERBS, "do_merge")}
    assert {name for name, status in asked.items() if status != 403} == MAY[role]
    assert client.get(at("", maria)).status_code == (403 if role == "Operador" else 200)


def test_a_case_is_passed_by_whoever_has_it_or_supervises(
    signed_in: Callable[..., Client], staff: Callable[..., object], maria: Conversation
) -> None:
    olga = staff("Agente", username="olga")
    elena, supervisor = signed_in("Agente"), signed_in("Supervisor", username="ana")
    desk.case(maria)
    to_olga = {"a": f"usuario:{olga.pk}", "note": "te toca"}  # type: ignore[attr-defined]
    assert "volvió a quedar en espera" in does(elena, "give", maria, **to_olga)["refused"]
    assert "quedó con Elena Soto" in does(supervisor, "give", maria, **to_olga)["done"]
    assert Ticket.objects.get().user == olga
    assert "Elegí Soporte o Ventas" in does(supervisor, "give", maria, a="area:nada")["refused"]


# --- the page stays fresh --------------------------------------------------------------------


def test_a_chat_is_read_by_pages_and_refreshed_only_when_it_moves(admin: Client) -> None:
    chat = desk.chat_of(desk.open_for_business())
    for number in range(70):
        desk.writes(chat, f"mensaje {number:03d}")
    page = admin.get(at("", chat))
    assert "mensaje 069" in page.text
    assert "mensaje 009" not in page.text
    older = {"antes": page.context["screen"].older}
    assert "mensaje 009" in admin.get(at("", chat), older).text
    part = admin.get(at("", chat), older | {"parte": "1"}).text
    assert "mensaje 009" in part
    assert "<html" not in part
    seen = {"v": page.context["screen"].version}
    assert admin.get(at("_news", chat), seen).status_code == 204
    desk.writes(chat, "uno más")
    assert "uno más" in admin.get(at("_news", chat), seen).text


def test_the_cheap_question_costs_the_same_however_long_the_chat(
    admin: Client, maria: Conversation, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for number in range(200):
        desk.writes(maria, str(number))
    seen = {"v": admin.get(at("", maria)).context["screen"].version}
    with django_assert_max_num_queries(8):  # who asks and what they may, the time zone; then three of the chat's own
        assert admin.get(at("_news", maria), seen).status_code == 204


def test_what_waits_for_elena_is_counted_until_she_looks(signed_in: Callable[..., Client], maria: Conversation) -> None:
    elena = signed_in("Agente")
    does(elena, "take", maria)
    seen = elena.get(at("", maria)).context["screen"].version
    shown = elena.get(reverse("admin:panel_chats"), {"ver": "mias"})
    assert shown.context["unread"] == 0
    desk.writes(maria, "¿hola?")
    listed = elena.get(reverse("admin:panel_chats_news"), {"ver": "mias", "v": shown.context["list_version"]})
    assert 'data-unread="1"' in listed.text
    elena.get(at("_news", maria), {"v": seen})  # a page in another tab, where nobody looks
    assert elena.get(reverse("admin:panel_chats")).context["unread"] == 1
    elena.get(at("_news", maria), {"v": seen, "visto": "1"})
    assert elena.get(reverse("admin:panel_chats")).context["unread"] == 0


def test_the_list_is_sent_again_only_when_it_moves(admin: Client, maria: Conversation) -> None:
    version = admin.get(reverse("admin:panel_chats")).context["list_version"]
    news = reverse("admin:panel_chats_news")
    assert admin.get(news, {"v": version}).status_code == 204
    desk.case(maria)
    assert "Espera" in admin.get(news, {"v": version}).text


# --- people ----------------------------------------------------------------------------------


def test_conversations_are_found_by_name_and_phone(admin: Client) -> None:
    channel = desk.open_for_business()
    for person in (MARIA, LUCIA):
        chat = desk.chat_of(channel, person)
        desk.writes(chat, "hola")
        Conversation.objects.filter(pk=chat.pk).update(last_message_at=timezone.now())
    for query in ("maría", "María", "261 234-5678", "0261 15 234 5678", "2345678"):
        page = admin.get(reverse("admin:panel_chats"), {"q": query}).text
        assert "María González" in page, query
        assert "Lucía Paz" not in page, query


def test_a_chat_shows_whose_phone_it_is_before_anybody_linked_it(admin: Client) -> None:
    customer = create_customer(name="María González", phones=["261 234-5678"])
    chat = desk.chat_of(desk.open_for_business(), MARIA)
    page = admin.get(at("", chat)).text
    assert reverse("admin:customers_customer_change", args=[customer.pk]) in page
    assert "Por su teléfono" in page


def test_labels_and_notes_are_kept_beside_the_chat(signed_in: Callable[..., Client], maria: Conversation) -> None:
    supervisor = signed_in("Supervisor", username="ana")
    supervisor.post(at("_labels", maria), {"nueva": "VIP"})
    supervisor.post(at("_notes", maria), {"notas": "Llamar de tarde"})
    page = supervisor.get(at("", maria)).text
    assert "Llamar de tarde" in page
    label = Label.objects.get()
    assert [str(one) for one in maria.contact.labels.all()] == ["VIP"]
    assert "María González" in supervisor.get(reverse("admin:panel_chats"), {"etiqueta": label.pk}).text
    agent = signed_in("Agente")
    agent.post(at("_labels", maria), {"nueva": "Otra"})  # chooses among those that there are, and makes none
    assert list(Label.objects.all()) == [label]
    assert not maria.contact.labels.exists()
    assert "hasta 30 letras" in supervisor.post(at("_labels", maria), {"nueva": "a" * 31}, follow=True).text


def test_two_contacts_are_joined_after_seeing_both(signed_in: Callable[..., Client], maria: Conversation) -> None:
    work = desk.chat_of(maria.channel, Person("María trabajo", "5492614440000"))
    desk.writes(work, "soy yo desde el trabajo")
    supervisor = signed_in("Supervisor", username="ana")
    assert "María trabajo" in supervisor.get(at("_merge", maria), {"q": "444-0000"}).text
    page = supervisor.get(at("_merge", maria), {"otro": work.contact_id}).text
    assert "Esto no se puede deshacer" in page
    told = supervisor.post(at("_do_merge", maria), {"otro": work.contact_id}, follow=True).text
    assert "todo lo de María trabajo está ahora en esta charla" in told
    assert "soy yo desde el trabajo" in told
    moved = Contact.objects.get(pk=work.contact_id)
    assert moved.merged_into == maria.contact
    assert supervisor.get(reverse("admin:panel_chat", args=[moved.pk])).url == at("", maria)
    assert supervisor.post(at("_do_merge", maria), {"otro": maria.contact_id}).status_code == 404


def test_labels_are_a_screen_with_how_many_people_have_each(
    signed_in: Callable[..., Client], maria: Conversation
) -> None:
    maria.contact.labels.add(Label.objects.create(name="VIP"))
    page = signed_in("Supervisor", username="ana").get(reverse("admin:conversations_label_changelist")).text
    assert "VIP" in page
