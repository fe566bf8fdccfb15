"""What anonymising somebody would take, what it leaves, and what stands in its way."""

from dataclasses import dataclass

from django.db.models import Count, Q

from backoffice.accounts.models import AuditEvent
from backoffice.agents.models import Agent
from backoffice.conversations.models import Contact, InboxEvent, Message
from backoffice.customers.models import Customer
from backoffice.customers.selectors import by_phone_keys
from backoffice.notices.models import GatewayNotice
from backoffice.safekeeping.backups.status import mark
from backoffice.safekeeping.subject import Subject
from backoffice.tickets.models import Ticket

_LEAVING = (Message.Status.QUEUED, Message.Status.SENDING, Message.Status.UNCERTAIN)


@dataclass(frozen=True, slots=True)
class Preview:
    """How much there is of somebody. `customers` stay, each with `invoice_count`; `blockers` say why not now."""

    messages: int
    files: int
    tickets: int
    notices: int
    numbers: int
    customers: list[Customer]
    blockers: list[str]


def preview(contact: Contact) -> Preview:
    subject = Subject.of(contact)
    said = subject.messages().aggregate(all=Count("pk"), files=Count("media", distinct=True))
    linked = set(Customer.objects.filter(contact_links__contact__in=subject.contacts).values_list("pk", flat=True))
    on_file = by_phone_keys(subject.phone_keys).values()
    keys = linked | {customer.pk for found in on_file for customer in found}
    customers = Customer.objects.filter(pk__in=keys).annotate(invoice_count=Count("invoices"))
    return Preview(
        messages=said["all"],
        files=said["files"],
        tickets=len(subject.tickets),
        notices=GatewayNotice.objects.filter(phone_key__in=subject.phone_keys).count(),
        numbers=len(subject.addresses),
        customers=list(customers.order_by("pk")),
        blockers=blockers(subject),
    )


def blockers(subject: Subject) -> list[str]:
    """Why somebody cannot be anonymised now, in words; nothing when they can."""
    person = subject.contacts[0]
    if person.anonymised_at is not None:
        return ["Ese contacto ya está anonimizado."]
    if person.merged_into_id is not None:
        return ["Ese contacto se unió a otro: borrá al otro, que tiene lo de los dos."]
    found = {
        "Es el número de un agente: sacalo primero de «Grupos y agentes».": _is_an_agent(subject),
        "Tiene un caso abierto: cerralo primero.": any(case.state != Ticket.State.CLOSED for case in subject.tickets),
        "Hay mensajes que todavía no salieron, o que no sabemos si salieron: esperá a que salgan o resolvelos.": (
            _is_being_written_to(subject)
        ),
        "Acaba de escribir y el bot todavía no lo atendió: probá de nuevo en un minuto.": _is_writing(subject),
        "Hay un aviso de tu sistema por salir a ese número: cancelalo o esperá a que salga.": _is_notified(subject),
    }
    return [words for words, stands in found.items() if stands]


def trash_blockers(subject: Subject) -> list[str]:
    """Why somebody cannot go to the trash now, in words; nothing when they can."""
    person = subject.contacts[0]
    if person.anonymised_at is not None or person.merged_into_id is not None:
        return ["Ese contacto ya no está."]
    if person.trashed_at is not None:
        return ["Ese contacto ya está en la papelera."]
    found = {
        "Es el número de un agente: sacalo primero de «Grupos y agentes».": _is_an_agent(subject),
        "Tiene un caso abierto: cerralo primero.": any(case.state != Ticket.State.CLOSED for case in subject.tickets),
    }
    return [words for words, stands in found.items() if stands]


def was_kept(token: str) -> bool:
    """Whether a restoration that nobody saw end is the one whose data is here."""
    return AuditEvent.objects.filter(about=mark(token)).exists()


def _is_an_agent(subject: Subject) -> bool:
    return Agent.objects.filter(Q(contact__in=subject.contacts) | Q(phone_key__in=subject.phone_keys)).exists()


def _is_being_written_to(subject: Subject) -> bool:
    chats = [chat.pk for chat in subject.chats]
    leaving = Message.objects.filter(status__in=_LEAVING, due_at__isnull=False)
    own, relayed = Q(conversation__in=chats), Q(relay_of__conversation__in=chats)
    return leaving.filter(own | relayed | Q(ticket_post__ticket__in=subject.tickets)).exists()


def _is_writing(subject: Subject) -> bool:
    waiting = InboxEvent.objects.filter(ready_at__isnull=False, state=InboxEvent.State.PENDING, kind="message")
    return waiting.filter(lane__in=subject.lanes()).exists()


def _is_notified(subject: Subject) -> bool:
    return GatewayNotice.objects.filter(phone_key__in=subject.phone_keys, due_at__isnull=False).exists()
