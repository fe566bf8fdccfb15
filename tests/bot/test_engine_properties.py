"""For any text and any place in a dialogue: it never fails, says one thing, and tells strangers nothing."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.rules import Mode
from bot.turn import LinkCustomer, OpenTicket, SendInvoice
from tests.bot.world import ATTENDED, CARLOS, MARIA_OWES, PENDING, Chat, stranger

KNOWN = """hola|1|2|3|4|5|0|menú|volver|persona|cuánto debo|mandame la factura|la factura de marzo|pagar|ya pagué|sí|no
no tengo internet|anda lento|sigue igual|ya anda|gracias|chau|baja|alta|30111222|dni 30111222|1001|fs-2002|cancelar
son un desastre, ladrones de mierda!!|quiero contratar|saltar|ok|😀|⭐⭐|asdkj qwe|cómo va mi reclamo|5 estrellas
quiero cambiar la clave del wifi|me mudo|necesito hablar con alguien|$ 18.500|2612345678"""
SAID = st.one_of(
    st.sampled_from(KNOWN.replace("\n", "|").split("|")),
    st.text(max_size=60),
    st.text(alphabet="0123456789 .-$aeioumnñqr?¿!{}*_", max_size=40),
)
BURST = st.lists(SAID, min_size=1, max_size=4)
TALK = st.lists(BURST, min_size=1, max_size=7)
QUICK = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@QUICK
@given(
    talk=TALK,
    customer=st.sampled_from([None, MARIA_OWES]),
    ticket=st.sampled_from([None, None, PENDING, ATTENDED]),
    mode=st.sampled_from([Mode.FULL, Mode.FULL, Mode.EMERGENCY, Mode.STOPPED]),
    pause=st.sampled_from([1, 700, 40_000]),
)
def test_it_never_fails_and_answers_at_most_once(talk, customer, ticket, mode, pause):
    chat = Chat(customer, ticket=ticket, mode=mode)
    for burst in talk:
        chat.waits(seconds=pause).says(*burst)
        assert len(chat.all(OpenTicket)) <= 1
        assert all(say.strip() for say in (getattr(effect, "text", "x") for effect in chat.effects))
        assert chat.state.expires_at is not None
        assert chat.state.expires_at - chat.now <= timedelta(hours=24)


@QUICK
@given(talk=TALK)
def test_nothing_of_anybody_is_told_before_they_prove_who_they_are(talk):
    chat = stranger(known=(MARIA_OWES, CARLOS))
    for burst in talk:
        reply = chat.says(*burst)
        if chat.all(LinkCustomer):
            return
        assert chat.all(SendInvoice) == []
        for datum in ("María", "Carlos", "González", "San Martín", "Belgrano", "0001-0000007", "FS-2002", "18.500,00"):
            assert datum not in reply
        assert "{" not in reply or "{" in "".join(burst)


@QUICK
@given(
    flow=st.sampled_from(["", "collect", "identify", "troubleshoot", "rating", "gone"]),
    step=st.sampled_from(["", "asking", "who", "proof", "check", "mark", "done"]),
    version=st.sampled_from([0, 1, None]),
    said=BURST,
    memory=st.dictionaries(
        st.sampled_from(["seen_at", "greeted", "ladder", "replies", "closed_until", "mood", "story", "asking"]),
        st.one_of(st.none(), st.just("no date"), st.just("2026-11-24T09:59:00-03:00"), st.just("2026-11-24T09:59:00")),
    ),
)
def test_a_state_of_another_time_is_survived(flow, step, version, said, memory):
    chat = Chat(MARIA_OWES)
    if version != 1:  # what an older version of the bot left
        chat.state.flow, chat.state.step, chat.state.data = flow, step, {"v": version}
    chat.state.memory = {key: value for key, value in memory.items() if key != "asking"}
    chat.says(*said)
