"""How the people who work here are found."""

from backoffice.accounts.models import User
from backoffice.common.search import Card, Kind, register
from backoffice.common.search.words import phone_words, words_of
from integrations.understanding.phones import phone_key


def _card(user: User) -> Card:
    name = user.get_full_name() or user.username
    words = [*words_of(name, user.username, user.email), *phone_words(phone_key(user.phone))]
    return Card(name, words, user.username)


register(
    Kind(
        number=15,
        model=User,
        card=_card,
        fields=("username", "first_name", "last_name", "email", "phone"),
        permission="accounts.view_user",
        label="Usuario",
        icon="manage_accounts",
        place=15,
    )
)
