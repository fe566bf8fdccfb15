"""The account's templates: every one of them, and what can be asked of Meta."""

from dataclasses import replace

import pytest

from integrations.errors import BadCredentials, OutcomeUnknown, Rejected, WrongAnswer
from integrations.whatsapp.cloud.client import CloudTransport
from integrations.whatsapp.cloud.templates import TemplateDraft, TemplateStatus, components, problems
from tests.integrations.whatsapp.cloud.conftest import Connect
from tests.integrations.whatsapp.cloud.meta import Json, Meta, Refusal, error_body

DRAFT = TemplateDraft(
    name="factura_lista",
    language="es_AR",
    category="UTILITY",
    body="Hola {{1}}, tu factura es de {{2}} y vence el {{3}}. Gracias.",
    examples=("María", "$ 18.500", "10/12"),
    header="FibraSur",
    footer="Respondé BAJA para no recibir más",
    buttons=("Pagar", "Ya pagué"),
)


def has(meta: Meta, number: int = 1, **changed: object) -> Json:
    row: Json = {"id": str(number), "name": f"aviso_{number:03}", "language": "es_AR", "category": "UTILITY"}
    row |= {"status": "APPROVED", "rejected_reason": "NONE", "components": components(DRAFT)} | changed
    meta.templates[row["id"]] = row
    return row


def test_every_page_is_read(meta: Meta, cloud: CloudTransport) -> None:
    for number in range(1, 232):
        has(meta, number)
    found = cloud.templates.all()
    assert [one.name for one in found] == [f"aviso_{number:03}" for number in range(1, 232)]
    assert len(meta.calls) == 3


def test_one_is_told_with_all_it_has(meta: Meta, cloud: CloudTransport) -> None:
    has(meta)
    [one] = cloud.templates.all()
    assert (one.body, one.header, one.footer, one.buttons) == (DRAFT.body, DRAFT.header, DRAFT.footer, DRAFT.buttons)
    assert (one.status, one.status.label, one.holes, one.usable) == (TemplateStatus.APPROVED, "Aprobada", 3, True)
    said = "Hola Juan, tu factura es de $ 9.000 y vence el {{1}}. Gracias."
    assert one.filled(("Juan", "$ 9.000", "{{1}}")) == f"{DRAFT.header}\n\n{said}\n\n{DRAFT.footer}"
    with pytest.raises(ValueError, match="2 values for 3 holes"):
        one.filled(("Juan", "$ 9.000"))


@pytest.mark.parametrize(
    ("changed", "label", "reason"),
    [
        ({"status": "REJECTED", "rejected_reason": "PROMOTIONAL"}, "Rechazada", "Es una promoción"),
        ({"status": "REJECTED", "rejected_reason": "NEW_ONE"}, "Rechazada", "(NEW_ONE)"),
        ({"status": "PENDING"}, "En revisión", ""),
        ({"status": "PAUSED"}, "En pausa", ""),
        ({"status": "LIMIT_EXCEEDED"}, "En otro estado", ""),
    ],
)
def test_one_that_may_not_be_sent_says_why(
    meta: Meta, cloud: CloudTransport, changed: Json, label: str, reason: str
) -> None:
    has(meta, **changed)
    [one] = cloud.templates.all()
    assert not one.usable
    assert one.status.label.startswith(label)
    assert reason in one.reason


