"""What every WhatsApp transport must do. An adapter's tests derive from `TransportContract` and give it a `World`.

A world is the network and the people on it, as far as these stories need them:

    class TestOfMine(TransportContract):
        @pytest.fixture
        def world(self) -> Iterator[World]: ...

What a transport cannot do (`caps`) it must refuse with Unsupported; those stories say so instead of being skipped.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import pytest

from integrations.errors import BadCredentials, IntegrationError, NotFound, OutcomeUnknown, Rejected, Unavailable
from integrations.whatsapp.base import (
    Addr,
    Cap,
    ConnState,
    Event,
    Location,
    Media,
    Menu,
    MessageIn,
    Option,
    StatusIn,
    Template,
    Text,
    Transport,
    Unsupported,
    event_from_json,
    to_json,
)
from tests.cast import ANA, JUAN, MARIA

maria, juan, ana = (Addr.phone(person.phone) for person in (MARIA, JUAN, ANA))
PHOTO = b"\xff\xd8\xff\xe0 una foto del router"
MENU = Menu("¿Qué necesitás?", (Option("soporte", "Internet"), Option("factura", "Factura")), "Elegí un número.")


@dataclass(frozen=True, slots=True)
class Seen:
    """What María's phone shows of one message of ours. `options` are the titles of buttons or of a list."""

    id: str
    text: str = ""
    data: bytes = b""
    location: Location | None = None
    quoted_id: str | None = None
    options: tuple[str, ...] = ()


class World(Protocol):
    """A network with our number linked, and María's phone. Whatever she does is told by the next `poll`s."""

    transport: Transport
    refusals: Sequence[type[IntegrationError]]
    """What this network can be made to answer a send with."""

    def customer_writes(self, text: str, *, quoting: str | None = None) -> str:
        """María writes to our number; the id of her message."""
        ...

    def customer_sends_photo(self, data: bytes, caption: str = "") -> str: ...

    def customer_shares(self, place: Location) -> str: ...

    def customer_chooses(self, option: Option) -> None:
        """She taps it where there are buttons, and writes its number or title elsewhere."""
        ...

    def customer_reads(self) -> None:
        """She opens the chat: what we sent is delivered and read."""
        ...

    def repeat_last(self) -> None:
        """The network delivers her last message once more."""
        ...

    def seen(self) -> list[Seen]:
        """What María's phone shows of what we sent, oldest first."""
        ...

    def sees_typing(self) -> bool: ...

    def has_read(self, message_id: str) -> bool:
        """Whether María was told that we read her message."""
        ...

    def refuse(self, error: type[IntegrationError]) -> None:
        """The next send is refused in the way that the port calls `error` (one of `refusals`)."""
        ...

    def lose_the_answer(self) -> None:
        """The next send is taken by the network, and its answer never comes."""
        ...

    def disconnect(self) -> None:
        """The number is not linked, or its key is not accepted, any more."""
        ...


