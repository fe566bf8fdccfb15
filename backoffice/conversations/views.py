"""Files of the chats, only for staff who may read conversations."""

import logging

from django.contrib.auth.decorators import login_required, permission_required
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from .models import Media

log = logging.getLogger(__name__)

# What a browser may show in place; anything else is only downloaded, so a file cannot act as a page of ours.
SHOWN_INLINE = ("image/png", "image/jpeg", "image/webp", "image/gif", "audio/", "video/", "application/pdf")


@require_safe
@login_required
@permission_required("conversations.view_message", raise_exception=True)
def media(request: HttpRequest, pk: int) -> FileResponse:
    item = get_object_or_404(Media, pk=pk)
    try:
        data = item.file.open("rb")
    except OSError as error:  # the row outlived its file: a restored database, a disk that was cleaned by hand
        log.warning("media %d cannot be read: %s", pk, error.strerror or error)
        raise Http404("El archivo ya no está.") from None
    inline = item.mimetype.startswith(SHOWN_INLINE)
    response = FileResponse(data, as_attachment=not inline, filename=item.filename, content_type=item.mimetype)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response["Cache-Control"] = "private, max-age=86400"
    return response