@pytest.mark.parametrize(
    "component",
    [
        {"type": "HEADER", "format": "IMAGE"},
        {"type": "HEADER", "format": "TEXT", "text": "Hola {{1}}"},
        {"type": "BODY", "text": "Hola {{nombre}}, ¿cómo va?"},
        {"type": "BODY", "text": "Hola {{2}}, ¿cómo va?"},
        {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Pagar", "url": "https://x.example/{{1}}"}]},
        {"type": "CAROUSEL", "cards": []},
    ],
)
def test_one_with_more_than_numbered_holes_in_its_body_is_not_for_us(
    meta: Meta, cloud: CloudTransport, component: Json
) -> None:
    has(meta, components=[{"type": "BODY", "text": "Hola"}, component])
    [one] = cloud.templates.all()
    assert (one.status, one.usable) == (TemplateStatus.APPROVED, False)


def test_odd_rows_do_not_hide_the_others(meta: Meta, cloud: CloudTransport) -> None:
    rows = [None, {}, {"id": "1"}, {"id": "2", "components": [None, 7, {"type": "BODY", "text": 3}]}]
    meta.templates = {str(number): row for number, row in enumerate(rows)}  # type: ignore[misc]
    assert [one.id for one in cloud.templates.all()] == ["1", "2"]


def test_a_new_one_waits_for_meta(meta: Meta, cloud: CloudTransport) -> None:
    template_id, status = cloud.templates.create(DRAFT)
    assert status is TemplateStatus.PENDING
    assert meta.templates[template_id]["components"] == [
        {"type": "HEADER", "format": "TEXT", "text": "FibraSur"},
        {"type": "BODY", "text": DRAFT.body, "example": {"body_text": [["María", "$ 18.500", "10/12"]]}},
        {"type": "FOOTER", "text": "Respondé BAJA para no recibir más"},
        {
            "type": "BUTTONS",
            "buttons": [{"type": "QUICK_REPLY", "text": "Pagar"}, {"type": "QUICK_REPLY", "text": "Ya pagué"}],
        },
    ]


def test_one_is_changed_and_deleted_in_one_language_or_in_all(meta: Meta, cloud: CloudTransport) -> None:
    for number in (1, 2):
        has(meta, number, name="factura_lista")
    cloud.templates.edit("1", replace(DRAFT, body="Ya está tu factura."  , examples=()))  # fmt: skip
    assert meta.templates["1"]["components"][1] == {"type": "BODY", "text": "Ya está tu factura."}
    assert meta.templates["1"]["status"] == "PENDING"
    cloud.templates.delete("factura_lista", "2")
    assert list(meta.templates) == ["1"]
    cloud.templates.delete("factura_lista")
    assert meta.templates == {}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": "Factura Lista"}, "minúsculas"),
        ({"language": "Español"}, "es_AR"),
        ({"body": " ", "examples": ()}, "Falta el texto"),
        ({"body": "a" * 1025, "examples": ()}, "1024"),
        ({"body": "Hola {{2}}, chau.", "examples": ("x",)}, "en orden"),
        ({"body": "Hola {{nombre}}, chau.", "examples": ("x",)}, "en orden"),
        ({"body": "{{1}}, hola.", "examples": ("x",)}, "empezar ni terminar"),
        ({"body": "Hola {{1}}", "examples": ("x",)}, "empezar ni terminar"),
        ({"examples": ("María",)}, "un ejemplo"),
        ({"examples": ("María", " ", "x")}, "un ejemplo"),
        ({"header": "a" * 61}, "hasta 60"),
        ({"footer": "dos\nlíneas"}, "hasta 60"),
        ({"buttons": ("Pagar", "Pagar")}, "botones"),
        ({"buttons": ("b" * 26,)}, "botones"),
    ],
)
def test_what_meta_would_refuse_is_told_before_asking(
    meta: Meta, cloud: CloudTransport, changed: dict, words: str
) -> None:
    draft = replace(DRAFT, **changed)
    assert any(words in said for said in problems(draft))
    with pytest.raises(Rejected) as error:
        cloud.templates.create(draft)
    assert words in error.value.staff_text
    assert meta.calls == []


def test_a_good_one_has_no_problems() -> None:
    assert problems(DRAFT) == []


def test_what_goes_wrong_has_its_class(meta: Meta, cloud: CloudTransport, connect: Connect) -> None:
    meta.refusals += [Refusal(200, b"{}"), Refusal(401, error_body(190))]
    meta.refusals += [Refusal(200, b"[]"), Refusal(take=True, cut=True)]
    with pytest.raises(WrongAnswer):
        cloud.templates.all()
    with pytest.raises(BadCredentials):
        cloud.templates.all()
    for _ in range(2):
        with pytest.raises(OutcomeUnknown):
            cloud.templates.create(DRAFT)
    with pytest.raises(Rejected) as error:
        connect(account_id="").templates.all()
    assert "Falta el identificador" in error.value.staff_text