class Ear:
    """The bot's side of `poll`: it stores a batch, then acknowledges it."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.cursor: str | None = None

    def events(self) -> list[Event]:
        """All that is there now, each acknowledged."""
        heard: list[Event] = []
        while (batch := self._transport.poll(self.cursor)).events:
            heard += batch.events
            self.cursor = batch.cursor
        self.cursor = batch.cursor
        return heard

    def messages(self) -> list[MessageIn]:
        return [event for event in self.events() if isinstance(event, MessageIn)]


@pytest.fixture
def ear(world: World) -> Ear:
    ear = Ear(world.transport)
    ear.events()
    return ear


class TransportContract:
    """The stories. `world` is a fixture of the class that derives from this one."""

    # --- what arrives ---------------------------------------------------------------------------
    def test_maria_writes_and_is_heard_once(self, world: World, ear: Ear) -> None:
        sent = world.customer_writes("Hola 👋")
        [heard] = ear.messages()
        assert (heard.message_id, heard.text, heard.chat, heard.sender) == (sent, "Hola 👋", maria, maria)
        assert (heard.from_me, heard.is_group) == (False, False)
        assert heard.at.tzinfo is not None
        assert ear.messages() == []

    def test_what_was_not_acknowledged_is_told_again(self, world: World, ear: Ear) -> None:
        world.customer_writes("Hola")
        first = world.transport.poll(ear.cursor)
        again = world.transport.poll(None)
        assert [event.event_id for event in first.events] == [event.event_id for event in again.events]
        assert first.events != ()
        assert world.transport.poll(first.cursor).events == ()
        assert world.transport.poll(None).events == ()

    def test_several_lines_come_in_their_order(self, world: World, ear: Ear) -> None:
        for text in ("hola", "no tengo internet", "¿hay alguien?"):
            world.customer_writes(text)
        assert [heard.text for heard in ear.messages()] == ["hola", "no tengo internet", "¿hay alguien?"]

    def test_a_repeated_delivery_has_the_same_ids(self, world: World, ear: Ear) -> None:
        world.customer_writes("Hola")
        world.repeat_last()
        assert len({heard.event_id for heard in ear.messages()}) == 1

    def test_what_is_heard_survives_as_a_row(self, world: World, ear: Ear) -> None:
        world.customer_writes("Hola")
        world.customer_sends_photo(PHOTO)
        events = ear.events()
        assert events
        assert [event_from_json(to_json(event)) for event in events] == events

    def test_a_photo_arrives_with_its_bytes(self, world: World, ear: Ear) -> None:
        world.customer_sends_photo(PHOTO, "Así está la luz")
        [heard] = ear.messages()
        assert heard.text == "Así está la luz"
        assert heard.media is not None
        assert (heard.media.kind, heard.media.mimetype) == ("image", "image/jpeg")
        assert world.transport.fetch_media(heard.media.handle) == PHOTO

    def test_a_file_larger_than_allowed_is_refused(self, world: World, ear: Ear) -> None:
        world.customer_sends_photo(PHOTO)
        [heard] = ear.messages()
        assert heard.media is not None
        with pytest.raises(Rejected):
            world.transport.fetch_media(heard.media.handle, max_bytes=len(PHOTO) - 1)

    @pytest.mark.parametrize("handle", ["nobody", ""])
    def test_a_file_of_nobody_is_not_found(self, world: World, handle: str) -> None:
        with pytest.raises(NotFound):
            world.transport.fetch_media(handle)

    def test_a_place_arrives(self, world: World, ear: Ear) -> None:
        world.customer_shares(Location(-32.89, -68.84, "Casa"))
        [heard] = ear.messages()
        assert heard.location == Location(-32.89, -68.84, "Casa")

    # --- what leaves ----------------------------------------------------------------------------
    def test_a_text_is_seen_as_it_was_written(self, world: World) -> None:
        sent = world.transport.send(maria, Text("Hola *María* 👋\n¿Qué necesitás?"), client_ref="m1")
        [seen] = world.seen()
        assert (seen.id, seen.text) == (sent.id, "Hola *María* 👋\n¿Qué necesitás?")
        assert sent.at.tzinfo is not None

    @pytest.mark.parametrize(
        ("kind", "mimetype"),
        [
            ("image", "image/jpeg"),
            ("audio", "audio/ogg"),
            ("video", "video/mp4"),
            ("document", "application/pdf"),
        ],
    )
    def test_a_file_is_seen_with_its_words(self, world: World, kind, mimetype: str) -> None:
        world.transport.send(maria, Media(kind, "factura.bin", mimetype, data=PHOTO, caption="Tu factura"))
        seen = world.seen()
        assert [one.data for one in seen if one.data] == [PHOTO]
        assert [one.text for one in seen if one.text] == ["Tu factura"]

    def test_a_place_is_seen(self, world: World) -> None:
        office = Location(-32.9, -68.8, "Oficina", "San Martín 450")
        world.transport.send(maria, office)
        assert world.seen()[-1].location == office

    def test_a_template_is_read_whole(self, world: World) -> None:
        template = Template("factura_lista", "es_AR", ("María", "$ 18.500"), "Hola María, tu factura es de $ 18.500.")
        world.transport.send(maria, template)
        assert world.seen()[-1].text == template.body

    def test_a_quote_is_seen_by_both_sides(self, world: World, ear: Ear) -> None:
        assert Cap.QUOTE in world.transport.caps
        asked = world.customer_writes("¿Cuánto debo?")
        answer = world.transport.send(maria, Text("Nada 🙂"), quote_id=asked)
        world.customer_writes("¡Gracias!", quoting=answer.id)
        assert world.seen()[-1].quoted_id == asked
        assert ear.messages()[-1].quoted_id == answer.id

    def test_a_menu_comes_back_as_what_she_chose(self, world: World, ear: Ear) -> None:
        world.transport.send(maria, MENU)
        [seen] = world.seen()
        assert "¿Qué necesitás?" in seen.text
        world.customer_chooses(MENU.options[1])
        [heard] = ear.messages()
        if Cap.BUTTONS in world.transport.caps:
            assert seen.options == ("Internet", "Factura")
            assert (heard.choice_id, heard.text) == ("factura", "Factura")
        else:
            assert "*2.* Factura" in seen.text
            assert (heard.choice_id, heard.text) == (None, "2")

    def test_a_menu_longer_than_any_list_can_still_be_read_whole(self, world: World) -> None:
        options = tuple(Option(f"plan-{number}", f"Fibra {number} megas") for number in range(1, 14))
        world.transport.send(maria, Menu("Planes", options, "Respondé con el número."))
        shown = "\n".join(one.text + "\n" + "\n".join(one.options) for one in world.seen())
        assert all(option.title in shown for option in options)

    def test_ticks_tell_how_far_it_got(self, world: World, ear: Ear) -> None:
        assert Cap.DELIVERY_STATUS in world.transport.caps
        sent = world.transport.send(maria, Text("Hola"), client_ref="m1")
        world.customer_reads()
        ticks = [event for event in ear.events() if isinstance(event, StatusIn)]
        assert {tick.message_id for tick in ticks} == {sent.id}
        assert {tick.chat for tick in ticks} == {maria}
        assert ticks[-1].status == "read"
        assert len({tick.event_id for tick in ticks}) == len(ticks)
        if Cap.CLIENT_REF_ECHO in world.transport.caps:
            assert {tick.client_ref for tick in ticks} == {"m1"}

    def test_typing_and_reading_reach_her_phone(self, world: World, ear: Ear) -> None:
        wrote = world.customer_writes("Hola")
        ear.messages()
        world.transport.mark_read(maria, [wrote])
        assert world.has_read(wrote)
        assert Cap.TYPING in world.transport.caps
        world.transport.typing(maria)
        assert world.sees_typing()
        world.transport.typing(maria, on=False)
        world.transport.send(maria, Text("Acá estoy"))
        assert not world.sees_typing()

    # --- refusals -------------------------------------------------------------------------------
    def test_a_refusal_is_known_by_its_class_and_nothing_was_sent(self, world: World) -> None:
        assert world.refusals
        for error in world.refusals:
            world.refuse(error)
            with pytest.raises(error) as raised:
                world.transport.send(maria, Text(f"no sale: {error.__name__}"))
            assert raised.value.staff_text
        assert world.seen() == []
        world.transport.send(juan, Text("Juan sí"))

    def test_an_answer_that_never_comes_is_a_doubt_and_not_a_failure(self, world: World) -> None:
        world.lose_the_answer()
        with pytest.raises(OutcomeUnknown):
            world.transport.send(maria, Text("Tu pago entró"), client_ref="m9")
        assert [one.text for one in world.seen()] == ["Tu pago entró"]

    def test_a_number_that_is_not_linked_sends_nothing(self, world: World) -> None:
        world.disconnect()
        with pytest.raises((Unavailable, BadCredentials)):
            world.transport.send(maria, Text("Hola"))
        assert world.transport.state().state is not ConnState.ONLINE
        assert world.seen() == []

    def test_a_linked_number_says_so_and_which_it_is(self, world: World) -> None:
        now = world.transport.state()
        assert now.state is ConnState.ONLINE
        assert now.me is not None

    # --- groups, and what a transport has not ---------------------------------------------------
    def test_groups_have_one_result_for_each_member(self, world: World) -> None:
        transport = world.transport
        if Cap.GROUPS not in transport.caps:
            return _refuses(_verbs_of_groups(transport))
        made = transport.create_group("Soporte", [juan, ana])
        assert [(result.member, result.status) for result in made.members] == [(juan, "ok"), (ana, "ok")]
        assert made.group.is_group
        for _ in range(2):
            assert [one.status for one in transport.change_members(made.group, "remove", [ana])] == ["ok"]
        assert [one.addr for one in transport.group_info(made.group).members] == [juan]
        assert [group.group for group in transport.list_groups()] == [made.group]
        transport.send(made.group, Text("🚨 Nuevo ticket"))
        transport.leave_group(made.group)
        with pytest.raises(Rejected):
            transport.send(made.group, Text("¿Hola?"))
        return None

    def test_linking_by_qr_is_only_where_there_is_one(self, world: World) -> None:
        transport = world.transport
        if Cap.QR_LINK in transport.caps:
            assert transport.begin_pairing().state is ConnState.ONLINE  # harmless when linked
        else:
            _refuses({"begin_pairing": transport.begin_pairing, "logout": transport.logout})

    def test_an_address_it_cannot_reach_is_refused_before_anything_is_sent(self, world: World) -> None:
        for addr, cap in ((Addr.lid("123456"), Cap.LID), (Addr.bsuid("AR.123"), Cap.BSUID)):
            if cap not in world.transport.caps:
                with pytest.raises(Rejected):
                    world.transport.send(addr, Text("¿Hola?"))
        assert world.seen() == []

    def test_closing_twice_does_no_harm(self, world: World) -> None:
        world.transport.close()
        world.transport.close()


def _verbs_of_groups(transport: Transport) -> dict[str, Callable[[], object]]:
    group = Addr.group("120363000000000001")
    return {
        "create_group": lambda: transport.create_group("Soporte", [juan]),
        "change_members": lambda: transport.change_members(group, "add", [ana]),
        "group_info": lambda: transport.group_info(group),
        "list_groups": transport.list_groups,
        "leave_group": lambda: transport.leave_group(group),
        "invite_link": lambda: transport.invite_link(group),
        "send": lambda: transport.send(group, Text("🚨 Nuevo ticket")),
        "typing": lambda: transport.typing(group),
    }


def _refuses(verbs: dict[str, Callable[[], object]]) -> None:
    for verb in verbs.values():
        with pytest.raises(Unsupported):
            verb()
