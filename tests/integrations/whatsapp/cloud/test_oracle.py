"""pywa, which others wrote, as the judge: it understands what our Meta says, and builds what we send."""

import hmac
import json
from typing import Any

import httpx
import pytest
from pywa import WhatsApp, types
from pywa.types.base_update import RawUpdate
from pywa.types.templates import BodyText, TemplateLanguage

from integrations.whatsapp.base import Addr, Content, Location, Media, Menu, MessageIn, Option, StatusIn, Template, Text
from integrations.whatsapp.cloud.client import CloudTransport
from integrations.whatsapp.cloud.reading import events_of
from integrations.whatsapp.cloud.webhook import is_signed
from tests.cast import MARIA
from tests.integrations.whatsapp.cloud.meta import NUMBER_ID, TOKEN, USER_ID, Json, Meta

maria = Addr.phone(MARIA.phone)
MEDIA_ID = "137524587935346"


class Judge:
    """pywa's client, which speaks to nobody and remembers what it would have sent."""

    def __init__(self) -> None:
        self.asked: list[Json] = []
        session = httpx.Client(transport=httpx.MockTransport(self._answer))
        self.whatsapp = WhatsApp(
            phone_id=NUMBER_ID, token=TOKEN, session=session, server=None, app_secret="clave", filter_updates=False
        )

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(json.loads(request.content))
        who = {"input": MARIA.phone, "wa_id": MARIA.phone, "user_id": USER_ID}
        told = {"messaging_product": "whatsapp", "contacts": [who], "messages": [{"id": "wamid.1"}]}
        return httpx.Response(200, json=told | {"success": True})

    def reads(self, kind: type[Any], body: Json) -> Any:
        raw = json.dumps(body).encode()
        return kind.from_update(client=self.whatsapp, update=RawUpdate(raw, hmac_header=None, update_hash=""))


@pytest.fixture
def judge() -> Judge:
    return Judge()


# --- what our Meta says ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("text", {"body": "Hola"}),
        ("image", {"id": MEDIA_ID, "mime_type": "image/jpeg", "sha256": "x", "caption": "mirá"}),
        ("audio", {"id": MEDIA_ID, "mime_type": "audio/ogg; codecs=opus", "sha256": "x", "voice": True}),
        ("document", {"id": MEDIA_ID, "mime_type": "application/pdf", "sha256": "x", "filename": "DNI.pdf"}),
        ("location", {"latitude": -32.89, "longitude": -68.84, "name": "Casa"}),
    ],
)
def test_pywa_reads_the_same_message(judge: Judge, meta: Meta, kind: str, content: Json) -> None:
    body = meta.message(kind, content, quoting="wamid.0")
    theirs = judge.reads(types.Message, body)
    [ours] = events_of(json.dumps(body).encode())
    assert isinstance(ours, MessageIn)
    assert (ours.message_id, ours.chat.value, ours.sender_name) == (
        theirs.id,
        theirs.from_user.wa_id,
        theirs.from_user.name,
    )
    assert (ours.at, ours.sender_alt, ours.quoted_id) == (
        theirs.timestamp,
        Addr.bsuid(theirs.from_user.bsuid),
        theirs.reply_to_message.id,
    )
    assert ours.text == (theirs.text or theirs.caption or "")
    if theirs.has_media:
        assert ours.media is not None
        assert ours.media.handle == theirs.media.id
    if theirs.location:
        assert ours.location is not None
        assert (ours.location.latitude, ours.location.name) == (theirs.location.latitude, theirs.location.name)


def test_pywa_reads_the_same_choice(judge: Judge, meta: Meta) -> None:
    button = {"type": "button_reply", "button_reply": {"id": "factura", "title": "Factura"}}
    row = {"type": "list_reply", "list_reply": {"id": "plan-1", "title": "Fibra 100", "description": "cien"}}
    for kind, content in ((types.CallbackButton, button), (types.CallbackSelection, row)):
        body = meta.message("interactive", content, quoting="wamid.0")
        theirs = judge.reads(kind, body)
        [ours] = events_of(json.dumps(body).encode())
        assert isinstance(ours, MessageIn)
        assert (ours.choice_id, ours.text) == (theirs.data, theirs.title)


