"""SC-20, SC-21, SC-22, SC-35: anger, closed doors, holidays and the four modes."""

from tests.story import Story

ANGRY = "Son un desastre, hace 3 días que estoy sin servicio, quiero hablar con una persona YA"


def test_sc20_an_angry_customer_gets_a_person_and_no_menu(story: Story) -> None:
    story.maria.says(ANGRY)
    answer = story.maria.hears()
    assert "*1.*" not in answer
    ticket = story.ticket
    assert (ticket["sentiment"], ticket["urgent"], ticket["state"]) == ("enojado", True, "pendiente")
    assert "Sentimiento: Enojado" in story.juan.last_of_bot(story.support)["text"]


def test_sc21_outside_hours_the_notice_is_given_once_and_the_case_waits(story: Story) -> None:
    story.do("closes_now")
    story.juan.messages(story.support)
    notice = story.maria.asks("quiero hablar con una persona")
    assert "no estamos atendiendo" in notice
    assert story.ticket["state"] == "pendiente"
    assert not story.ticket["announced"]
    assert story.juan.hears_nothing(story.support)
    for text in ("hola?", "me contestan", "estoy sin internet y sin nadie que conteste"):
        story.maria.says(text)
        assert not any("no estamos atendiendo" in heard for heard in story.maria.hears_all())
    assert story.do("count_tickets") == 1


def test_sc22_on_a_holiday_nobody_is_called_and_self_service_works(story: Story) -> None:
    story.do("holiday_today")
    story.juan.messages(story.support)
    assert "feriado" in story.maria.asks("quiero hablar con una persona").lower()
    assert story.juan.hears_nothing(story.support)
    assert "$ 18.500,00" in story.maria.asks("¿cuánto debo?")


def test_sc35_in_emergency_each_client_hears_the_message_once(story: Story) -> None:
    story.do("set_mode", mode="emergencia", text="Corte general en Godoy Cruz. Vuelve a las 18.")
    assert story.maria.asks("no anda internet") == "Corte general en Godoy Cruz. Vuelve a las 18."
    story.maria.says("hola?")
    assert story.maria.hears_nothing()
    assert "Corte general" in story.lucia.asks("buenas")


def test_sc35_in_gateway_mode_messages_are_kept_and_not_answered(story: Story) -> None:
    story.do("set_mode", mode="solo_gateway")
    before = story.do("count_received")
    story.maria.says("hola")
    assert story.maria.hears_nothing()
    assert story.do("count_received") == before + 1


def test_sc35_stopped_the_bot_says_nothing_and_a_case_in_progress_goes_on(story: Story) -> None:
    story.maria.says("quiero hablar con una persona")
    story.juan.replies("lo tomo", chat=story.support)
    seat = story.group(story.ticket["group"])
    story.maria.messages()
    story.juan.messages(seat)
    story.do("set_mode", mode="parado")
    assert story.lucia.hears_nothing()
    story.lucia.says("hola")
    assert story.lucia.hears_nothing()
    story.juan.says("Seguimos con tu caso", chat=seat)
    assert story.maria.hears() == "Seguimos con tu caso"


def test_the_mode_is_in_force_at_once_and_back(story: Story) -> None:
    story.do("set_mode", mode="parado")
    story.maria.says("hola")
    assert story.maria.hears_nothing()
    story.do("set_mode", mode="completo")
    assert "María" in story.maria.asks("hola")
