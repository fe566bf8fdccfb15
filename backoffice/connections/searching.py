"""How what we are connected to is found."""

from backoffice.common.search import Card, Kind, register
from backoffice.common.search.words import words_of
from backoffice.connections.models import Connection

register(
    Kind(
        number=17,
        model=Connection,
        card=lambda one: Card(one.name, words_of(one.name, one.provider), str(one.get_kind_display())),
        fields=("name", "provider", "kind"),
        permission="connections.view_connection",
        label="Conexión",
        icon="electrical_services",
        place=17,
        serves_list=False,
    )
)
