"""Which kind a notice is: what the ISP wrote into it, or the first rule with a word of it."""

import pytest

from integrations.understanding.notice_kinds import DEFAULT_RULES, PRIORITY, Kind, WrongRule, kind_of, parse_rules

RULES = parse_rules(DEFAULT_RULES)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("María, recibimos tu pago de $ 18.500,00. ¡Gracias!", Kind.PAYMENT),
        ("Tu servicio fue REHABILITADO", Kind.RECONNECTION),
        ("Ya está disponible tu factura de diciembre", Kind.INVOICE),
        ("ÚLTIMO AVISO: su factura está vencida y mañana será suspendido", Kind.CUT),
        ("Estimada Sra. Morales, feliz año", Kind.OTHER),
        ("", Kind.OTHER),
    ],
)
def test_the_rules_that_come_with_it_tell_the_usual_ones(text, kind):
    assert kind_of(text, "", RULES) is kind


def test_a_marker_decides_over_the_words():
    assert kind_of("recibimos tu pago", "corte", RULES) is Kind.CUT
    assert kind_of("hola", "reconexión", RULES) is Kind.RECONNECTION
    assert kind_of("hola", "vencimiento", RULES) is Kind.INVOICE
    assert kind_of("recibimos tu pago", "quien-sabe", RULES) is Kind.PAYMENT


def test_the_first_rule_wins_and_a_word_matches_where_one_begins():
    rules = parse_rules("corte: mañana\n\nFactura: Mañana, DEUDA")
    assert kind_of("vence mañana", "", rules) is Kind.CUT
    assert kind_of("tenés deudas", "", rules) is Kind.INVOICE
    assert kind_of("endeudado", "", rules) is Kind.OTHER


@pytest.mark.parametrize("text", ["promo: descuento", "factura", "factura:", "pago: ,  ,", "pago: x\ncorte"])
def test_a_line_that_is_no_rule_is_named(text):
    with pytest.raises(WrongRule, match=r"Línea [12]:"):
        parse_rules(text)


def test_what_somebody_waits_for_leaves_first():
    assert sorted(Kind, key=PRIORITY.__getitem__) == [
        Kind.PAYMENT, Kind.RECONNECTION, Kind.INVOICE, Kind.CUT, Kind.OTHER
    ]  # fmt: skip
