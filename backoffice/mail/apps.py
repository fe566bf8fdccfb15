from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "backoffice.mail"
    verbose_name = "Correo"

    def ready(self) -> None:
        from backoffice.accounts.invitations import carries
        from backoffice.mail.inviter import ByMail

        carries(ByMail())
