"""QR codes as pictures."""

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_svg(text: str) -> SafeString:
    """The code as an SVG that fills what it is put in, black on white whatever the theme."""
    code = segno.make(text, error="m").svg_inline(border=2, light="#fff", dark="#000", omitsize=True)
    return mark_safe(code)  # noqa: S308 (segno encodes the text as squares; none of it is markup)
