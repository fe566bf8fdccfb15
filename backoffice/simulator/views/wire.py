"""The bot's side of the network, under /simulator/api/network/: what `integrations/whatsapp/simulator.py` speaks to.

Addresses are the port's keys (`p:…`, `l:…`, `g:…`) and events are the port's JSON. A refusal carries `code`.
"""

import time
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse

from backoffice.simulator import parsing, selectors, services
from backoffice.simulator.guard import Refused, api
from backoffice.simulator.models import Fault, Group, Phone
from backoffice.simulator.views.phones import state_json
from integrations.whatsapp.base import Addr, ConnState, MemberResult


@api("GET")
def poll(request: HttpRequest) -> HttpResponseBase:
    """Events after the cursor, which acknowledges the ones before; and the state, so that one call is enough."""
    cursor, events = services.collect(after=parsing.cursor_of(request.GET.get("after")))
    return JsonResponse({"events": events, "cursor": str(cursor)} | _state())


@api("GET")
def state(request: HttpRequest) -> HttpResponseBase:
    """The link and the QR."""
    return JsonResponse(_state())


@api("POST")
def pair(request: HttpRequest) -> HttpResponseBase:
    """Ask for a QR."""
    services.begin_pairing()
    return JsonResponse(_state())


@api("POST")
def logout(request: HttpRequest) -> HttpResponseBase:
    """Unlink from the bot's side."""
    services.unlink(reason="logout")
    return JsonResponse(_state())


@api("POST")
def send(request: HttpRequest) -> HttpResponseBase:
    """The bot writes: {"to", "text", "media", "quoted_id", "client_ref"}; 200 for a repeated `client_ref`."""
    body = parsing.json_object(request.body)
    to = parsing.address_of(body.get("to"), "to")
    parts = parsing.message_body(body)
    client_ref = parsing.id_of(body, "client_ref")
    _must_be_online()
    phone, group = _chat(to)
    fault = services.take_fault(kinds=("rate_limit", "send_refused", "send_timeout", "send_lost"), phone=phone)
    if fault is not None and fault.kind == "send_lost":
        return _too_late(fault)
    if fault is not None and fault.kind != "send_timeout":
        raise _refusal(fault)
    new = services.BotMessage(
        phone=phone,
        group=group,
        text=parts.text,
        quoted_id=parts.quoted_id,
        media=parts.media,
        data=parts.data,
        client_ref=client_ref,
    )
    message = services.bot_sends(new=new)
    if fault is not None:
        return _too_late(fault)
    return JsonResponse({"id": message.wire_id, "at": message.at.isoformat()}, status=201)


def _refusal(fault: Fault) -> Refused:
    if fault.kind == "rate_limit":
        seconds = fault.options.get("seconds", 5)
        return Refused(429, "La red pide esperar.", code="rate_limit", seconds=seconds)
    return Refused(422, "La red no aceptó el mensaje.", code=fault.options.get("code", "refused"))


def _too_late(fault: Fault) -> HttpResponse:
    """Out or not, the answer does not say: it comes late (`seconds`), and from a gateway that gave up."""
    time.sleep(min(float(fault.options.get("seconds", 0)), 30))
    return JsonResponse({"error": "La red no contestó a tiempo.", "code": "gateway_timeout"}, status=504)


@api("GET", "POST")
def groups(request: HttpRequest) -> HttpResponseBase:
    """GET: the bot's groups. POST {"name", "members", "client_ref"}: one more."""
    if request.method == "GET":
        return JsonResponse([_group_json(group) for group in selectors.groups(with_bot=True)], safe=False)
    body = parsing.json_object(request.body)
    name = parsing.text_of(body, "name", longest=parsing.NAME_MAX, required=True).strip()
    people = parsing.addresses_of(body.get("members", []), "members")
    _must_be_online()
    if services.take_fault(kinds=("group_create_error",)):
        raise Refused(500, "unknown error", code="group_create_error")
    phones, unknown = _people(people)
    group, results = services.create_group(name=name, phones=phones, client_ref=parsing.id_of(body, "client_ref"))
    return JsonResponse({"group": f"g:{group.wire_id}", "members": _results(results + unknown)}, status=201)


@api("GET")
def group(request: HttpRequest, group_id: str) -> HttpResponseBase:
    """One group and its members."""
    return JsonResponse(_group_json(_our_group(group_id)))


