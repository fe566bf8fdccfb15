"""Groups of ours: named, asked for, made, lost, tried again."""

import re

from django.db import transaction

from backoffice.agents.models import GroupMember, WhatsAppGroup
from backoffice.channels.models import Channel
from backoffice.common.errors import DomainError
from backoffice.common.models import Activity, Job
from backoffice.conversations.models import Conversation
from integrations.understanding.words import fold

from .work import work_on

NAME_MAX = 100
"""What WhatsApp keeps of a group's name."""
NAME_COMFORTABLE = 25
"""What a phone shows of it in the list of chats."""
_VAGUE = re.compile(r"(?:grupo|group|test|prueba|nuevo grupo)? ?\d*")


def clean_name(name: str) -> str:
    """The name as it will be. Raises: DomainError (field `name`) when it is empty, too long or says nothing."""
    tidy = " ".join(name.split())
    if not tidy:
        raise DomainError("Poné un nombre para el grupo.", field="name")
    if len(tidy) > NAME_MAX:
        raise DomainError(f"El nombre puede tener hasta {NAME_MAX} caracteres.", field="name")
    if _VAGUE.fullmatch(fold(tidy)):
        raise DomainError("Elegí un nombre que diga para qué es, por ejemplo «🎫 Soporte Técnico».", field="name")
    return tidy


def name_warning(name: str) -> str:
    """What to tell whoever types a long name; empty when it is fine."""
    if len(" ".join(name.split())) <= NAME_COMFORTABLE:
        return ""
    return f"Con más de {NAME_COMFORTABLE} caracteres el nombre se ve cortado en la lista de chats."


@transaction.atomic
def create_main_group(*, kind: str, name: str) -> WhatsAppGroup:
    """Ask for a main group (a queue). The bot makes it and its state becomes READY.

    Raises: DomainError for a bad or repeated name, or when no channel carries the groups.
    """
    if kind not in WhatsAppGroup.Kind.values or kind == WhatsAppGroup.Kind.PERSONAL:
        raise DomainError("Elegí el tipo de grupo: Soporte, Ventas o Supervisor.", field="kind")
    tidy = clean_name(name)
    if WhatsAppGroup.objects.filter(name=tidy).exclude(state=WhatsAppGroup.State.RETIRED).exists():
        raise DomainError("Ya hay un grupo con ese nombre.", field="name")
    group = WhatsAppGroup.objects.create(kind=kind, name=tidy)
    work_on(group=group)
    return group


@transaction.atomic
def retry_group(*, group: WhatsAppGroup) -> Job:
    """Try again what failed: the group itself, or those who could not be added to it.

    A main group the bot was removed from is made anew, with the same people.
    """
    states = WhatsAppGroup.State
    after = {str(group.pk): group.conversation_id} if group.bot_removed and group.conversation_id else None
    if group.bot_removed:
        group.bot_removed, group.conversation = False, None
        group.state = states.PENDING
        group.members.update(state=GroupMember.State.PENDING, error="", is_admin=False)
    elif group.state == states.FAILED:
        group.state = states.PENDING
    group.error = ""
    group.save(update_fields=["bot_removed", "conversation", "state", "error"])
    group.members.filter(state=GroupMember.State.FAILED).update(state=GroupMember.State.PENDING, error="")
    return work_on(group=group, after=after)


@transaction.atomic
def group_ready(*, group: WhatsAppGroup, channel: Channel, address: str) -> None:
    """The network made the group: from now on it has a chat. `address` is «g:…». Harmless when repeated."""
    chat, _ = Conversation.objects.get_or_create(
        channel=channel, kind=Conversation.Kind.GROUP, address=address, defaults={"title": group.name}
    )
    if not chat.title:
        chat.title = group.name
        chat.save(update_fields=["title"])
    if group.state == WhatsAppGroup.State.RETIRED:  # lowered while it was being made: keep it for later
        group.conversation = chat
        group.save(update_fields=["conversation"])
        return
    group.conversation, group.state = chat, WhatsAppGroup.State.READY
    group.error, group.bot_removed = "", False
    group.save(update_fields=["conversation", "state", "error", "bot_removed"])
    Activity.note(Activity.Kind.CONNECTION, f"Grupo «{group.name}» creado.")


@transaction.atomic
def group_failed(*, group: WhatsAppGroup, error: str) -> None:
    """The network will not make it. Staff see why and may try again or lower the number of groups."""
    group.state, group.error = WhatsAppGroup.State.FAILED, error[:200]
    group.save(update_fields=["state", "error"])
    Activity.note(Activity.Kind.ERROR, f"No se pudo crear el grupo «{group.name}»: {error}")


@transaction.atomic
def bot_removed(*, group: WhatsAppGroup) -> None:
    """Somebody took our number out of a group (AMB-18)."""
    if group.bot_removed:
        return
    group.bot_removed = True
    group.save(update_fields=["bot_removed"])
    Activity.note(Activity.Kind.ERROR, f"Sacaron al bot del grupo «{group.name}».")
