"""How orders and branches are found."""

from backoffice.common.search import Card, Kind, Parent, register
from backoffice.common.search.words import phone_words, words_of
from backoffice.sales.models import Branch, SalesOrder


def _order(order: SalesOrder) -> Card:
    words = [
        str(order.number),
        *words_of(order.contact.name),
        *phone_words(order.contact.phone_key),
        *words_of(order.subject),
    ]
    if order.customer is not None:
        words += [*words_of(order.customer.name, order.customer.code)]
    return Card(f"{order}, {order.contact}", words, order.subject)


register(
    Kind(
        number=4,
        model=SalesOrder,
        card=_order,
        fields=("number", "subject"),
        parents=(Parent("contact", ("name", "phone", "phone_key")), Parent("customer", ("name", "code"))),
        related=("contact", "customer"),
        permission="sales.view_salesorder",
        label="Pedido",
        icon="shopping_bag",
        place=4,
    )
)
register(
    Kind(
        number=5,
        model=Branch,
        card=lambda branch: Card(branch.name, words_of(branch.name, branch.address), branch.address),
        fields=("name", "address"),
        permission="sales.view_branch",
        label="Sucursal",
        icon="store",
        place=14,
    )
)
