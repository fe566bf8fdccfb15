"""The one verb of the right to be forgotten (Ley 25.326): it cannot be undone."""

import logging
from collections.abc import Iterable
from functools import partial

from django.db import models, transaction

from backoffice.accounts import audit
from backoffice.accounts.models import User
from backoffice.common.errors import DomainError
from backoffice.common.services import imports
from backoffice.common.tables.background import remove_files
from backoffice.conversations.lanes import interrupt
from backoffice.conversations.models import Contact, Lane, Media, Message
from backoffice.safekeeping import erasing
from backoffice.safekeeping.backups.restoring import ANONYMISED
from backoffice.safekeeping.elsewhere import FORGETTERS, Traces
from backoffice.safekeeping.groups import in_groups
from backoffice.safekeeping.selectors import blockers
from backoffice.safekeeping.subject import Subject

log = logging.getLogger(__name__)


class Reason(models.TextChoices):
    """Why somebody is forgotten: chosen and not typed, so that the audit keeps nothing of them."""

    ASKED = "pedido", "La persona lo pidió (Ley 25.326)"
    MISTAKE = "error", "Es un contacto equivocado o de prueba"
    ORDER = "orden", "Lo ordenó una autoridad"
    EXPIRED = "vencido", "Venció en la papelera"

    @classmethod
    def by_hand(cls) -> list[tuple[str, str]]:
        """Those that somebody may choose."""
        return [(one.value, str(one.label)) for one in cls if one != cls.EXPIRED]


def look_ahead(*, contact: Contact) -> imports.Looked:
    """What takes long to read of a contact, to be given to `anonymise`: nobody waits for it in a transaction."""
    return erasing.look_for_sheets(Subject.of(contact))


@transaction.atomic
def anonymise(*, contact: Contact, by: User | None, reason: str, looked: imports.Looked) -> None:
    """Erase who a contact is and all they said, everywhere. What is counted stays: how many, when, in which state.

    Their customers and invoices stay (the law asks for them). Whoever writes again from that number is a new contact.
    The files leave the disk when the transaction is over. Without `by` it is the clock, which empties the trash.
    What `look_ahead` did not see is read inside the transaction.

    Raises:
        DomainError: no reason of ours, or something stands in the way (`selectors.blockers`, an import of people
            under way); nothing changes then.
    """
    if reason not in Reason.values:
        raise DomainError("Elegí el motivo.", field="motivo")
    lanes = _held(Subject.of(contact))
    subject = Subject.of(Contact.objects.select_for_update().get(pk=contact.pk))
    if found := blockers(subject):
        raise DomainError(" ".join(found))
    sheets = erasing.sheets(subject, looked)
    about = in_groups(subject)
    _forget_elsewhere(subject, about)
    media = _media(subject, about)
    erasing.events(subject, lanes, about)
    erasing.messages(subject, about)
    erasing.notices(subject)
    erasing.cases(subject)
    erasing.orders(subject)
    erasing.console(subject)
    erasing.trash(subject)
    erasing.queues(lanes)
    erasing.person(subject)
    erasing.found(subject)
    files = sheets + erasing.files(media)
    copies = erasing.copies()
    why = Reason(reason).label
    told = f"{ANONYMISED} {contact.pk}: {why}"
    audit.note(audit.Kind.DELETED, told, by=by, about=f"contacto {contact.pk}")
    transaction.on_commit(partial(_remove, files, copies))


def _held(subject: Subject) -> list[Lane]:
    """Their lanes, locked in the order in which merging locks them: a turn under way in one is dropped."""
    lanes = list(subject.lanes().select_for_update().order_by("key"))
    for lane in lanes:
        interrupt(lane)
    return lanes


def _media(subject: Subject, about: Iterable[Message]) -> set[int]:
    own = subject.messages().filter(media__isnull=False).values_list("media", flat=True)
    return {pk for pk in own if pk} | {one.media_id for one in about if one.media_id}


def _forget_elsewhere(subject: Subject, about: Iterable[Message]) -> None:
    traces = Traces(
        numbers=frozenset(subject.numbers),
        message_ids=frozenset(one.pk for one in about),
        external_ids=frozenset(one.external_id for one in about if one.external_id),
    )
    for forget in FORGETTERS:
        forget(traces)


def _remove(files: Iterable[str], copies: Iterable[str]) -> None:
    """Their files, and lists that tell of them. One that cannot be removed is told in the log and stops no other."""
    remove_files(copies)
    storage = Media._meta.get_field("file").storage
    for name in files:
        try:
            storage.delete(name)
        except OSError as error:
            log.error("a file of an anonymised contact is still on the disk: %s (%s)", name, error)
