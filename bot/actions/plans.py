"""The plans and what they cost today where the person lives (ISPBOT-PLAN-07…10, PROMO-10, ZONE-04), and coverage."""

from bot.actions import action
from bot.dialogue import memory
from bot.dialogue.handoff import hand_off
from bot.flows import coverage as flow
from bot.rules import PlanCard
from bot.turn import Turn
from integrations.understanding.money import short_ars
from integrations.understanding.offers import Promo, Quote

MOST = 8  # more do not fit in a message that somebody reads


@action("plans", label="📋 Ver planes y promociones", help="Dice los planes con su precio y la promoción de su zona.")
def plans(turn: Turn) -> None:
    """Tell what is sold where they live. Whoever is no customer yet is greeted as the sales settings say."""
    zone, shop = flow.zone_of(turn), turn.rules.shop
    sold = shop.sold_in(zone)[:MOST]
    if not sold:
        turn.say("plans.none")
        return turn.offer("sales", "menu")
    if turn.customer is None:
        _welcome(turn)
    offers = [(plan, *shop.offer(plan, zone, turn.today)) for plan in sold]
    turn.say_text("\n".join([turn.rules.text("plans.title"), "", *(_line(turn, *one) for one in offers)]))
    _promotions(turn, offers)
    _installation(turn, offers)
    if zone is None and shop.depends_on_zone(turn.today):
        turn.say("plans.where")
        return turn.offer("coverage", "sales", "menu")
    return turn.offer("plan_change" if turn.customer is not None else "sales", "menu")


@action("coverage", label="📍 Consultar cobertura", help="Pregunta la zona y dice si llegan.")
def coverage(turn: Turn) -> None:
    """Ask where they live and tell whether the service gets there (ZONE-03)."""
    flow.begin(turn)


@action("plan_change", label="⬆️ Cambiar de plan", help="Pasa al cliente con Ventas para cambiar su plan.", listed=False)
def plan_change(turn: Turn) -> None:
    hand_off(turn, subject=turn.rules.text("subject.plan_change"), area="sales")


def _welcome(turn: Turn) -> None:
    """The sales bot's own words, once a dialogue."""
    shop = turn.rules.shop
    if memory.number(turn.state, "sold"):
        return
    turn.state.memory["sold"] = 1
    said = [turn.rules.filled(text) for text in (shop.welcome, shop.description) if text]
    if said:
        turn.say_text("\n".join(said))


def _line(turn: Turn, plan: PlanCard, promo: Promo | None, paid: Quote) -> str:
    text = turn.rules.text
    speed = f"{plan.download}/{plan.upload}" if plan.upload != plan.download else str(plan.download)
    line = text("plans.line", plan=plan.name, velocidad=speed, precio=short_ars(plan.price))
    if promo is not None and paid.monthly_off:
        months = "1 mes" if paid.months == 1 else f"{paid.months} meses"
        line += text("plans.line_promo", precio=short_ars(paid.monthly_now), meses=months)
    return line + (text("plans.line_ideal", para=plan.ideal_for) if plan.ideal_for else "")


def _promotions(turn: Turn, offers: list[tuple[PlanCard, Promo | None, Quote]]) -> None:
    """Each promotion that some plan got, once, with its terms and until when."""
    for promo in dict.fromkeys(promo for _, promo, _ in offers if promo is not None):
        until = turn.rules.text("plans.until", hasta=f"{promo.ends_on:%d/%m}") if promo.ends_on else ""
        terms = f"\n{promo.terms}" if promo.terms else ""
        turn.say_text(turn.rules.text("plans.promo", nombre=promo.name) + until + terms)


def _installation(turn: Turn, offers: list[tuple[PlanCard, Promo | None, Quote]]) -> None:
    """What it costs to be connected, when the company said it."""
    if turn.rules.shop.installation is None or turn.customer is not None:
        return
    paid = {quote.installation_now: quote for _, _, quote in offers}
    lowest = paid[min(paid)]
    normal = short_ars(lowest.installation)
    if not lowest.installation_off:
        turn.say("plans.installation", precio=normal)
    elif not lowest.installation_now:
        turn.say("plans.installation_free", normal=normal)
    else:
        turn.say("plans.installation_promo", precio=short_ars(lowest.installation_now), normal=normal)
