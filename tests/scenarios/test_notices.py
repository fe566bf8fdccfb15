"""The ISP system's notices (ISPBOT-INT-12, INT-13; SC-35): in by either set-up, out once, nobody waits for them."""

from collections import Counter

import pytest

from tests.scenarios.isp import Isp
from tests.story import Story, StoryHere

CUT = "María: mañana suspendemos tu servicio por falta de pago."
QUESTIONS = ("hola", "¿cuánto debo?", "menú", "quiero saber si hay un corte")
PAID = "María, recibimos tu pago. ¡Gracias!"


def test_both_set_ups_reach_the_customer_in_her_own_chat(story: Story) -> None:
    isp = Isp(story)
    story.maria.says("hola")
    story.maria.messages()
    isp.notifies(story.maria.person.phone, CUT)
    story.notices_leave()
    assert story.maria.hears() == CUT
    isp.notifies_by_post(story.maria.person.phone, PAID)
    story.notices_leave()
    assert story.maria.hears() == PAID
    assert "$ 18.500,00" in story.maria.asks("¿cuánto debo?")
    assert story.do("count_contacts", phone_key=story.maria.person.key) == 1


def test_the_same_notice_twice_reaches_her_once(story: Story) -> None:
    isp = Isp(story)
    isp.notifies(story.maria.person.phone, CUT)
    isp.notifies_by_post(story.maria.person.phone, CUT)
    story.notices_leave()
    assert story.maria.hears() == CUT
    assert story.do("count_notices") == {"queued": 1, "duplicate": 1}


@pytest.mark.parametrize("mode", ["emergencia", "solo_gateway"])
def test_sc35_in_emergency_and_gateway_modes_notices_keep_going(story: Story, mode: str) -> None:
    isp = Isp(story)
    story.do("set_mode", mode=mode)
    isp.notifies(story.maria.person.phone, CUT)
    story.notices_leave()
    assert story.maria.hears() == CUT


def test_sc35_stopped_holds_notices_and_back_in_full_they_leave_once(story: Story) -> None:
    isp = Isp(story)
    story.do("set_mode", mode="parado")
    isp.notifies(story.maria.person.phone, CUT)
    story.lucia.says("hola")
    assert story.maria.hears_nothing()
    assert story.lucia.hears_nothing()
    assert story.do("count_notices") == {"received": 1}
    story.do("set_mode", mode="completo")
    story.notices_leave()
    assert story.maria.hears() == CUT


@pytest.mark.once
def test_a_burst_comes_while_customers_talk_and_nothing_is_lost_or_doubled(story: Story) -> None:
    isp = Isp(story)
    count, phones = (200, 10) if isinstance(story, StoryHere) else (2_000, 40)
    numbers = [f"54926155520{place:02d}" for place in range(phones)]
    story.do("has_phones", numbers=numbers)
    for place in range(count):
        send = isp.notifies if place % 2 else isp.notifies_by_post
        send(numbers[place % phones], f"Aviso {place}: tu factura vence mañana")
        if place % (count // len(QUESTIONS)) == 0:
            assert story.maria.asks(QUESTIONS[place * len(QUESTIONS) // count])
    assert sum(story.do("count_notices").values()) == count
    stopped = 0 if isinstance(story, StoryHere) else story.do("cancel_notices")  # the rest would only leave one by one
    story.notices_leave()
    assert story.do("count_notices") == {"queued": count - stopped} | ({"cancelled": stopped} if stopped else {})
    heard = Counter(text for number in numbers for text in story.phone(number).hears_all())
    assert len(heard) == heard.total() == count - stopped
    assert set(heard) <= {f"Aviso {place}: tu factura vence mañana" for place in range(count)}


def test_a_reply_does_not_wait_for_the_pace_of_the_notices(story: Story) -> None:
    isp = Isp(story, gap=9)
    numbers = [f"54926155530{place:02d}" for place in range(25)]
    story.do("has_phones", numbers=numbers)
    for number in numbers:
        isp.notifies(number, "Tu factura vence mañana")
    assert "$ 18.500,00" in story.maria.asks("¿cuánto debo?")
    assert story.do("unsent_notices") >= 20
