"""Agents and groups that are ready to work, on the stand-in network as in our tables."""

from dataclasses import dataclass

from django.utils import timezone

from backoffice.accounts.models import User
from backoffice.agents.models import Agent, GroupMember, WhatsAppGroup
from backoffice.channels.models import Channel
from backoffice.channels.prepare import SIMULATOR_NAME
from backoffice.common.bulk import bulk_create_with_history
from backoffice.conversations.models import Contact, ContactAddress, Conversation
from backoffice.demo.people import MARIA
from backoffice.simulator import services as network
from integrations.understanding.phones import phone_key
from integrations.whatsapp.base import Addr

KINDS = WhatsAppGroup.Kind


@dataclass(frozen=True, slots=True)
class Seat:
    """An agent: how many personal groups, in which main ones, and their user of the panel."""

    name: str
    phone: str
    groups: int
    queues: tuple[str, ...]
    user: str | None = None

    @property
    def key(self) -> str:
        return phone_key(self.phone) or self.phone


SEATS = (
    Seat("Juan Pérez", "5492615550101", 3, (KINDS.SUPPORT,)),
    Seat("Ana Ruiz", "5492615550102", 2, (KINDS.SUPPORT, KINDS.SALES)),
    Seat("Elena Soto", "5492615550103", 0, (KINDS.SUPERVISOR,), user="elena"),
)
QUEUES = ((KINDS.SUPPORT, "Soporte"), (KINDS.SALES, "Ventas"), (KINDS.SUPERVISOR, "Supervisores"))
COMPANY = "FibraSur"
STRANGER = ("5492617778899", "Lucía Paz")


def load_channel() -> Channel:
    channel = Channel.objects.filter(kind=Channel.Kind.SIMULATOR).order_by("pk").first()
    return channel or Channel.objects.create(name=SIMULATOR_NAME, kind=Channel.Kind.SIMULATOR)


def load_network(suspended_phone: str, suspended_name: str) -> None:
    """Phones that a newcomer may pick, and the number linked, so that nobody begins by scanning a QR."""
    for number, name in [
        (MARIA.phone, MARIA.name),
        *((seat.phone, seat.name) for seat in SEATS),
        (suspended_phone, suspended_name),
        STRANGER,
    ]:
        network.ensure_phone(number=number, name=name)
    network.set_account(name=COMPANY)
    network.link()


def load_agents(channel: Channel) -> dict[str, Agent]:
    """Registered agents by name, each with their contact."""
    now = timezone.now()
    contacts = Contact.objects.bulk_create(
        [Contact(name=seat.name, phone=f"+{seat.phone}", phone_key=seat.key) for seat in SEATS]
    )
    pairs = list(zip(SEATS, contacts, strict=True))
    ContactAddress.objects.bulk_create(
        [ContactAddress(contact=who, channel=channel, kind="p", key=seat.key, value=seat.phone) for seat, who in pairs]
    )
    users = {
        user.username: user for user in User.objects.filter(username__in=[seat.user for seat in SEATS if seat.user])
    }
    agents = bulk_create_with_history(
        [
            Agent(
                name=seat.name,
                phone=f"+{seat.phone}",
                phone_key=seat.key,
                group_count=max(seat.groups, 1),
                registered_at=now,
                contact=who,
                user=users.get(seat.user or ""),
            )
            for seat, who in pairs
        ]
    )
    return {agent.name: agent for agent in agents}


def load_groups(channel: Channel, agents: dict[str, Agent]) -> dict[str, WhatsAppGroup]:
    """Main and personal groups by name, with their chats and members, made on both sides."""
    planned = [(WhatsAppGroup(kind=kind, name=name), _queue_members(kind, agents)) for kind, name in QUEUES]
    for seat in SEATS:
        agent = agents[seat.name]
        for number in range(1, seat.groups + 1):
            name = f"Chat soporte {agent.first_name} N°{number}"
            planned.append((WhatsAppGroup(kind=KINDS.PERSONAL, agent=agent, number=number, name=name), [agent]))
    chats = Conversation.objects.bulk_create([_chat(channel, group.name, members) for group, members in planned])
    for (group, _), chat in zip(planned, chats, strict=True):
        group.conversation, group.state = chat, WhatsAppGroup.State.READY
    bulk_create_with_history([group for group, _ in planned])
    GroupMember.objects.bulk_create(
        [
            GroupMember(group=group, agent=agent, state=GroupMember.State.ADDED, is_admin=True)
            for group, members in planned
            for agent in members
        ]
    )
    return {group.name: group for group, _ in planned}


def _queue_members(kind: str, agents: dict[str, Agent]) -> list[Agent]:
    return [agents[seat.name] for seat in SEATS if kind in seat.queues]


def _chat(channel: Channel, name: str, members: list[Agent]) -> Conversation:
    """The group on the network, its members as administrators, and the chat that stands for it here."""
    found = network.ensure_phones(numbers=[agent.phone for agent in members])
    phones = list(found.values())
    group, _ = network.create_group(name=name, phones=phones)
    network.change_members(group=group, op="promote", phones=phones)
    address = Addr.group(group.wire_id).key
    return Conversation(channel=channel, kind=Conversation.Kind.GROUP, address=address, title=name)
