"""`make screenshots`: the pictures of the manual, taken of the real product while a short story happens.

Each screen is taken on a desk (1440 px) and on a telephone (390 px) into `docs/manual/img/`.
"""

import io
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page

from tests.end_to_end.chromium import DESKTOP, MOBILE, browser, page_of, sign_in
from tests.end_to_end.databases import sqlite_in
from tests.end_to_end.live import ROOT, Installation, StoryOfProcesses

FOLDER = ROOT / "docs" / "manual" / "img"


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="mostrador-screens-") as folder:
        running = Installation(Path(folder), sqlite_in(Path(folder)))
        try:
            running.start(world="load_demo")
            story = StoryOfProcesses(running)
            ticket = tell_a_story(story)
            with browser() as chromium:
                for size, suffix in ((DESKTOP, ""), (MOBILE, "-movil")):
                    take_all(chromium, running.url, ticket, size, suffix)
                take_setup(chromium, running.url, story)
        finally:
            running.stop()
    return 0


def tell_a_story(story: StoryOfProcesses) -> dict[str, Any]:
    """María asks what she owes and then a person; Juan attends; Lucía waits. Returns the ids the pages need.

    Before that the mode was changed and taken back, and Diego was made an agent.
    """
    for mode in ("solo_gateway", "completo"):
        story.do("set_mode", mode=mode)
    story.do("create_agent", name="Diego Funes", phone="2615550110", group_count=1)
    story.do("connect_mail")
    story.goes_on()
    story.maria.says("Hola, ¿cuánto debo?")
    story.maria.says("No tengo internet desde esta mañana, quiero hablar con una persona")
    story.juan.replies("Lo tomo", chat=story.support)
    ticket = story.ticket
    seat = story.group(ticket["group"])
    story.juan.says("Hola María, ya reviso tu conexión 🙌", chat=seat)
    story.maria.says("Dale, gracias Juan!")
    story.juan.says("Listo, reinicié tu conexión desde acá. ¿Navegás bien?", chat=seat)
    story.maria.says("¡Sí, volvió! 🎉")
    story.lucia.says("Hola, quiero hablar con alguien por un reclamo")
    for by in ("", "Marta Quiroga"):
        story.do("make_backup", by=by)
    return {
        "ticket": ticket["id"],
        "contact": story.do("contact_of", phone_key=story.maria.person.key),
        "quiet": story.do("contact_of", phone_key="2614443353"),
        "user": story.do("user_of", username="marta"),
        "leaves": [
            story.do("new_customer", name="Pedro Lucero", phones=["261 555-1234", "261 555-9876"]) for _ in "ab"
        ],
    }


def take_all(chromium: Browser, url: str, ids: dict[str, Any], size: tuple[int, int], suffix: str) -> None:
    with page_of(chromium, size) as page:
        page.goto(f"{url}/panel/login/")
        save(page, f"login{suffix}")
        page.goto(f"{url}/panel/olvide-mi-clave/")
        save(page, f"olvide-mi-clave{suffix}")
        page.goto(f"{url}/simulator/")
        open_phones(page, alone=size == MOBILE)
        save(page, f"simulador{suffix}")
        sign_in(page, url)
        for name, path, ready in pages(ids):
            page.goto(f"{url}{path}")
            ready(page)
            save(page, f"{name}{suffix}")


def take_setup(chromium: Browser, url: str, story: StoryOfProcesses) -> None:
    """«Puesta en marcha» of a company to which something is missing: the demo is whole, so this comes last."""
    story.do("forget_holidays")
    for size, suffix in ((DESKTOP, ""), (MOBILE, "-movil")):
        with page_of(chromium, size) as page:
            sign_in(page, url)
            page.goto(f"{url}/panel/puesta-en-marcha/")
            at_rest(page)
            save(page, f"puesta-en-marcha{suffix}")


