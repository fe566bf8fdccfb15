"""The page where one person plays everybody."""

import io

import segno
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from backoffice.simulator import selectors
from backoffice.simulator.guard import api, page
from backoffice.simulator.views.phones import state_json


@page
def index(request: HttpRequest) -> HttpResponseBase:
    """The phones; everything in them comes by the API."""
    return render(request, "simulator/index.html", {"state": state_json()})


@api("GET")
def qr(request: HttpRequest) -> HttpResponseBase:
    """The QR as SVG, empty (204) when the number is linked."""
    text = selectors.qr_text(selectors.network())
    if not text:
        return HttpResponse(status=204)
    image = io.BytesIO()
    segno.make(text, error="m").save(image, kind="svg", scale=6, border=2, dark="#0b3d2e", xmldecl=False)
    return HttpResponse(image.getvalue(), content_type="image/svg+xml", headers={"Cache-Control": "no-store"})