@pytest.mark.parametrize("status", ["sent", "delivered", "read", "failed"])
def test_pywa_reads_the_same_tick(judge: Judge, meta: Meta, status: str) -> None:
    errors = [{"code": 131047, "title": "…", "message": "…", "error_data": {"details": "…"}, "href": "…"}]
    more = {"errors": errors} if status == "failed" else {}
    body = meta.status({"id": "wamid.1", "biz_opaque_callback_data": "m7"}, status, **more)
    theirs = judge.reads(types.MessageStatus, body)
    [ours] = events_of(json.dumps(body).encode())
    assert isinstance(ours, StatusIn)
    assert (ours.message_id, ours.status, ours.client_ref, ours.at) == (
        theirs.id,
        theirs.status.value,
        theirs.tracker,
        theirs.timestamp,
    )
    assert ours.code == (str(theirs.error.code) if theirs.error else "")
    if theirs.pricing:
        assert (ours.billable, ours.category) == (theirs.pricing.billable, theirs.pricing.category.value)


def test_pywa_trusts_the_same_signature(judge: Judge) -> None:
    body = '{"object": "ñ"}'.encode()
    good = f"sha256={hmac.new(b'clave', body, 'sha256').hexdigest()}"
    for header, trusted in ((good, True), (good[:-1] + "x", False)):
        assert is_signed(body, header, ["clave"]) is trusted
        assert (judge.whatsapp.webhook_update_validator(body, header) is None) is trusted


# --- what we send ---------------------------------------------------------------------------------
OPTIONS = (Option("soporte", "Internet"), Option("factura", "Factura"))
ROWS = tuple(Option(f"plan-{number}", f"Fibra {number}00", f"{number}00 megas") for number in range(1, 6))
TEMPLATE = Template("factura_lista", "es_AR", ("María", "$ 18.500"))


def says(whatsapp: WhatsApp, content: Content) -> None:
    to, more = MARIA.phone, {"reply_to_message_id": "wamid.0", "tracker": "m7"}
    match content:
        case Text(body):
            whatsapp.send_message(to, body, preview_url=False, **more)
        case Location(latitude, longitude, name, address):
            whatsapp.send_location(to, latitude, longitude, name, address, **more)
        case Menu(body, options) if len(options) <= 3:
            whatsapp.send_message(to, body, buttons=[types.Button(one.title, one.id) for one in options], **more)
        case Menu(body, options):
            rows = [types.SectionRow(one.title, one.id, one.description) for one in options]
            sections = types.SectionList("Ver opciones", [types.Section("Ver opciones", rows)])
            whatsapp.send_message(to, body, buttons=sections, **more)
        case Template(name, _, params):
            values = [BodyText.params(*params)]
            whatsapp.send_template(to, name, TemplateLanguage.SPANISH_ARG, values, **more)
        case Media(kind="image"):
            whatsapp.send_image(to, MEDIA_ID, content.caption, **more)
        case Media(kind="document"):
            whatsapp.send_document(to, MEDIA_ID, filename=content.filename, caption=content.caption, **more)
        case Media():
            whatsapp.send_voice(to, MEDIA_ID, **more)


@pytest.mark.parametrize(
    "content",
    [
        Text("Hola *María*"),
        Location(-32.9, -68.8, "Oficina", "San Martín 450"),
        Menu("¿Qué necesitás?", OPTIONS),
        Menu("Planes", ROWS),
        TEMPLATE,
        Media("image", "a.jpg", "image/jpeg", data=b"x", caption="mirá"),
        Media("document", "f.pdf", "application/pdf", data=b"x", caption="Tu factura"),
        Media("audio", "a.ogg", "audio/ogg", data=b"x", voice=True),
    ],
    ids=lambda content: type(content).__name__,
)
def test_pywa_builds_the_same_request(judge: Judge, meta: Meta, cloud: CloudTransport, content: Content) -> None:
    cloud.send(maria, content, quote_id="wamid.0", client_ref="m7")
    [ours] = meta.sent
    says(judge.whatsapp, content)
    [theirs] = judge.asked
    for media_id in meta.media:
        ours[ours["type"]]["id"] = ours[ours["type"]]["id"].replace(media_id, MEDIA_ID)
    assert plain(ours | {"id": None}) == plain(theirs)


def test_pywa_asks_for_typing_in_the_same_words(judge: Judge, meta: Meta, cloud: CloudTransport) -> None:
    meta.tells(meta.message("text", {"body": "Hola"}, id="wamid.9"))
    cloud.poll(None)
    cloud.typing(maria)
    judge.whatsapp.indicate_typing("wamid.9")
    assert meta.read == judge.asked


def plain(request: Json) -> Json:
    """Without what says nothing: nulls, and the case of a component's type."""
    for component in request.get("template", {}).get("components", []):
        component["type"] = component["type"].lower()
    told: Json = json.loads(json.dumps({key: value for key, value in request.items() if value is not None}))
    return told
