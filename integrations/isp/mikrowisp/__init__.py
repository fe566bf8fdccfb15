"""MikroWisp, API v1: what staff fill in, and how it becomes a client."""

from typing import Any

from integrations.addresses import clean_url
from integrations.fields import Field, FieldKind, key_text
from integrations.isp.mikrowisp.client import Mikrowisp
from integrations.registry import Provider, Settings

TIMEOUT = 15


def clean_address(text: str) -> str:
    """The address of the installation, also where somebody pasted that of its API. Raises: WrongValue."""
    return clean_url(text).removesuffix("/v1").removesuffix("/api")


def build(settings: Settings, secrets: Settings) -> Any:
    return Mikrowisp(
        str(settings.get("base_url", "")),
        str(secrets.get("token", "")),
        timeout=float(settings.get("timeout") or TIMEOUT),
        verify=bool(settings.get("verify_tls", True)),
    )


PROVIDER = Provider(
    name="mikrowisp",
    label="MikroWisp",
    build=build,
    help_text="El sistema de gestión que corre en tu servidor, por su API.",
    used_for="Hoy esta conexión comprueba que tu MikroWisp contesta y que la clave sirve, y avisa si deja de servir. "
    "Los clientes y las facturas se cargan en Mostrador: todavía no se traen de MikroWisp.",
    guide=(
        "En MikroWisp, creá un operador solo para Mostrador (por ejemplo «bot»): así se ve qué hizo cada uno.",
        "En ese operador, habilitá la API y copiá su token.",
        "La dirección es la misma con la que entrás a MikroWisp desde el navegador.",
    ),
    fields=(
        Field(
            "base_url",
            "Dirección",
            "Con la que entrás a MikroWisp. Puede ser un dominio o una IP, también de tu red interna.",
            FieldKind.URL,
            clean=clean_address,
            example="https://mikrowisp.tuempresa.com.ar",
        ),
        Field(
            "token", "Token de la API", "El del operador que creaste para Mostrador.", FieldKind.SECRET, clean=key_text
        ),
        Field(
            "timeout",
            "Esperar la respuesta (s)",
            "Después de este tiempo se da por no contestado.",
            FieldKind.NUMBER,
            default=TIMEOUT,
            least=3,
            most=60,
            advanced=True,
        ),
        Field(
            "verify_tls",
            "Verificar el certificado",
            "Apagalo solo si entrás por una IP o con un certificado propio: sin verificar, quien esté en el medio "
            "podría ver la clave.",
            FieldKind.FLAG,
            required=False,
            default=True,
            advanced=True,
        ),
    ),
)
