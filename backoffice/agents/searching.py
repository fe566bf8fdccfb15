"""How those who attend are found."""

from backoffice.agents.models import Agent
from backoffice.common.search import Card, Kind, register
from backoffice.common.search.words import phone_words, words_of
from integrations.understanding.phones import local_display

register(
    Kind(
        number=16,
        model=Agent,
        card=lambda agent: Card(
            agent.name, [*words_of(agent.name), *phone_words(agent.phone_key)], local_display(agent.phone)
        ),
        fields=("name", "phone", "phone_key"),
        permission="agents.view_agent",
        label="Agente",
        icon="support_agent",
        place=16,
        page="panel_groups",
    )
)
