"""Asking for data before the ticket (ISPBOT-SUP-07), and the lead of whoever wants the service."""

from bot.actions import action
from bot.dialogue.handoff import hand_off
from bot.flows import collect as flow
from bot.rules import Field
from bot.turn import Turn


@action("collect", label="📊 Recopilar Datos", help="Pide los datos que elijas y después crea el ticket.")
def collect(turn: Turn) -> None:
    option = turn.option
    if option is None or not option.fields:
        title = option.title if option is not None else turn.rules.text("subject.human")
        return hand_off(turn, subject=title, area=option.area if option is not None else "support")
    intro = option.text.strip() or turn.rules.text("collect.intro")
    return flow.begin(turn, intro=intro, fields=option.fields, subject=option.title, area=option.area)


@action("sales", label="🚀 Contratar el servicio", help="Pide nombre y dirección, y pasa el interesado a Ventas.")
def sales(turn: Turn) -> None:
    text = turn.rules.text
    fields = (
        Field(text("sales.field_name"), text("sales.name"), "text"),
        Field(text("sales.field_address"), text("sales.address"), "location"),
    )
    flow.begin(turn, intro=text("sales.intro"), fields=fields, subject=text("subject.sales"), area="sales")


@action("already_paid", label="✅ Ya pagué", help="Toma el aviso de un pago y lo pasa a Administración.")
def already_paid(turn: Turn) -> None:
    text = turn.rules.text
    subject, closing, team = text("paid.subject"), text("paid.intro"), text("area.billing")
    if turn.understood is not None and turn.understood.amount is not None:
        return hand_off(turn, subject=subject, data=((text("paid.field"), turn.text),), intro=closing, team=team)
    fields = (Field(text("paid.field"), text("paid.ask"), "text"),)
    return flow.begin(turn, intro="", fields=fields, subject=subject, closing=closing, team=team)
