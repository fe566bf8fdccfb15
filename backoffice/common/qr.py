"""QR codes as pictures."""

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_svg(text: str) -> SafeString:
    """The code as an SVG to put in a page, black on white whatever the theme."""
    code = segno.make(text, error="m").svg_inline(scale=4, border=2, light="#fff", dark="#000")
    return mark_safe(code)  # noqa: S308 (segno encodes the text as squares; none of it is markup)
