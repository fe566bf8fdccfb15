"""WhatsApp's official Cloud API: what staff fill in, and how it becomes a transport."""

import re
from typing import Any

from integrations.addresses import WrongValue, clean_url
from integrations.fields import Field, FieldKind, digits, key_text
from integrations.registry import Provider, Settings
from integrations.whatsapp.cloud.client import API, VERSION, CloudTransport

_VERSION = re.compile(r"v?([0-9]{1,3})(\.[0-9])?")


def version_text(text: str) -> str:
    """`v26.0` of whatever way it was typed. Raises: WrongValue."""
    found = _VERSION.fullmatch(text.strip().lower())
    if found is None:
        raise WrongValue(f"Es una letra v y un número, como {VERSION}.")
    return f"v{found[1]}{found[2] or '.0'}"


def build(settings: Settings, secrets: Settings) -> Any:
    """A transport that sends and checks. Whoever runs the channel builds its own, with the webhook's `Inlet`."""
    return CloudTransport(
        number_id=str(settings.get("number_id", "")),
        account_id=str(settings.get("account_id", "")),
        token=str(secrets.get("token", "")),
        base_url=str(settings.get("base_url") or API),
        version=str(settings.get("version") or VERSION),
    )


PROVIDER = Provider(
    name="cloud",
    label="WhatsApp Cloud API (Meta)",
    build=build,
    help_text="El número oficial de la empresa, por la API de Meta. No se banea por escribir, y se paga por mensaje.",
    used_for="Atiende a los clientes por el número oficial. Los grupos de agentes van por otro número.",
    guide=(
        "En developers.facebook.com creá una app de tipo Empresa y agregale WhatsApp.",
        "De «Configuración de la API» copiá el identificador del número y el de la cuenta.",
        "En el Administrador comercial creá un usuario del sistema, asignale la app y la cuenta, y generá un token "
        "que no venza, con whatsapp_business_messaging y whatsapp_business_management.",
        "La clave secreta está en la app, en «Configuración», «Básica».",
        "El token de verificación lo inventás vos: va acá, y el mismo en «Webhook» de la app.",
    ),
    fields=(
        Field(
            "number_id",
            "Identificador del número",
            "No es el número de teléfono: es el que muestra Meta debajo.",
            clean=digits,
            example="106540352242922",
            max_length=30,
            leads=True,
        ),
        Field(
            "account_id",
            "Identificador de la cuenta",
            "El de la cuenta de WhatsApp Business. Hace falta para las plantillas.",
            clean=digits,
            example="102290129340398",
            max_length=30,
        ),
        Field(
            "token",
            "Token",
            "El permanente, del usuario del sistema.",
            FieldKind.SECRET,
            clean=key_text,
            max_length=500,
        ),
        Field(
            "app_secret",
            "Clave secreta de la app",
            "Con ella se comprueba que lo que llega lo mandó Meta.",
            FieldKind.SECRET,
            clean=key_text,
        ),
        Field(
            "app_secret_before",
            "Clave secreta anterior",
            "Solo mientras la cambiás: se aceptan las dos.",
            FieldKind.SECRET,
            required=False,
            clean=key_text,
        ),
        Field(
            "verify_token",
            "Token de verificación",
            "El que inventaste para el webhook.",
            FieldKind.SECRET,
            clean=key_text,
        ),
        Field(
            "base_url",
            "Dirección de la API",
            "La de Meta. No hace falta cambiarla.",
            FieldKind.URL,
            default=API,
            clean=clean_url,
            advanced=True,
        ),
        Field(
            "version",
            "Versión de la API",
            "Meta apaga cada versión a los dos años.",
            default=VERSION,
            clean=version_text,
            max_length=8,
            advanced=True,
        ),
    ),
)
