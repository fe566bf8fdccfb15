"""`make screenshots`: the pictures of the manual, taken of the real product while a short story happens.

Each screen is taken on a desk (1440 px) and on a telephone (390 px) into `docs/manual/img/`.
"""

import io
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

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


def tell_a_story(story: StoryOfProcesses) -> dict[str, int]:
    """María asks what she owes and then a person; Juan attends; Lucía waits. Returns the ids the pages need.

    Before that the mode was changed and taken back, and Diego was made an agent.
    """
    for mode in ("solo_gateway", "completo"):
        story.do("set_mode", mode=mode)
    story.do("create_agent", name="Diego Funes", phone="2615550110", group_count=1)
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
    return {
        "ticket": ticket["id"],
        "contact": story.do("contact_of", phone_key=story.maria.person.key),
        "quiet": story.do("contact_of", phone_key="2614443353"),
        "user": story.do("user_of", username="marta"),
    }


def take_all(chromium: Browser, url: str, ids: dict[str, int], size: tuple[int, int], suffix: str) -> None:
    with page_of(chromium, size) as page:
        page.goto(f"{url}/panel/login/")
        save(page, f"login{suffix}")
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


def pages(ids: dict[str, int]) -> list[tuple[str, str, Callable[[Page], object]]]:
    """Name of the picture, address, and how to know that the page is whole."""
    return [
        ("dashboard", "/panel/", lambda page: page.get_by_text("CONECTADO").first.wait_for()),
        ("buscar", "/panel/", search_everywhere),
        ("conversaciones", "/panel/conversaciones/", at_rest),
        ("conversacion", f"/panel/conversaciones/{ids['contact']}/", at_rest),
        ("contactos", "/panel/conversations/contact/", at_rest),
        ("contacto-borrar", f"/panel/contactos/{ids['quiet']}/borrar/", at_rest),
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
        ("clientes", "/panel/customers/customer/", at_rest),
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
    ]


def at_rest(page: Page) -> None:
    page.wait_for_load_state("load")
    page.evaluate("document.fonts.ready")


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
