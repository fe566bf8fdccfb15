"""What `accounts` asks of the mail, which is above it."""

from backoffice.accounts.models import User
from backoffice.mail import services
from backoffice.mail.selectors import mail_is_connected, may_receive


class ByMail:
    """An `Inviter`."""

    def can_reach(self, user: User | None = None) -> bool:
        return (user is None or may_receive(user)) and mail_is_connected()

    def invite(self, *, user: User, by: User) -> None:
        services.invite(user=user, by=by)
