"""How what is sold, and where, is found."""

from backoffice.catalog.models import Faq, Plan, Promotion, Zone
from backoffice.common.search import Card, Kind, register
from backoffice.common.search.words import words_of

register(
    Kind(
        number=7,
        model=Plan,
        card=lambda plan: Card(plan.name, words_of(plan.name, plan.ideal_for), plan.ideal_for),
        fields=("name", "ideal_for"),
        permission="catalog.view_plan",
        label="Plan",
        icon="speed",
        place=6,
    )
)
register(
    Kind(
        number=8,
        model=Promotion,
        card=lambda one: Card(one.name, words_of(one.name, one.description), one.description),
        fields=("name", "description"),
        permission="catalog.view_promotion",
        label="Promoción",
        icon="sell",
        place=7,
    )
)
register(
    Kind(
        number=9,
        model=Zone,
        card=lambda zone: Card(zone.name, words_of(zone.name, zone.aliases), str(zone.get_coverage_display())),
        fields=("name", "aliases", "coverage"),
        permission="catalog.view_zone",
        label="Zona",
        icon="location_on",
        place=8,
    )
)
register(
    Kind(
        number=10,
        model=Faq,
        card=lambda faq: Card(faq.question, words_of(faq.question, faq.keywords, faq.answer), faq.category),
        fields=("question", "keywords", "answer", "category"),
        permission="catalog.view_faq",
        label="Pregunta frecuente",
        icon="quiz",
        place=9,
    )
)
