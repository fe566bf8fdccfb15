"""The box that `make up` prints when the panel answers: where to go, who to be, what to try first."""

import contextlib
import http.client
import os
import signal
import sys
import time
import unicodedata

from backoffice import env, settings

PATIENCE = 90  # seconds; a slow disk on its first start

DEMO_LINES = [
    "Usuario:    admin        Contraseña: fibrasur",
    "",
    "Para probarlo ahora mismo (empresa de demostración FibraSur):",
    "  1. Abrí {address}/simulator/ y elegí el teléfono de María González.",
    "  2. Escribí «hola» y seguí el menú; después pedí «hablar con una persona».",
    "  3. Pasate al teléfono de Juan Pérez, citá el aviso del grupo y respondé «lo tomo».",
    "  4. Mirá el caso y toda la charla en el panel: {address}",
]
EMPTY_LINES = [
    "Usuario:    {user}        Contraseña: {password}  (sólo la primera vez: te va a pedir otra)",
    "",
    "Por dónde empezar:",
    "  1. Cargá los datos de tu empresa y el horario de atención.",
    "  2. Revisá el menú del bot y las preguntas frecuentes.",
    "  3. Creá tus agentes y sus grupos.",
]
SIMULATOR_LINE = "  4. Probá el bot sin WhatsApp en {address}/simulator/"


def main() -> int:
    """Wait for the panel and print the box. Leaves quietly when `make up` ends first."""
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda *_: sys.exit(0))
    parent = os.getppid()
    deadline = time.monotonic() + PATIENCE
    while os.getppid() == parent:
        if panel_answers(settings.HOST, settings.PORT):
            say(box(lines()))
            return 0
        if time.monotonic() > deadline:
            say(f"El panel tarda demasiado en responder. El detalle está en {settings.VAR_DIR / 'log' / 'web.log'}")
            return 1
        time.sleep(0.2)
    return 0


def panel_answers(host: str, port: int) -> bool:
    """Whether the web server answers a page, whatever page it is."""
    connection = http.client.HTTPConnection(_reachable(host), port, timeout=5)
    try:
        connection.request("GET", "/health/live", headers={"Host": f"127.0.0.1:{port}"})
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104


def lines() -> list[str]:
    address = f"http://{_reachable(settings.HOST)}:{settings.PORT}"
    user = env.text("ADMIN_USER", "admin")
    password = "la de ADMIN_PASSWORD" if env.text("ADMIN_PASSWORD") else "admin"
    text = list(DEMO_LINES if settings.DEMO else EMPTY_LINES)
    if settings.SIMULATOR and not settings.DEMO:
        text.append(SIMULATOR_LINE)
    return [
        "Mostrador está andando",
        "",
        f"Panel:      {address}",
        *(line.format(address=address, user=user, password=password) for line in text),
        "",
        "Ctrl-C lo detiene. Los registros quedan en var/log.",
    ]


def box(content: list[str]) -> str:
    """The lines in a frame as wide as the longest."""
    width = max(map(_width, content))
    rows = [f"│  {line}{' ' * (width - _width(line))}  │" for line in content]
    rule = "─" * (width + 4)
    return "\n".join(["", f"╭{rule}╮", *rows, f"╰{rule}╯", ""])


def _width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in line)


def say(text: str) -> None:
    with contextlib.suppress(OSError):
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
