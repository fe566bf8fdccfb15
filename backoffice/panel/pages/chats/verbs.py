"""What is done in a chat by whoever attends it: take, write, note, pass, give back to the bot, close.

A page that has JavaScript sends these by itself and reads the answer; without it they are plain forms.
"""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from backoffice.accounts.models import User
from backoffice.common.errors import DomainError
from backoffice.conversations.models import Contact, Conversation, Media, Message
from backoffice.conversations.services import settle, store_media
from backoffice.conversations.uploads import read_upload
from backoffice.panel.pages.base import page, person
from backoffice.panel.pages.chats.inbox import ATTEND
from backoffice.panel.pages.chats.thread import ANY_CASE, open_case
from backoffice.panel.pages.tickets import pass_case
from backoffice.tickets import services
from backoffice.tickets.models import Ticket
from backoffice.tickets.phrases import signature

CLOSE = "tickets.close_ticket"
REPLY = "conversations.reply_conversation"
NO_CASE = "No hay un caso abierto en esta charla: tomala primero."
SETTLED = {"sent": "Anotado: se envió.", "resend": "Vuelve a salir.", "discard": "Descartado."}

Verb = Callable[[HttpRequest, Contact], str]


def verb(*permissions: str) -> Callable[[Verb], Callable[..., HttpResponse]]:
    """A POST about one contact, whose function does it and says what was done; a `DomainError` is told to who asked."""

    def decorate(act: Verb) -> Callable[..., HttpResponse]:
        @page(*permissions)
        @require_POST
        @wraps(act)
        def entry(request: HttpRequest, pk: int) -> HttpResponse:
            contact = get_object_or_404(Contact, pk=pk, anonymised_at__isnull=True)
            try:
                told = act(request, contact)
            except DomainError as error:
                if not _reads_json(request):
                    messages.error(request, error.message)
                    return redirect("admin:panel_chat", pk=pk)
                return JsonResponse({"refused": error.message, "field": error.field})
            if _reads_json(request):
                return JsonResponse({"done": told})
            if told:
                messages.success(request, told)
            return redirect("admin:panel_chat", pk=pk)

        return entry

    return decorate


@verb(ATTEND)
def take(request: HttpRequest, contact: Contact) -> str:
    """From the bot, or the case that waits; whoever supervises also from whom the page shows (`de`)."""
    user, case = person(request), open_case(contact)
    if case is None:
        case = services.take_chat(conversation=_last_chat(contact), contact=contact, user=user)
    elif user.has_perm(ANY_CASE) and case.state == Ticket.State.IN_PROGRESS and request.POST.get("de") == case.seat:
        services.transfer(ticket=case, actor=signature(user), user=user)
        return f"El caso #{case.number} ahora es tuyo."
    else:
        services.take_in_panel(ticket=case, user=user)
    return f"Tomaste el caso #{case.number}. El bot no responde mientras tanto."


@verb(ATTEND)
def write(request: HttpRequest, contact: Contact) -> str:
    """A text, a file with its caption, or both."""
    case, user = _case(contact), person(request)
    file = request.FILES.get("archivo")
    media = _stored(file) if isinstance(file, UploadedFile) and case.user_id == user.pk else None
    services.reply_from_panel(ticket=case, user=user, text=request.POST.get("text", ""), media=media)
    return ""


@verb(ATTEND, CLOSE)
def note(request: HttpRequest, contact: Contact) -> str:
    services.note(ticket=_case(contact), actor=signature(person(request)), text=request.POST.get("text", ""))
    return "Nota guardada. El cliente no la ve."


@verb(ATTEND, ANY_CASE)
def give(request: HttpRequest, contact: Contact) -> str:
    """To somebody at the panel, to an agent's group, or back to an area's queue."""
    case = _case(contact)
    return pass_case(request, case, holder=_holder(request))


@verb(CLOSE)
def close(request: HttpRequest, contact: Contact) -> str:
    case = _case(contact)
    reason = request.POST.get("reason", "")
    services.close(ticket=case, actor=signature(person(request)), reason=reason, holder=_holder(request))
    return f"Caso #{case.number} cerrado. El bot vuelve a atender."


@verb(CLOSE)
def give_back(request: HttpRequest, contact: Contact) -> str:
    case = _case(contact)
    services.give_back(ticket=case, actor=signature(person(request)), holder=_holder(request))
    return "La charla volvió al bot."


@verb(REPLY)
def decide(request: HttpRequest, contact: Contact) -> str:
    """What to do with a message that failed or that we do not know to have left."""
    decision, number = request.POST.get("decision", ""), request.POST.get("mensaje", "")
    if decision not in SETTLED:
        raise DomainError("Elegí qué hacer con el mensaje.")
    wanted = int(number[:18]) if number.isascii() and number.isdecimal() else 0
    message = get_object_or_404(
        Message.objects.select_related("conversation__contact"), pk=wanted, conversation__contact=contact
    )
    return (
        SETTLED[decision] if settle(message=message, decision=decision, by=person(request)) else "Ya estaba resuelto."
    )


def _reads_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _case(contact: Contact) -> Ticket:
    case = open_case(contact)
    if case is None:
        raise DomainError(NO_CASE)
    return case


def _holder(request: HttpRequest) -> User | None:
    """Who must still attend the case for this to be done; nobody in particular when it is a supervisor who asks."""
    user = person(request)
    return None if user.has_perm(ANY_CASE) else user


def _last_chat(contact: Contact) -> Conversation:
    """Where they spoke last."""
    chats = Conversation.objects.filter(contact=contact).exclude(channel__kind="preview")
    found = chats.order_by("-last_message_at", "-pk").first()
    if found is None:
        raise DomainError("Esta persona todavía no tiene una charla.")
    return found


def _stored(file: UploadedFile) -> Media:
    upload = read_upload(file)
    return store_media(data=upload.data, kind=upload.kind, filename=upload.filename, mimetype=upload.mimetype)