def pages(ids: dict[str, Any]) -> list[tuple[str, str, Callable[[Page], object]]]:
    """Name of the picture, address, and how to know that the page is whole."""
    return [
        ("dashboard", "/panel/", lambda page: page.get_by_text("CONECTADO").first.wait_for()),
        ("buscar", "/panel/", search_everywhere),
        ("conversaciones", "/panel/conversaciones/", at_rest),
        ("conversacion", f"/panel/conversaciones/{ids['contact']}/", at_rest),
        ("contactos", "/panel/conversations/contact/", at_rest),
        ("contacto-a-la-papelera", f"/panel/contactos/{ids['quiet']}/borrar/", at_rest),
        ("contacto-borrar", f"/panel/contactos/{ids['quiet']}/anonimizar/", at_rest),
        ("sin-responder", "/panel/sin-responder/", at_rest),
        ("sesiones-activas", "/panel/sesiones/", at_rest),
        ("tickets", "/panel/tickets/ticket/", at_rest),
        ("ticket", f"/panel/ticket/{ids['ticket']}/", at_rest),
        ("menus", "/panel/menus/", at_rest),
        ("textos", "/panel/textos/", open_first_topic),
        ("herramientas", "/panel/herramientas/", at_rest),
        ("grupos", "/panel/grupos/", at_rest),
        ("horarios", "/panel/horarios/", at_rest),
        ("planes", "/panel/catalog/plan/", at_rest),
        ("preguntas", "/panel/preguntas/", try_a_question),
        ("historial", "/panel/historial/herramientas/", at_rest),
        ("canales", "/panel/channels/channel/", at_rest),
        ("tareas-en-curso", "/panel/common/job/", at_rest),
        ("avisos", "/panel/notices/gatewaynotice/", at_rest),
        ("clave-gateway", "/panel/notices/gateway/", make_a_key),
        ("conexiones", "/panel/conexiones/", at_rest),
        ("conexion-mikrowisp", "/panel/conexiones/nueva/isp/mikrowisp/", at_rest),
        ("conexion-correo", "/panel/conexiones/nueva/mail/smtp/", at_rest),
        ("correos-enviados", "/panel/mail/outgoingmail/", at_rest),
        ("clientes", "/panel/customers/customer/", at_rest),
        ("importar", "/panel/customers/customer/import/", bring_a_sheet),
        ("exportar", "/panel/customers/customer/export/", at_rest),
        ("red-mapa", "/panel/red/mapa/?cerca=-32.8895,-68.8450", at_rest),
        ("equipos", "/panel/network/unit/", at_rest),
        ("precintos", "/panel/red/precintos/", at_rest),
        ("pedidos", "/panel/sales/salesorder/", open_an_order),
        ("empresa", "/panel/company/company/", at_rest),
        ("usuarios", "/panel/accounts/user/", at_rest),
        ("que-puede-hacer", f"/panel/usuarios/{ids['user']}/permisos/", at_rest),
        ("mi-cuenta", "/panel/mi-cuenta/", at_rest),
        ("sesiones-del-personal", "/panel/sesiones-del-personal/", at_rest),
        ("auditoria", "/panel/accounts/auditevent/", at_rest),
        ("salud", "/panel/salud/", at_rest),
        ("papelera", "/panel/", lambda page: throw_some_away(page, ids)),
        ("copias-de-seguridad", "/panel/copias/", show_usual_folder),
        ("restaurar-copia", "/panel/copias/", open_a_copy),
    ]


def at_rest(page: Page) -> None:
    page.wait_for_load_state("load")
    page.evaluate("document.fonts.ready")


def throw_some_away(page: Page, ids: dict[str, Any]) -> None:
    """A customer and a question, a pair for each size of the screen."""
    base = page.url.partition("/panel/")[0]
    page.goto(f"{base}/panel/customers/customer/{ids['leaves'].pop()}/delete/")
    page.locator("form [type=submit]").last.click()
    page.goto(f"{base}/panel/catalog/faq/")
    page.locator("#result_list a[href*='/change/']").first.click()
    page.goto(page.url.replace("/change/", "/delete/"))
    page.locator("form [type=submit]").last.click()
    page.goto(f"{base}/panel/safekeeping/trashitem/")


