"""Verbs of the mail."""

from backoffice.mail.services.access import FORGOTTEN_JOB, answer_forgotten, ask_forgotten, invite
from backoffice.mail.services.sending import (
    JOB,
    begin_sending,
    forget_mails,
    give_up,
    record_outcome,
    retry_mail,
    send_mail,
)

__all__ = [
    "FORGOTTEN_JOB",
    "JOB",
    "answer_forgotten",
    "ask_forgotten",
    "begin_sending",
    "forget_mails",
    "give_up",
    "invite",
    "record_outcome",
    "retry_mail",
    "send_mail",
]
