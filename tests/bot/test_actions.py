"""What each action does, and how they are found (SC-05, SC-10, SC-11, INT-10)."""

from dataclasses import replace

import pytest

from bot.actions import Needs, action, all_actions, find_action, listed_actions
from bot.actions.balance import known
from bot.rules import Bank
from bot.turn import SendInvoice
from tests.bot.world import DECEMBER, MARIA, MARIA_OWES, NOVEMBER, Chat

SEED_ACTIONS = {"submenu", "reply", "create_ticket", "collect", "pay"}
ROOT_NEEDS = {"report_problem", "balance", "invoice", "human", "menu"}


def test_every_action_of_the_seeds_can_be_put_in_a_menu():
    assert {spec.code for spec in listed_actions()} >= SEED_ACTIONS | ROOT_NEEDS
    assert all(spec.label and spec.help for spec in listed_actions())


def test_what_shows_an_account_needs_to_know_whose():
    assert {code for code, spec in all_actions().items() if spec.needs is Needs.CUSTOMER} == {
        "balance",
        "invoice",
        "last_invoice",
        "pay",
    }


def test_two_actions_cannot_have_one_code():
    assert find_action("balance")
    with pytest.raises(ValueError, match="two actions"):
        action("balance")(lambda turn: None)


def test_an_action_that_needs_a_customer_cannot_run_without_one():
    with pytest.raises(LookupError):
        known(Chat(None).turn())


def test_the_balance_lists_each_invoice_with_number_due_date_and_total():
    chat = Chat(replace(MARIA, open_invoices=(DECEMBER, NOVEMBER)))
    reply = chat.says("¿cuánto debo?")
    lines = [line for line in reply.splitlines() if line.startswith("•")]
    assert lines == [
        "• Abono noviembre (N.º 0001-00000071): *$ 18.500,00*, venció el martes 10/11",
        "• Abono diciembre (N.º 0001-00000072): *$ 18.500,00*, vence el jueves 10/12",
    ]
    assert "*Total: $ 37.000,00*" in reply
    assert chat.titles == ["💰 Pagar", "📄 Factura", "✅ Ya pagué", "🏠 Menú principal"]


def test_what_is_due_today_says_so():
    today = replace(NOVEMBER, due_on=Chat().now.date())
    assert "vence hoy 24/11" in Chat(replace(MARIA, open_invoices=(today,))).says("cuánto debo")


def test_paying_shows_the_debt_and_where_to_transfer():
    reply = Chat(MARIA_OWES).says("quiero pagar")
    for datum in ("$ 18.500,00", "fibrasur.pagos", "0720123420000001234563", "FibraSur SRL"):
        assert datum in reply


def test_only_what_the_company_gave_is_shown():
    reply = Chat(MARIA_OWES, bank=Bank("fibrasur.pagos", "", "")).says("quiero pagar")
    assert "CBU" not in reply
    assert "Titular" not in reply
    none = Chat(MARIA_OWES, bank=Bank("", "", ""))
    assert "Todavía no tengo cargados" in none.says("quiero pagar")
    assert none.titles[0] == "📞 Hablar con una persona"


def test_whoever_owes_nothing_has_nothing_to_pay():
    assert "Estás al día" in Chat().says("quiero pagar")


def test_ya_pague_asks_and_goes_to_administration():
    chat = Chat(MARIA_OWES)
    chat.says("cuánto debo")
    chat.presses("Ya pagué")
    reply = chat.says("18500 ayer por transferencia")
    assert "equipo de Administración" in reply
    assert chat.ticket_opened.area == "support"
    assert chat.ticket_opened.data == (("Pago informado", "18500 ayer por transferencia"),)


def test_ya_pague_with_the_amount_asks_nothing():
    chat = Chat(MARIA_OWES)
    chat.says("ya pagué $ 18.500 por transferencia")
    assert chat.ticket_opened.subject == "Pago informado"


def test_the_invoice_of_the_month_that_was_named():
    chat = Chat(MARIA_OWES)
    assert "factura de octubre" in chat.says("mandame la factura de octubre")
    assert chat.invoice_sent == 70


def test_a_month_that_is_not_there_offers_the_last_one():
    chat = Chat(MARIA_OWES)
    assert "No encuentro una factura de marzo" in chat.says("la factura de marzo")
    assert chat.all(SendInvoice) == []
    chat.presses("mandame la última")
    assert chat.invoice_sent == 71


def test_without_any_invoice_it_says_so():
    nothing = replace(MARIA, recent=())
    for said in ("mandame la factura", "la factura de marzo"):
        assert "Todavía no tenés facturas" in Chat(nothing).says(said)


def test_after_an_invoice_that_is_owed_paying_is_offered():
    chat = Chat(MARIA_OWES)
    chat.says("mandame la factura")
    assert chat.titles[0] == "💰 Pagar"
    paid = Chat(MARIA)
    paid.says("mandame la factura")
    assert paid.titles == ["🏠 Menú principal"]


def test_actions_chosen_without_their_option_still_make_sense():
    chat = Chat()
    chat.says("Recopilar", choice="do:collect")
    assert chat.ticket_opened
    again = Chat()
    again.says("Ticket", choice="do:create_ticket")
    assert again.ticket_opened
    third = Chat()
    third.says("Submenú", choice="do:submenu")
    assert len(third.titles) == 4
    fourth = Chat()
    fourth.says("Respuesta", choice="do:reply")
    assert len(fourth.titles) == 4
