"""Any server that speaks SMTP: what staff fill in, and how it becomes a client."""

import re
from typing import Any

from integrations.addresses import WrongValue, clean_host
from integrations.fields import Field, FieldKind
from integrations.mail.base import LONGEST_ADDRESS, clean_mailbox, one_line
from integrations.mail.smtp.client import NONE, STARTTLS, TLS, Smtp
from integrations.registry import Provider, Settings

PORT = 465
_OF_GOOGLE = re.compile(r"([a-z]{4}\s){3}[a-z]{4}")


def clean_user(text: str) -> str:
    """Raises: WrongValue."""
    typed = text.strip()
    if not (typed.isascii() and typed.isprintable()):
        raise WrongValue("El usuario no lleva acentos ni saltos de línea.")
    return typed


def clean_password(text: str) -> str:
    """As it was copied; Google shows its own in four groups, which are one word. Raises: WrongValue."""
    typed = text.strip()
    if not (typed.isascii() and typed.isprintable()):
        raise WrongValue("La contraseña no lleva acentos ni saltos de línea: copiala de nuevo, entera y sola.")
    return "".join(typed.split()) if _OF_GOOGLE.fullmatch(typed) else typed


def build(settings: Settings, secrets: Settings) -> Any:
    return Smtp(
        host=str(settings.get("host", "")),
        port=int(settings.get("port") or PORT),
        security=str(settings.get("security") or TLS),
        user=str(settings.get("user", "")),
        password=str(secrets.get("password", "")),
        sender=str(settings.get("sender", "")),
        sender_name=str(settings.get("sender_name", "")),
        verify=bool(settings.get("verify_tls", True)),
    )


PROVIDER = Provider(
    name="smtp",
    label="Correo por SMTP",
    build=build,
    help_text="Una casilla tuya, de Gmail, Outlook o tu hosting, para que Mostrador mande correos.",
    used_for="Con ella Mostrador le manda a tu personal cómo ingresar, el enlace de «¿Olvidaste tu contraseña?» y las "
    "alertas del sistema a quien las pida. A tus clientes no les manda correos.",
    guide=(
        "Gmail: servidor smtp.gmail.com, puerto 465, TLS. El usuario es la casilla entera. La contraseña no es la de "
        "siempre: se crea en myaccount.google.com/apppasswords, con la verificación en dos pasos activada.",
        "Microsoft 365 y Outlook: servidor smtp.office365.com, puerto 587, STARTTLS. Quien administra la cuenta tiene "
        "que permitir «SMTP autenticado» en esa casilla.",
        "Tu hosting (cPanel, DonWeb, Ferozo…): suele ser mail.tudominio.com.ar, puerto 465, TLS, con la casilla "
        "entera como usuario y su contraseña. Está en «Configurar cliente de correo».",
    ),
    fields=(
        Field(
            "host",
            "Servidor",
            "El de correo saliente (SMTP), sin https.",
            FieldKind.HOST,
            clean=clean_host,
            example="smtp.gmail.com",
            leads=True,
        ),
        Field(
            "port",
            "Puerto",
            "465 con TLS, 587 con STARTTLS.",
            FieldKind.NUMBER,
            default=PORT,
            least=1,
            most=65535,
            leads=True,
        ),
        Field(
            "security",
            "Seguridad",
            "Sin seguridad, la contraseña solo se manda a un servidor de tu propia red.",
            FieldKind.CHOICE,
            default=TLS,
            choices=((TLS, "TLS"), (STARTTLS, "STARTTLS"), (NONE, "Ninguna")),
            leads=True,
        ),
        Field(
            "user",
            "Usuario",
            "Casi siempre es la casilla entera. Vacío si el servidor no lo pide.",
            required=False,
            clean=clean_user,
            example="avisos@tuempresa.com.ar",
        ),
        Field(
            "password",
            "Contraseña",
            "La de la casilla; en Gmail, una contraseña de aplicación. Vacía si el servidor no la pide.",
            FieldKind.SECRET,
            required=False,
            clean=clean_password,
        ),
        Field(
            "sender",
            "Remitente",
            "Desde qué dirección salen los correos. Muchos servidores solo aceptan la del usuario.",
            clean=clean_mailbox,
            example="avisos@tuempresa.com.ar",
            max_length=LONGEST_ADDRESS,
        ),
        Field(
            "sender_name",
            "Nombre del remitente",
            "Cómo se ve en la casilla de quien lo recibe.",
            required=False,
            clean=lambda text: one_line(text, 60),
            example="FibraSur",
            max_length=60,
        ),
        Field(
            "verify_tls",
            "Verificar el certificado",
            "Apagalo solo si el servidor es tuyo y tiene un certificado propio: sin verificar, quien esté en el medio "
            "podría ver la contraseña.",
            FieldKind.FLAG,
            required=False,
            default=True,
            leads=True,
            advanced=True,
        ),
    ),
)