@api("POST")
def members(request: HttpRequest, group_id: str) -> HttpResponseBase:
    """{"op": "add|remove|promote|demote", "members": [...]} → one result each."""
    body = parsing.json_object(request.body)
    op = parsing.member_op(body.get("op"))
    people = parsing.addresses_of(body.get("members"), "members")
    _must_be_online()
    found = _our_group(group_id)
    phones, unknown = _people(people)
    results = services.change_members(group=found, op=op, phones=phones)
    return JsonResponse({"members": _results(results + unknown)})


@api("POST")
def leave(request: HttpRequest, group_id: str) -> HttpResponseBase:
    """The bot leaves. Out already: nothing."""
    found = selectors.find_group(group_id)
    if found is not None:
        services.leave_group(group=found)
    return JsonResponse({})


@api("GET")
def invite(request: HttpRequest, group_id: str) -> HttpResponseBase:
    """The link that lets somebody in."""
    return JsonResponse({"link": f"https://chat.whatsapp.com/{_our_group(group_id).invite_code}"})


@api("POST")
def typing(request: HttpRequest) -> HttpResponseBase:
    """{"chat", "on"}: show or hide «escribiendo…»."""
    body = parsing.json_object(request.body)
    phone, found = _chat(parsing.address_of(body.get("chat"), "chat"))
    chat = phone or found
    if chat is not None:
        services.bot_types(chat=chat, on=body.get("on", True) is True)
    return JsonResponse({})


@api("POST")
def read(request: HttpRequest) -> HttpResponseBase:
    """{"chat", "ids"}: the bot read these messages."""
    body = parsing.json_object(request.body)
    phone, found = _chat(parsing.address_of(body.get("chat"), "chat"))
    chat = Q(group=found, phone__isnull=True) if found else Q(phone=phone, group__isnull=True)
    changed = services.bot_reads(chat=chat, message_ids=parsing.ids_of(body.get("ids"), "ids"))
    return JsonResponse({"changed": changed})


def _state() -> dict[str, Any]:
    told = state_json()
    return {
        "state": told["code"],
        "qr": told["qr"],
        "me": f"p:{told['number']}" if told["linked"] else None,
        "until": told["until"] if told["code"] == ConnState.TEMP_BANNED else None,
        "profile": told["profile"],
    }


def _must_be_online() -> None:
    row = selectors.network()
    now = selectors.state_now(row)
    if now is ConnState.TEMP_BANNED and row.banned_until is not None:
        raise Refused(403, "El número está suspendido.", code="temp_ban", until=row.banned_until.isoformat())
    if now is not ConnState.ONLINE:
        raise Refused(409, "El número no está vinculado.", code="not_connected")


def _chat(addr: Addr) -> tuple[Phone | None, Group | None]:
    if addr.is_group:
        return None, _our_group(addr.value)
    if addr.kind == "phone":
        return selectors.find_phone(addr.value) or services.ensure_phone(number=addr.value), None
    phone = Phone.objects.filter(lid=addr.value).first()
    if phone is None:
        raise Refused(404, "Nadie tiene esa dirección.", code="recipient_unknown")
    return phone, None


def _our_group(group_id: str) -> Group:
    found = selectors.find_group(group_id)
    if found is None or not found.bot_member:
        raise Refused(404, "El bot no está en ese grupo.", code="not_in_group")
    return found


def _people(addresses: list[Addr]) -> tuple[list[Phone], list[MemberResult]]:
    """The phones, without repetitions, and a result for each address that is nobody's."""
    by_key = services.ensure_phones(numbers=[addr.value for addr in addresses if addr.kind == "phone"])
    lids = [addr.value for addr in addresses if addr.kind == "lid"]
    by_lid = {phone.lid: phone for phone in Phone.objects.filter(lid__in=lids)} if lids else {}
    phones: dict[int, Phone] = {}
    unknown = []
    for addr in addresses:
        phone = by_lid.get(addr.value) if addr.kind == "lid" else by_key[selectors.phone_key(addr.value)]
        if phone is None:
            unknown.append(MemberResult(addr, "not_on_whatsapp", "Nadie tiene esa dirección."))
        else:
            phones[phone.pk] = phone
    return list(phones.values()), unknown


def _results(results: list[MemberResult]) -> list[dict[str, str]]:
    return [{"member": one.member.key, "status": one.status, "detail": one.detail} for one in results]


def _group_json(group: Group) -> dict[str, Any]:
    people = []
    for member in group.members.all():
        other = selectors.other_address(member.phone)
        people.append(
            {
                "addr": selectors.address(member.phone).key,
                "admin": member.admin,
                "alt": other.key if other else None,
            }
        )
    return {"group": f"g:{group.wire_id}", "name": group.name, "members": people, "me_admin": True}
