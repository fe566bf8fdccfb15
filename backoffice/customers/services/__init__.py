"""Verbs of the ISP's customers: one at a time (`people`), and many together (`many`)."""

from backoffice.customers.services.many import (
    Change as Change,
)
from backoffice.customers.services.many import (
    remove_customers as remove_customers,
)
from backoffice.customers.services.many import (
    remove_services as remove_services,
)
from backoffice.customers.services.many import (
    write_customers as write_customers,
)
from backoffice.customers.services.many import (
    write_services as write_services,
)
from backoffice.customers.services.people import (
    COUNTER as COUNTER,
)
from backoffice.customers.services.people import (
    clean_document as clean_document,
)
from backoffice.customers.services.people import (
    clean_name as clean_name,
)
from backoffice.customers.services.people import (
    clean_phone as clean_phone,
)
from backoffice.customers.services.people import (
    create_customer as create_customer,
)
from backoffice.customers.services.people import (
    next_code as next_code,
)
from backoffice.customers.services.people import (
    update_customer as update_customer,
)
