"""The configuration as the bot uses it, read once for each `ConfigRevision` and then kept.

A change in the panel bumps the revision, which is read with each claim: it is in force within a second.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from backoffice.agents.models import Agent, WhatsAppGroup
from backoffice.catalog.models import Faq, Plan, SalesSettings, Zone
from backoffice.catalog.selectors import facts, running_promotions
from backoffice.common.models import ConfigRevision
from backoffice.company.models import Company
from backoffice.company.selectors import schedule
from backoffice.dialogs.models import MenuVersion
from backoffice.dialogs.texts import all_texts
from backoffice.dialogs.tree import MenuTree, TreeOption
from backoffice.operations.models import BotControl
from bot.rules import Bank, FaqCard, Field, MenuBook, MenuCard, Option, PlanCard, Rules, Shop, ZoneCard
from bot.turn import AgentCard, GroupCard
from integrations.understanding.faqs import FaqEntry

WALKED_FOR = timedelta(hours=24)
"""How long after it was replaced a version may still be walked: a dialogue ends after 8 h of silence."""
VERSIONS_KEPT = 20
NO_MENUS = MenuBook(0, {"raiz": MenuCard("raiz", "", "", ())}, "raiz")


@dataclass(frozen=True)
class Snapshot:
    """`groups` by their conversation; `agents` by id, phone key and contact."""

    rules: Rules
    faqs: tuple[FaqEntry, ...]
    groups: dict[int, GroupCard]
    agents: dict[int, AgentCard]
    by_phone: dict[str, AgentCard]
    by_contact: dict[int, AgentCard]

    def agent_of(self, contact_id: int, phone_key: str | None) -> AgentCard | None:
        return self.by_contact.get(contact_id) or self.by_phone.get(phone_key or "")


_kept: Snapshot | None = None


def current() -> Snapshot:
    """The snapshot in force (one query when nothing changed)."""
    global _kept
    revision = ConfigRevision.current()
    if _kept is None or _kept.rules.revision != revision:
        _kept = build(revision)
    return _kept


def forget() -> None:
    """Read the configuration again next time: another database is in use (tests, `make chat`)."""
    global _kept
    _kept = None


def build(revision: int) -> Snapshot:
    faqs = list(Faq.objects.filter(active=True))
    agents = list(Agent.objects.all())
    groups = list(WhatsAppGroup.objects.exclude(state=WhatsAppGroup.State.RETIRED))
    cards = {agent.pk: _agent_card(agent) for agent in agents}
    return Snapshot(
        rules=_rules(revision, faqs, groups, agents),
        faqs=tuple(_faq_entry(faq) for faq in faqs),
        groups={group.conversation_id: _group_card(group) for group in groups if group.conversation_id},
        agents=cards,
        by_phone={agent.phone_key: cards[agent.pk] for agent in agents},
        by_contact={agent.contact_id: cards[agent.pk] for agent in agents if agent.contact_id},
    )


def _rules(revision: int, faqs: list[Faq], groups: list[WhatsAppGroup], agents: list[Agent]) -> Rules:
    company = Company.load()
    control = BotControl.load()
    opening = schedule()
    shop = _shop(timezone.now().astimezone(opening.zone).date())
    books = _books()
    book = next(iter(books.values()), NO_MENUS)
    return Rules(
        revision=revision,
        company=company.name,
        schedule=opening,
        mode=control.mode,
        emergency_text=control.emergency_text,
        emergency_every=timedelta(minutes=control.emergency_every),
        emergency_zones=frozenset(control.emergency_zones.values_list("pk", flat=True)),
        closed_message=company.closed_message,
        holiday_message=company.holiday_message,
        bank=Bank(company.bank_alias, company.bank_cbu, company.bank_holder),
        menus=book.menus,
        root=book.root,
        version=book.version,
        books=books,
        faqs={str(faq.pk): FaqCard(str(faq.pk), faq.area, faq.question, faq.answer, faq.key) for faq in faqs},
        texts=all_texts(),
        default_area=company.default_area_code,
        agents=tuple((agent.pk, agent.name) for agent in agents if agent.active),
        has_queue=frozenset(group.kind for group in groups if group.state == WhatsAppGroup.State.READY),
        shop=shop,
        facts=facts(company, shop.installation),
    )


def _shop(day: date) -> Shop:
    """What is sold (seven queries), with the promotions that begin later: their dates are looked at each time."""
    selling = SalesSettings.objects.filter(pk=1).first() or SalesSettings()
    return Shop(
        plans=tuple(
            PlanCard(
                row.pk,
                row.name,
                row.price,
                row.download,
                row.upload,
                row.ideal_for,
                frozenset(zone.pk for zone in row.zones.all()),
            )
            for row in Plan.objects.filter(active=True).prefetch_related("zones")
        ),
        promos=tuple(running_promotions(day)),
        zones=tuple(ZoneCard(row.pk, row.name, row.coverage, row.names) for row in Zone.objects.all()),
        installation=selling.installation_cost,
        welcome=selling.welcome.strip(),
        description=selling.description.strip(),
        no_coverage=selling.no_coverage_message.strip(),
        orders=selling.orders,
    )


def _books() -> dict[int, MenuBook]:
    """The version in force and those that somebody may still be walking, newest first; empty before the first one."""
    rows = MenuVersion.objects.values_list("number", "tree", "published_at")[:VERSIONS_KEPT]
    books: dict[int, MenuBook] = {}
    replaced_at = None
    for number, tree, published_at in rows:
        if replaced_at is not None and timezone.now() - replaced_at > WALKED_FOR:
            break
        books[number] = book_of(MenuTree.from_json(tree), number)
        replaced_at = published_at
    return books


def book_of(tree: MenuTree, version: int) -> MenuBook:
    """A tree as the bot uses it: visible options only. A menu's parent is the first that opens it."""
    parents: dict[str, str] = {}
    for menu in tree.menus:
        for option in menu.visible:
            if option.target:
                parents.setdefault(option.target, menu.key)
    cards = {
        menu.key: MenuCard(
            menu.key,
            menu.title,
            menu.text,
            tuple(_option(option) for option in menu.visible),
            parents.get(menu.key, ""),
        )
        for menu in tree.menus
    }
    return MenuBook(version, cards, tree.root) if tree.root in cards else NO_MENUS


def _option(option: TreeOption) -> Option:
    fields = tuple(Field(one.label, one.question, one.kind, one.listed, one.required) for one in option.fields)
    return Option(option.key, option.title, option.action, option.target, option.text, option.area, fields)


def _faq_entry(faq: Faq) -> FaqEntry:
    return FaqEntry(str(faq.pk), faq.question, faq.phrases)


def _agent_card(agent: Agent) -> AgentCard:
    return AgentCard(agent.pk, agent.name, agent.active, agent.registered_at is not None, agent.phone)


def _group_card(group: WhatsAppGroup) -> GroupCard:
    return GroupCard(group.pk, group.kind, group.name, group.conversation_id or 0, group.agent_id)
