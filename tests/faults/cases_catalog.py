"""The verbs of what the ISP sells and answers, of its days, and going back to an earlier version."""

from datetime import date
from decimal import Decimal

from django.utils import timezone

from backoffice.catalog import services as catalog
from backoffice.catalog.models import Faq, Plan, Promotion, Zone
from backoffice.company import services as company
from backoffice.company.models import OpeningHours
from backoffice.panel import services as panel
from backoffice.panel.models import SkippedStep
from tests.faults.cases import Call, admin, case, simple
from tests.story import StoryHere

simple(
    "catalog.save_plan",
    lambda: catalog.save_plan(
        plan=Plan(name="Fibra 1GB", price=Decimal(45000), download=1000, upload=500), zones=Zone.objects.all()[:2]
    ),
)
simple("catalog.save_zone", lambda: catalog.save_zone(zone=Zone(name="Lejos")))
simple(
    "catalog.save_promotion",
    lambda: catalog.save_promotion(
        promotion=Promotion(name="Gratis", installation_discount=Decimal(10), starts_on=date(2026, 11, 24)),
        zones=Zone.objects.all()[:2],
        plans=Plan.objects.all()[:1],
    ),
)
simple(
    "catalog.save_faq",
    lambda: catalog.save_faq(faq=Faq(area="sales", category="Costos", question="¿Cuánto?", answer="Poco")),
)
simple(
    "company.load_national_holidays",
    lambda: company.load_national_holidays(days=[date(2027, 12, 8), date(2027, 12, 25)]),
)
simple("panel.skip_step", lambda: panel.skip_step(key="zones", by=admin()))


@case("panel.take_step_back")
def take_step_back(story: StoryHere) -> Call:
    SkippedStep.objects.create(key="zones")
    return lambda: panel.take_step_back(key="zones")


@case("catalog.arrange_faqs")
def arrange_faqs(story: StoryHere) -> Call:
    keys = list(Faq.objects.filter(area="support").values_list("pk", flat=True))
    return lambda: catalog.arrange_faqs(area="support", order=[("Todo junto", keys[::-1])])


@case("catalog.delete_zone")
def delete_zone(story: StoryHere) -> Call:
    Zone.objects.create(name="Lejos")
    return lambda: catalog.delete_zone(zone=Zone.objects.get(name="Lejos"))


@case("catalog.delete_plan")
def delete_plan(story: StoryHere) -> Call:
    Plan.objects.create(name="Viejo", price=1, download=1, upload=1)
    return lambda: catalog.delete_plan(plan=Plan.objects.get(name="Viejo"))


@case("company.restore_hours")
def restore_hours(story: StoryHere) -> Call:
    then = timezone.now()
    company.set_hours(hours={0: ["08:00-12:00"], 6: ["10:00-11:00"]})
    OpeningHours.history.filter(weekday=6).update(history_date=then + 2 * company.TOGETHER)
    return lambda: company.restore_hours(at=then)


@case("panel.restore_version")
def restore_version(story: StoryHere) -> Call:
    """Of a table without CHECKs: Django asks the database about those, and takes a failure there for a yes."""
    zone = Zone.objects.create(name="Lejos")
    version = zone.history.get().pk
    zone.name = "Más lejos"
    zone.save()
    return lambda: panel.restore_version(table=Zone, version=version, by=admin())
