"""The API that people's phones (and tests) use: see API.md beside this folder."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse

from backoffice.simulator import parsing, selectors, services
from backoffice.simulator.guard import Refused, api
from backoffice.simulator.models import Fault, Group, MediaFile, Member, Message, Phone
from backoffice.simulator.selectors import BOT
from backoffice.simulator.services.faults import AT_ONCE, WAITING, NetworkFault
from integrations.whatsapp.base import ConnState

# What a browser may show by itself; anything else (HTML, SVG) is only saved: it would run in the panel's own site.
_SHOWN = frozenset(
    [
        *("image/jpeg", "image/png", "image/gif", "image/webp", "video/mp4", "video/webm", "application/pdf"),
        *("audio/ogg", "audio/mpeg", "audio/mp4", "audio/wav", "audio/x-wav", "audio/webm", "audio/aac"),
    ]
)


@api("GET", "POST")
def messages(request: HttpRequest) -> HttpResponseBase:
    """POST: a phone writes. GET: what a phone sees of one chat, which also reads it."""
    return _write(request) if request.method == "POST" else _read(request)


def _write(request: HttpRequest) -> JsonResponse:
    body = parsing.json_object(request.body)
    number = parsing.phone_of(body.get("from"))
    group = _chat(body.get("chat"))
    parts = parsing.message_body(body)
    phone = selectors.find_phone(number) or services.ensure_phone(number=number)
    _member(group, phone)
    new = services.NewMessage(
        number=number,
        group=group,
        text=parts.text,
        quoted_id=parts.quoted_id,
        media=parts.media,
        data=parts.data,
        wire_id=parsing.id_of(body, "id"),
    )
    message = services.phone_writes(phone=phone, new=new)
    return JsonResponse({"id": message.wire_id}, status=201)


def _read(request: HttpRequest) -> JsonResponse:
    number = parsing.phone_of(request.GET.get("phone"), "phone")
    after = parsing.cursor_of(request.GET.get("after"))
    group = _chat(request.GET.get("chat", BOT))
    phone = selectors.find_phone(number)
    if phone is None:
        if group is not None:
            raise Refused(403, "Ese teléfono no está en el grupo.")
        return JsonResponse({"cursor": str(selectors.newest_seq()), "messages": [], "ticks": []})
    member = _member(group, phone)
    cursor, found = selectors.page_of_messages(phone=phone, member=member, after=after)
    if any(_is_news(message, phone, member) for message in found):
        services.phone_reads(phone=phone, member=member, upto=found[-1].seq)
    chat = group.wire_id if group else BOT
    ticks = selectors.ticks_since(phone=phone, member=member, after=after) if after is not None else []
    shown = [selectors.message_json(message, chat=chat) for message in found]
    if request.GET.get("include") == "base64":
        selectors.include_bytes(shown)
    return JsonResponse({"cursor": str(cursor), "messages": shown, "ticks": ticks})


def _is_news(message: Message, phone: Phone, member: Member | None) -> bool:
    if member is not None:
        return message.seq > member.read_seq
    return message.sender_id is None and message.seq > phone.read_seq


@api("GET")
def groups(request: HttpRequest) -> HttpResponseBase:
    """Every group, or those of one phone (`?phone=`)."""
    asked = request.GET.get("phone")
    phone = selectors.find_phone(parsing.phone_of(asked, "phone")) if asked else None
    found = [] if asked and phone is None else selectors.groups(phone=phone)
    return JsonResponse([_group_json(group) for group in found], safe=False)


@api("POST")
def leave(request: HttpRequest, group_id: str) -> HttpResponseBase:
    """A phone leaves a group."""
    phone = selectors.find_phone(parsing.phone_of(parsing.json_object(request.body).get("phone"), "phone"))
    group = _chat(group_id)
    if phone is None or group is None:
        raise Refused(403, "Ese teléfono no está en el grupo.")
    _member(group, phone)
    services.leave_group(group=group, phone=phone)
    return JsonResponse({})


@api("GET", "POST")
def phones(request: HttpRequest) -> HttpResponseBase:
    """GET: everybody with a phone. POST {"phone", "name"}: one more, or another name."""
    if request.method == "POST":
        body = parsing.json_object(request.body)
        number = parsing.phone_of(body.get("phone"), "phone")
        name = parsing.text_of(body, "name", longest=parsing.NAME_MAX).strip()
        return JsonResponse(_phone_json(services.ensure_phone(number=number, name=name)), status=201)
    return JsonResponse(selectors.phone_list(), safe=False)


@api("GET")
def chats(request: HttpRequest) -> HttpResponseBase:
    """A phone's first screen: its chats, the last message and how many are unread. Reads nothing."""
    number = parsing.phone_of(request.GET.get("phone"), "phone")
    phone = selectors.find_phone(number) or Phone(key=selectors.phone_key(number))
    return JsonResponse(selectors.chat_list(phone) if phone.pk else selectors.empty_chat_list(), safe=False)


