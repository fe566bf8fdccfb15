"""No text, however odd, makes anything here fail or disagree with itself."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from integrations.understanding import dates, documents, money, phones, words
from integrations.understanding.faqs import FaqEntry
from integrations.understanding.local import understand
from integrations.understanding.titles import pick

FAQS = [FaqEntry("slow", "Internet lento", ("lento", "anda lento"))]
OPTIONS = [("net", "🌐 Problema de internet"), ("pay", "💳 Pagar")]

odd_text = st.one_of(
    st.text(max_size=200),
    st.text(alphabet="0123456789 +-.,()$/@ñáÁ\x00\u202e\u200d\ufe0f\u20e3😡١", max_size=60),
    st.lists(
        st.sampled_from(["no", "anda", "internet", "pagar", "15", "2612345678", "18.500", "$", "dni", "YA", "!!"])
    ).map(" ".join),
)
cents = st.integers(min_value=-(10**11), max_value=10**11).map(lambda units: Decimal(units) / 100)


@given(odd_text)
@example("\x00")
@example("\u202eabc\u202c")
@example("👨‍👩‍👧‍👦" * 50)
@example("\ud800")
def test_any_text_is_understood_without_failing(text):
    understood = understand(text, faqs=FAQS, default_area="261")
    assert 0.0 <= understood.intent_score <= 1.0
    assert (understood.intent is None) == (understood.intent_score == 0.0)
    assert understood.dni is None or (understood.dni.isdigit() and len(understood.dni) in (7, 8))
    assert pick(text, OPTIONS).key in (None, "net", "pay")
    words.only_emoji(text)
    documents.parse_cuit(text), documents.is_valid_cbu(text), documents.is_alias(text)
    dates.parse_date(text, date(2024, 2, 29))


@pytest.mark.parametrize(
    "piece", ["hola ", "2", "no anda ", "😡", "(1", "$1,1 ", "ﷺ", "\x00", "1 ", "ya pague el ", "A!"]
)
def test_a_flood_is_read_up_to_its_limit(piece):
    flood = piece * (70_000 // len(piece))
    understood = understand(flood, faqs=FAQS, default_area="261")
    assert len(understood.text) == words.MAX_CHARS
    assert len(understood.folded) <= words.MAX_CHARS
    pick(flood, OPTIONS)
    phones.parse_phone(flood, flood)
    documents.is_valid_cuit(flood)


@given(odd_text)
def test_folding_twice_changes_nothing(text):
    assert words.fold(words.fold(text)) == words.fold(text)


@given(cents)
def test_what_is_shown_is_read_back_alike(amount):
    if abs(amount) < 10**10:
        assert money.parse_human_amount(money.format_ars(amount)) == amount
        assert money.parse_human_amount(money.short_ars(amount)) == amount
    assert money.parse_api_amount(str(amount)) == money.parse_api_amount(amount) == amount


@given(odd_text)
def test_any_text_is_an_amount_or_is_not(text):
    for amount in (money.parse_human_amount(text), money.find_amount(text)):
        assert amount is None or amount == amount.quantize(Decimal("0.01"))


@given(odd_text, odd_text)
def test_a_phone_read_twice_is_the_same_phone(text, area):
    phone = phones.parse_phone(text, area)
    if phone:
        assert phones.parse_phone(phone.e164) == phone
        assert phones.phone_key(phone.key) == phone.key
        assert phone.key.isdigit()
        assert phones.parse_phone(phones.local_display(phone.e164)) == phone


@given(st.integers(min_value=1_100_000_000, max_value=3_999_999_999))
def test_every_form_of_one_number_has_one_key(number):
    national = str(number)
    keys = {phones.phone_key(f"{prefix}{national}") for prefix in ("+549", "+54", "549", "54", "0054", "00549")}
    keys |= {phones.phone_key(f"549{national}@s.whatsapp.net"), phones.phone_key(f"54{national}@c.us")}
    assert len(keys) == 1