def bring_a_sheet(page: Page) -> None:
    """New ones, one that changes, one that is wrong; looked at and left there."""
    rows = [
        "número de cliente;nombre;DNI o CUIT;teléfonos",
        "000001;María Inés González;30.111.222;261 234-5678",
        "900001;Rosa Ibáñez;28.456.789;0261 15 555-0177",
        "900002;Hugo Peralta;123;261 555-0178",
    ]
    file = {"name": "clientes.csv", "mimeType": "text/csv", "buffer": "\n".join(rows).encode()}
    page.get_by_label("Tu planilla").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Ver qué va a pasar").click()
    page.get_by_role("link", name="Todas 3").click()


def show_usual_folder(page: Page) -> None:
    """Where a server keeps its copies, and not the passing folder of these pictures."""
    at_rest(page)
    page.locator(".mo-facts .mo-code").evaluate("code => { code.textContent = '/var/lib/mostrador/backups' }")


def open_a_copy(page: Page) -> None:
    page.get_by_role("link", name="Restaurar mostrador-").first.click()
    at_rest(page)


def search_everywhere(page: Page) -> None:
    at_rest(page)
    page.keyboard.press("Control+k")
    page.locator("#search-input-command").press_sequentially("gonz")
    page.locator("#command-results-list").wait_for()


def open_first_topic(page: Page) -> None:
    at_rest(page)
    topic = page.locator("details[data-section]").first
    topic.locator("summary").first.click()
    topic.locator("li summary").first.click()
    topic.locator("textarea").first.wait_for()


def try_a_question(page: Page) -> None:
    at_rest(page)
    page.get_by_label("Pregunta de prueba").fill("anda re lento el wifi")
    page.get_by_role("button", name="Probar").click()
    page.get_by_text("Probemos esto").first.wait_for()


def open_an_order(page: Page) -> None:
    """What is behind «+» of one that is attended."""
    at_rest(page)
    page.locator("tr", has_text="En proceso").locator("[data-more]").last.click()
    page.locator(".mo-order-detail").wait_for()


def make_a_key(page: Page) -> None:
    """For the first gateway: the key that a picture shows opens a demo that ends with it."""
    at_rest(page)
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("link", name="MikroWisp").first.click()
    page.locator("form[action$='/clave/'] button").click()
    page.locator("#key").wait_for()


def open_phones(page: Page, *, alone: bool) -> None:
    """María's chat, and beside it Juan's where there is room."""
    maria = page.get_by_role("article", name="Teléfono de María González")
    maria.get_by_text("¡Sí, volvió!").first.wait_for()
    page.locator(".person", has_text="María González").get_by_title("Sin leer").wait_for(state="detached")
    if alone:
        return
    juan = page.get_by_role("article", name="Teléfono de Juan Pérez")
    juan.get_by_role("button", name="Chat soporte Juan N°1").click()
    juan.get_by_text("Nuevo Caso Asignado").first.wait_for()


def save(page: Page, name: str) -> None:
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    with_few_colours(picture).save(FOLDER / f"{name}.png", optimize=True)


def with_few_colours(picture: Image.Image) -> Image.Image:
    """256 of them, so that the repository stays small: rare ones stay apart, and each is one that the screen has."""
    few = picture.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    chosen = Image.frombytes("L", few.size, few.tobytes())
    counted = Image.merge("RGBA", (*picture.split(), chosen)).getcolors(picture.width * picture.height) or []
    palette = few.getpalette() or []
    for _, colour in sorted(counted):  # so the most frequent colour of each entry is written last
        if isinstance(colour, tuple):
            palette[3 * colour[3] : 3 * colour[3] + 3] = colour[:3]
    few.putpalette(palette)
    return few


if __name__ == "__main__":
    sys.exit(main())
