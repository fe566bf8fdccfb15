"""Mercado Pago: what staff fill in, and how it becomes a client (ISPBOT-PAY-01…05)."""

import re
from typing import Any

from integrations.addresses import WrongValue, clean_url
from integrations.fields import Field, FieldKind, digits, key_text
from integrations.payments.mercadopago.client import API, MercadoPago
from integrations.registry import Provider, Settings

_POS = re.compile(r"[A-Za-z0-9]{1,39}")
_DESCRIPTOR = re.compile(r"[A-Za-z0-9 .*-]{1,22}")


def pos_id(text: str) -> str:
    """Mercado Pago refuses any other (INVALID_EXTERNAL_ID). Raises: WrongValue."""
    if not _POS.fullmatch(text.strip()):
        raise WrongValue("Solo letras sin acento y números, sin espacios ni guiones, y menos de 40.")
    return text.strip()


def descriptor(text: str) -> str:
    """Raises: WrongValue."""
    plain = " ".join(text.split())
    if not _DESCRIPTOR.fullmatch(plain):
        raise WrongValue("Hasta 22 letras sin acento, números, espacios, puntos o guiones.")
    return plain


def build(settings: Settings, secrets: Settings) -> Any:
    return MercadoPago(
        str(secrets.get("access_token", "")),
        user_id=str(settings.get("user_id", "")),
        base_url=str(settings.get("base_url") or API),
    )


PROVIDER = Provider(
    name="mercadopago",
    label="Mercado Pago",
    build=build,
    help_text="Tu cuenta de Mercado Pago, por su API.",
    used_for="Hoy esta conexión comprueba que Mercado Pago acepta la clave y de qué cuenta es, y avisa si deja de "
    "servir. Todavía no cobra: tus clientes siguen pagando por transferencia.",
    guide=(
        "Entrá a Mercado Pago con la cuenta de la empresa, y ahí a «Tus integraciones».",
        "Abrí tu aplicación (o creá una) y copiá el Access Token de «Credenciales de producción».",
        "El External POS ID es el nombre que le diste a tu caja al crearla.",
    ),
    fields=(
        Field(
            "access_token",
            "Access Token",
            "El de producción.",
            FieldKind.SECRET,
            clean=key_text,
        ),
        Field(
            "user_id",
            "User ID",
            "El número de tu cuenta. Si no lo sabés, dejalo vacío: «Probar conexión» te lo dice.",
            required=False,
            clean=digits,
            example="123456789",
            max_length=20,
        ),
        Field(
            "external_pos_id",
            "External POS ID",
            "El identificador de la caja que cobra con QR.",
            required=False,
            clean=pos_id,
            example="CAJA1",
            max_length=39,
        ),
        Field(
            "statement_descriptor",
            "Statement Descriptor",
            "Cómo ve el cliente el cobro en el resumen de su tarjeta.",
            required=False,
            clean=descriptor,
            example="FIBRASUR",
            max_length=22,
        ),
        Field(
            "base_url",
            "Dirección de la API",
            "La de Mercado Pago. No hace falta cambiarla.",
            FieldKind.URL,
            default=API,
            clean=clean_url,
            advanced=True,
        ),
    ),
)
