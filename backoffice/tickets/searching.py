"""How cases are found: by their number, what they are about, and whose they are."""

from backoffice.common.search import Card, Kind, Parent, register
from backoffice.common.search.words import number_words, phone_words, words_of
from backoffice.tickets.models import Ticket

_OF_THE_MESSAGE = 300  # characters: what somebody remembers of it was said first


def _card(ticket: Ticket) -> Card:
    words = [
        str(ticket.number),
        *words_of(ticket.subject, ticket.contact.name),
        *phone_words(ticket.contact.phone_key),
        *words_of(ticket.message[:_OF_THE_MESSAGE]),
    ]
    if ticket.customer is not None:
        words += [*words_of(ticket.customer.name), *number_words(ticket.customer.code)]
    return Card(str(ticket), words, str(ticket.customer or ticket.contact))


register(
    Kind(
        number=3,
        model=Ticket,
        card=_card,
        fields=("number", "subject", "message"),
        parents=(Parent("contact", ("name", "phone", "phone_key")), Parent("customer", ("name", "code"))),
        related=("contact", "customer"),
        permission="tickets.view_ticket",
        label="Ticket",
        icon="confirmation_number",
        place=2,
        url_name="panel_ticket",
    )
)
