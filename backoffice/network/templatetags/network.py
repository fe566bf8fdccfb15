"""What the customer's page, which belongs to an app below, shows of the network."""

from django import template

from backoffice.customers.models import Customer
from backoffice.network.selectors import stock

register = template.Library()


@register.simple_tag
def installations(customer: Customer) -> list[stock.Installation]:
    return stock.installations(customer)
