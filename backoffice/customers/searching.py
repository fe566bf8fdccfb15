"""How customers are found: by anything that whoever calls may say of themselves."""

from backoffice.common.search import Card, Child, Kind, register
from backoffice.common.search.words import document_words, number_words, phone_words, words_of
from backoffice.customers.models import Customer, CustomerPhone, Service


def _card(customer: Customer) -> Card:
    services = [service.address for service in customer.services.all()]
    words = [
        *words_of(customer.name),
        *number_words(customer.code),
        *document_words(customer.document),
        *(word for phone in customer.phones.all() for word in phone_words(phone.key)),
        *words_of(customer.address, *services, customer.email),
    ]
    where = customer.address or next(filter(None, services), "")
    return Card(customer.name, words, " · ".join(filter(None, (f"Cliente {customer.code}", where))))


register(
    Kind(
        number=1,
        model=Customer,
        card=_card,
        fields=("name", "code", "document", "address", "email"),
        children=(Child(CustomerPhone, "customer", ("key",)), Child(Service, "customer", ("address",))),
        prefetched=("phones", "services"),
        permission="customers.view_customer",
        label="Cliente",
        icon="person",
        place=1,
    )
)
