"""Timers and groups with the real parts, by the story's clock: SC-21's reopening and SC-34's alert."""

import pytest

from backoffice.agents.models import WhatsAppGroup
from tests.story import StoryHere

pytestmark = [pytest.mark.django_db, pytest.mark.flow]


def test_sc34_nobody_takes_it_and_the_supervisors_hear_once(story: StoryHere) -> None:
    story.maria.says("son un desastre, hace 3 días que estoy sin servicio, quiero hablar con una persona YA")
    story.elena.messages(story.supervisors)
    story.time_passes(minutes=4)
    assert story.elena.hears_nothing(story.supervisors)
    story.time_passes(minutes=2)
    alert = story.elena.hears(story.supervisors)
    for piece in ("Ticket sin atender", "María González", "Sentimiento: Enojado", "/panel/ticket/"):
        assert piece in alert
    story.time_passes(hours=1)
    assert story.elena.hears_nothing(story.supervisors)


def test_what_was_taken_in_time_alerts_nobody(story: StoryHere) -> None:
    story.maria.says("quiero hablar con una persona")
    story.juan.replies("va", chat=story.support)
    story.elena.messages(story.supervisors)
    story.time_passes(hours=1)
    assert story.elena.hears_nothing(story.supervisors)


def test_sc21_what_waited_overnight_is_announced_at_the_opening_and_alerted_by_its_own_time(story: StoryHere) -> None:
    story.do("keeps_hours")
    story.it_is("2026-11-28 20:00")
    story.juan.messages(story.support)
    story.elena.messages(story.supervisors)
    story.maria.says("quiero hablar con una persona")
    assert story.juan.hears_nothing(story.support)
    story.it_is("2026-11-30 08:00")
    story.time_passes(seconds=1)
    assert "Nuevo Ticket de Soporte" in story.juan.hears(story.support)
    assert story.elena.hears_nothing(story.supervisors)
    story.time_passes(minutes=16)
    assert "Ticket sin atender" in story.elena.hears(story.supervisors)


def test_thrown_out_of_the_seat_the_case_goes_back_to_soporte(story: StoryHere) -> None:
    story.maria.says("quiero hablar con una persona")
    story.juan.replies("va", chat=story.support)
    story.juan.messages(story.support)
    seat = WhatsAppGroup.objects.get(name=story.ticket["group"])
    story.network.post("/faults", {"kind": "bot_removed_from_group", "group": story.group(seat.name)})
    story.goes_on()
    assert story.ticket["state"] == "pendiente"
    assert "Sacaron al bot" in story.juan.hears(story.support)
    seat.refresh_from_db()
    assert seat.bot_removed