@api("GET")
def pulse(request: HttpRequest) -> HttpResponseBase:
    """204 while nothing has changed since the cursor: what a page asks each second, for one small query."""
    after = parsing.cursor_of(request.GET.get("after"))
    newest = selectors.newest_seq()
    if after is not None and after >= newest:
        return HttpResponse(status=204)
    return JsonResponse({"cursor": str(newest)})


@api("GET")
def state(request: HttpRequest) -> HttpResponseBase:
    """The bot's number on the network."""
    return JsonResponse(state_json())


@api("POST")
def scan(request: HttpRequest) -> HttpResponseBase:
    """Link the number, as scanning the QR would."""
    services.link()
    return JsonResponse(state_json())


@api("POST")
def unlink(request: HttpRequest) -> HttpResponseBase:
    """Unlink it from the phone's side."""
    services.unlink(reason="unlinked")
    return JsonResponse(state_json())


@api("GET", "POST", "DELETE")
def faults(request: HttpRequest) -> HttpResponseBase:
    """GET: failures that wait. POST: one more. DELETE: none."""
    if request.method == "DELETE":
        return JsonResponse({"cleared": services.clear_faults()})
    if request.method == "POST":
        services.add_fault(fault=_fault(parsing.json_object(request.body)))
        return JsonResponse({"ok": True}, status=201)
    waiting = Fault.objects.filter(times__gt=0).select_related("phone")
    rows = [
        {"kind": fault.kind, "times": fault.times, "phone": fault.phone.key if fault.phone else None} | fault.options
        for fault in waiting
    ]
    return JsonResponse(rows, safe=False)


@api("GET")
def media(request: HttpRequest, handle: str) -> HttpResponseBase:
    """The bytes of an attachment."""
    file = MediaFile.objects.select_related("message").filter(handle=handle).first()
    if file is None or file.message.media is None:
        raise Refused(404, "Ese archivo no existe.")
    mimetype = str(file.message.media["mimetype"]).split(";")[0].lower()
    shown = mimetype in _SHOWN
    response = HttpResponse(bytes(file.data), content_type=mimetype if shown else "application/octet-stream")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, max-age=86400"
    if not shown:
        response["Content-Disposition"] = "attachment"
    return response


def state_json() -> dict[str, Any]:
    """The public state: `state` as staff read it, `code` as programs do."""
    row = selectors.network()
    now = selectors.state_now(row)
    return {
        "state": now.label,
        "code": now.value,
        "linked": now is ConnState.ONLINE,
        "qr": selectors.qr_text(row),
        "profile": row.profile,
        "number": row.number,
        "name": row.name,
        "until": row.banned_until.isoformat() if row.banned_until else None,
    }


def _chat(value: Any) -> Group | None:
    """None is the chat with the bot."""
    if value == BOT:
        return None
    if not isinstance(value, str) or not value or len(value) > 40:
        raise parsing.BadRequest('«chat» tiene que ser "bot" o el id de un grupo.')
    group = selectors.find_group(value) if parsing.is_storable(value) else None
    if group is None:
        raise Refused(404, "Ese grupo no existe.")
    return group


def _member(group: Group | None, phone: Phone) -> Member | None:
    if group is None:
        return None
    member = selectors.membership(group, phone)
    if member is None:
        raise Refused(403, "Ese teléfono no está en el grupo.")
    return member


def _fault(body: dict[str, Any]) -> NetworkFault:
    kind = body.get("kind")
    if not isinstance(kind, str) or kind not in WAITING + AT_ONCE:
        raise parsing.BadRequest(f"«kind» tiene que ser una de: {', '.join(WAITING + AT_ONCE)}.")
    asked = body.get("phone")
    phone = services.ensure_phone(number=parsing.phone_of(asked, "phone")) if asked is not None else None
    group = _chat(body.get("group")) if kind == "bot_removed_from_group" else None
    if kind == "bot_removed_from_group" and group is None:
        raise parsing.BadRequest("Falta «group»: de qué grupo sacar al bot.")
    if kind == "hide_number" and phone is None:
        raise parsing.BadRequest("Falta «phone»: qué número ocultar.")
    privacy = body.get("privacy", Phone.Privacy.HIDDEN)
    if privacy not in Phone.Privacy.values:
        raise parsing.BadRequest("«privacy» tiene que ser open, lid o hidden.")
    times = parsing.number_of(body, "times", least=1, most=10_000)
    return NetworkFault(
        kind=kind,
        times=int(times or 1),
        phone=phone,
        group=group,
        seconds=parsing.number_of(body, "seconds", least=0, most=3600),
        privacy=str(privacy),
        code=parsing.text_of(body, "code", longest=40),
    )


def _group_json(group: Group) -> dict[str, Any]:
    return {
        "id": group.wire_id,
        "name": group.name,
        "members": [
            {"phone": member.phone.key, "admin": member.admin, "name": str(member.phone)}
            for member in group.members.all()
        ],
        "bot": group.bot_member,
    }


def _phone_json(phone: Phone) -> dict[str, Any]:
    return {"phone": phone.key, "name": phone.name, "privacy": phone.privacy}
